//! Everything that the commands print about a text, for the test that none of it holds a secret.

use std::borrow::Cow;
use std::collections::HashMap;
use std::io;
use std::path::Path;
use std::sync::{Arc, LazyLock};

use super::work::Threads;
use super::{
    answer, diff_json, diff_page, fix, inventory_json, inventory_page, migration, migration_json, plan, plan_json, status_input,
    status_json, status_page,
};
use crate::apple::{Device, LocalDateTime, Schema};
use crate::baseline::Baseline;
use crate::check::{check, fix as fixed};
use crate::conditions::Conditions;
use crate::content::Hashes;
use crate::diagnostic::{Diagnostic, Position};
use crate::diff::{self, Side};
use crate::inventory::{Columns, Kinds, Opened, Planner, open};
use crate::lint::Gather;
use crate::merge::Options;
use crate::migrate::{self, Migration};
use crate::plan::Premises;
use crate::report::{
    About, Concise, Github, Gitlab, Html, Human, Json, Junit, Markdown, Report, Sarif, Source, Summary, Texts, provenance,
};
use crate::session::Session;
use crate::set::Together;
use crate::status::{self, Fleet, Hidden};

/// Returns what each command prints, without the declarations that `merge`, `migrate` and `--fix` write.
pub(crate) fn outputs(name: &str, bytes: &[u8]) -> Vec<(&'static str, String)> {
    let mut all = Vec::new();
    let mut add = |what: &'static str, write: &mut dyn FnMut(&mut Vec<u8>) -> io::Result<()>| {
        let mut out = Vec::new();
        write(&mut out).expect("memory can be written to");
        all.push((what, String::from_utf8(out).expect("reports are UTF-8")));
    };
    let findings = check(name, bytes);
    for (what, mut report) in reports() {
        add(what, &mut |out| print(&mut *report, &findings, bytes, out));
    }
    add("findings", &mut |out| io::Write::write_all(out, said(&findings).as_bytes()));
    add("baseline", &mut |out| {
        let mut baseline = Baseline::new(Path::new("/"), Path::new("baseline.json"));
        baseline.record(&findings);
        baseline.write(out)
    });
    for (what, takes_unsafe) in [("diff", false), ("unsafe diff", true)] {
        if let Some(text) = fixed(name, bytes, takes_unsafe) {
            add(what, &mut |out| fix::print_diff(name, name, bytes, &text, out));
        }
    }
    let (conditions, file) = (Conditions::default(), Arc::from(name));
    let options = migrate::Options::default();
    let mut migration = Migration::new(&conditions.schema, &options);
    migration.read(&file, bytes, &conditions);
    let migrated = migration.finish();
    add("migrate", &mut |out| {
        io::Write::write_all(out, migration::text(&migrated, 80).as_bytes())?;
        // Its declarations are written by `migrate`, too.
        migration_json::print(&migrated, 1, false, out)
    });
    if let Some(text) = answer::explained(name, bytes, 80) {
        add("explain --response", &mut |out| io::Write::write_all(out, text.as_bytes()));
    }
    let files: HashMap<Arc<str>, Cow<'static, [u8]>> = HashMap::from([(file.clone(), bytes.to_vec().into())]);
    let mut session = Session::new(&conditions.schema, Hashes::default(), Together::All, Gather::Texts);
    session.read(&files, &file, bytes, &conditions, |_| {});
    let findings = session.judge_merge(&files);
    add("merge", &mut |out| print(&mut Human::new(false, 80), &findings, bytes, out));
    let device: Device = "macOS=26.1".parse().expect("this is a device");
    let now: LocalDateTime = "2026-01-01T00:00:00".parse().expect("this is a time");
    let other: Device = "iOS=26.1".parse().expect("this is a device");
    let planned = [&device, &other].map(|device| (device, session.plans(device, now, None)));
    let (one, basis) = (&planned[..1], plan::Basis { set: session.gathered(), profiles: &migrated.entries, now });
    add("plan", &mut |out| {
        io::Write::write_all(out, plan::page(one, &basis).to_text(80).as_bytes())?;
        io::Write::write_all(out, plan::page(one, &basis).escaped().to_markdown().as_bytes())?;
        io::Write::write_all(out, plan::page(&planned, &basis).to_text(80).as_bytes())?;
        plan::page(&planned, &basis).write_html("plan", out)?;
        plan_json::print(&planned, &basis, out)
    });
    // The same with other digits, so that most values differ.
    let edited: Vec<u8> = bytes.iter().map(|byte| if matches!(byte, b'0'..=b'8') { byte + 1 } else { *byte }).collect();
    let read = |text: &[u8]| {
        let mut other = Session::new(&conditions.schema, Hashes::default(), Together::All, Gather::Bodies);
        other.read(&HashMap::from([(file.clone(), text.to_vec().into())]), &file, text, &conditions, |_| {});
        other
    };
    let (nothing, other) = (read(b""), read(&edited));
    let states: [(&[u8], &Session); 3] = [(b"", &nothing), (bytes, &session), (&edited, &other)];
    for (what, old, new) in [("diff, added", 0, 1), ("diff, removed", 1, 0), ("diff, changed", 1, 2)] {
        let texts = [states[old].0, states[new].0].map(|text| move |_: &str| Some(text.to_vec()));
        let changes = diff::compare(&[side(states[old].1, &texts[0]), side(states[new].1, &texts[1])]);
        add(what, &mut |out| {
            let states = ["old", "new"].map(|name| diff_page::State { name: name.to_owned(), has_errors: false });
            io::Write::write_all(out, diff_page::page(&changes, &states).to_text(80).as_bytes())?;
            io::Write::write_all(out, diff_page::comment(&changes, &states).as_bytes())?;
            diff_json::print(&changes, ["old", "new"], out)
        });
    }
    if let Ok(merged) = session.merge(&files, &Options::default()) {
        add("merge --explain", &mut |out| {
            provenance::print(&merged, session.gathered(), out)?;
            let page = || provenance::page(&merged, session.gathered());
            io::Write::write_all(out, page().escaped().to_markdown().as_bytes())?;
            page().write_html("merge", out)?;
            provenance::print_json(&merged, session.gathered(), out)
        });
    }
    all
}

/// What `diff` prints about two texts, as a page, as Markdown and as JSON, and whether anything changes for devices.
pub(crate) fn compared(texts: [&[u8]; 2]) -> (Vec<String>, bool) {
    let conditions = Conditions::default();
    let sessions = texts.map(|text| {
        let file = Arc::from("a.json");
        let mut session = Session::new(&conditions.schema, Hashes::default(), Together::All, Gather::Bodies);
        session.read(&HashMap::from([(Arc::clone(&file), text.to_vec().into())]), &file, text, &conditions, |_| {});
        session
    });
    let texts = texts.map(|text| move |_: &str| Some(text.to_vec()));
    let changes = diff::compare(&[side(&sessions[0], &texts[0]), side(&sessions[1], &texts[1])]);
    let states = ["old", "new"].map(|name| diff_page::State { name: name.to_owned(), has_errors: false });
    let mut json = Vec::new();
    diff_json::print(&changes, ["old", "new"], &mut json).expect("memory can be written to");
    let json = String::from_utf8(json).expect("JSON is UTF-8");
    let printed = vec![diff_page::page(&changes, &states).to_text(80), diff_page::comment(&changes, &states), json];
    (printed, changes.has_effect())
}

/// The threads of all plans: a thread can start only one pool.
static THREADS: LazyLock<Threads> = LazyLock::new(|| Threads::new(Some(2)));

/// What `plan` prints about an inventory and a set of declarations, as a page, as Markdown, and as JSON and HTML; or why it
/// cannot be read.
pub(crate) fn planned(set: &[u8], name: &str, inventory: &[u8]) -> Result<Vec<String>, String> {
    let conditions = Conditions::default();
    let file: Arc<str> = Arc::from("set.json");
    let mut session = Session::new(&conditions.schema, Hashes::default(), Together::All, Gather::Bodies);
    session.read(&HashMap::from([(file.clone(), set.to_vec().into())]), &file, set, &conditions, |_| {});
    let set = session.gathered();
    let now: LocalDateTime = "2026-01-01T00:00:00".parse().expect("this is a time");
    let premises = Premises::new(set);
    let columns = Columns::new(&premises.names(), false, &[])?;
    let planner = Planner { set, premises, columns, now, until: None, catalog: None };
    let reader = Box::new(io::Cursor::new(inventory.to_vec()));
    let Opened { format, blocks, first_line, .. } = open(reader, Path::new(name), &planner.columns)?;
    let (hasher, mut kinds) = (foldhash::quality::RandomState::default(), Kinds::new(first_line));
    for block in blocks {
        let rows = [format.rows(&block?, &planner.columns, &hasher)];
        kinds.take(&planner, &rows, |_, _, _, _| Ok::<_, String>(()))?;
    }
    let basis = plan::Basis { set, profiles: &[], now };
    let page = || inventory_page::page(&kinds, &planner, &basis);
    let mut rest = Vec::new();
    let printed = inventory_json::print(&kinds, &planner, &basis, &THREADS, &mut rest);
    printed.and_then(|()| page().write_html("plan", &mut rest)).expect("memory can be written to");
    let rest = String::from_utf8(rest).expect("JSON and HTML are UTF-8");
    Ok(vec![page().to_text(80), page().escaped().to_markdown(), rest])
}

/// A session as one of the states that are compared.
fn side<'s>(session: &'s Session, text: &'s dyn Fn(&str) -> Option<Vec<u8>>) -> Side<'s> {
    Side {
        set: session.gathered(),
        together: Together::All,
        text,
        targets: &|_| Vec::new(),
        relative: &str::to_owned,
        sets: Vec::new(),
    }
}

/// What `status` prints about a text, as a page, as Markdown, and as JSON and HTML; nothing if it is not a status report.
pub(crate) fn explained(bytes: &[u8]) -> Vec<String> {
    let mut fleet = Fleet::default();
    for report in status_input::reports(bytes) {
        fleet.take(report, 1);
    }
    let Ok(report) = fleet.finish() else { return Vec::new() };
    let hidden = Hidden::of(&report, false);
    let explained = status::explain(&report, None, Schema::built_in(), &hidden);
    let basis = status_page::Basis { report: &report, set: None, hidden: &hidden, source: None };
    let page = || status_page::page(&explained, &basis, 80);
    let mut rest = Vec::new();
    status_json::print(&explained, &basis, &mut rest).expect("memory can be written to");
    page().write_html("status", &mut rest).expect("memory can be written to");
    vec![page().to_text(80), page().escaped().to_markdown(), String::from_utf8(rest).expect("JSON and HTML are UTF-8")]
}

fn reports() -> Vec<(&'static str, Box<dyn Report>)> {
    let about = About::default();
    vec![
        ("human, 40 columns", Box::new(Human::new(false, 40).with_overview(&about))),
        ("human, 80 columns", Box::new(Human::new(false, 80))),
        ("human, 200 columns", Box::new(Human::new(true, 200))),
        ("concise", Box::new(Concise)),
        ("json", Box::new(Json::new(&about))),
        ("github", Box::new(Github)),
        ("gitlab", Box::new(Gitlab::default())),
        ("junit", Box::new(Junit::new(&about))),
        ("markdown", Box::new(Markdown::default())),
        ("html", Box::new(Html::new(&about))),
        ("sarif", Box::new(Sarif::new(&about))),
    ]
}

fn print(report: &mut dyn Report, findings: &[Diagnostic], bytes: &[u8], out: &mut Vec<u8>) -> io::Result<()> {
    report.findings(findings, Texts::only(Some(Source { bytes, origin: Position::START })), out)?;
    report.finish(&Summary::default(), out)
}

/// What the library says in its findings, without the edits of fixes.
fn said(findings: &[Diagnostic]) -> String {
    let said = findings.iter().map(|finding| {
        let related: Vec<_> = finding.related.iter().map(|related| (&related.message, &related.place)).collect();
        let fix = finding.fix.as_ref().map(|fix| &fix.description);
        let names = (&finding.identifier, &finding.declaration_type);
        format!("{:?}\n", (&finding.message, &finding.help, &finding.place, related, fix, names))
    });
    said.collect()
}
