//! No output holds a secret, however the document is damaged.
//!
//! `ddmc::fuzzing::Planted` makes the documents. `DDMC_THOROUGH=40` tries ten thousand, and `DDMC_SEED` others.

use std::fs;
use std::num::NonZero;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::thread;

use ddmc::fuzzing::{Planted, outputs};

use crate::support::{shared, thorough};

#[test]
fn no_output_holds_a_secret_of_a_damaged_document() {
    let first: u64 = std::env::var("DDMC_SEED").ok().and_then(|seed| seed.parse().ok()).unwrap_or_default();
    let (texts, threads) = (250 * thorough(), thread::available_parallelism().map_or(1, NonZero::get));
    let search = |thread: usize| (first..first + texts).skip(thread).step_by(threads).filter_map(leak).collect::<Vec<_>>();
    let mut leaks: Vec<(u64, String)> = thread::scope(|scope| {
        let searches: Vec<_> = (0..threads).map(|thread| scope.spawn(move || search(thread))).collect();
        searches.into_iter().flat_map(|search| search.join().expect("no output panics")).collect()
    });
    leaks.sort();
    let shown: Vec<&str> = leaks.iter().take(8).map(|(_, leak)| &**leak).collect();
    assert!(leaks.is_empty(), "{} of {texts} documents leak; the first:\n{}", leaks.len(), shown.join("\n----\n"));
}

/// The first output that shows the secret of a document.
fn leak(seed: u64) -> Option<(u64, String)> {
    let planted = document(seed);
    outputs(planted.name, &planted.text).into_iter().find_map(|(what, output)| {
        let part = planted.leak(&output)?;
        let text = String::from_utf8_lossy(&planted.text);
        Some((seed, format!("seed {seed}, {what}: {part} of {}\n{text}\n{output}", planted.name)))
    })
}

fn document(seed: u64) -> Planted {
    let mut dice = fastrand::Rng::with_seed(seed);
    let bytes: Vec<u8> = std::iter::repeat_with(|| dice.u8(..)).take(256).collect();
    Planted::new(&bytes)
}

/// The program on the command line, with everything that it writes but the declarations.
#[test]
fn no_command_prints_a_secret() {
    let mut leaks = Vec::new();
    for seed in 0..8 * thorough() {
        let planted = document(1_000_000 + seed);
        let folder = tempfile::tempdir().expect("a temporary folder can be made");
        let file = folder.path().join(planted.name);
        for (number, line) in COMMANDS.iter().enumerate() {
            fs::write(&file, &planted.text).expect("a file can be written");
            for (columns, summary) in [("40", "summary.md"), ("200", "")] {
                let mut command = Command::new(env!("CARGO_BIN_EXE_ddmc"));
                command.current_dir(folder.path()).args(line.replace("FILE", planted.name).split(' '));
                command.env("COLUMNS", columns).env("GITHUB_ACTIONS", if summary.is_empty() { "" } else { "true" });
                command.env("GITHUB_STEP_SUMMARY", folder.path().join(summary));
                let output = command.output().expect("the program runs");
                let mut all = vec![output.stdout, output.stderr];
                // The declarations that these write hold the secret.
                if matches!(line.split(' ').next(), Some("merge" | "migrate")) && !line.contains("--explain") {
                    all.remove(0);
                }
                let files = ["report.txt", "report.sarif", "baseline.json", "summary.md"];
                all.extend(files.iter().filter_map(|name| fs::read(folder.path().join(name)).ok()));
                let text = all.iter().map(|text| String::from_utf8_lossy(text)).collect::<Vec<_>>().join("\n");
                if let Some(part) = planted.leak(&text) {
                    let document = String::from_utf8_lossy(&planted.text);
                    leaks.push(format!("seed {seed}, command {number} `{line}`: {part} of\n{document}\n{text}"));
                }
            }
        }
    }
    assert!(leaks.is_empty(), "{} commands print a secret; the first:\n{}", leaks.len(), leaks[0]);
}

/// What the program is called with.
const COMMANDS: &[&str] = &[
    "check FILE --output report.txt --output sarif=report.sarif",
    "check FILE --format concise --set --verbose",
    "check FILE --format json --target macOS=26 --target iOS=17",
    "check FILE --format github",
    "check FILE --format gitlab",
    "check FILE --format junit",
    "check FILE --format markdown --set",
    "check FILE --format html --set --activations server",
    "check FILE --color always",
    "check FILE --write-baseline baseline.json",
    "check FILE --diff",
    "check FILE --diff --unsafe-fixes",
    "check FILE --fix",
    "check FILE --fix --unsafe-fixes",
    "merge FILE",
    "merge FILE --explain",
    "merge FILE --explain --format json",
    "publish FILE --layout ddm -o site --activate --diff",
    "publish FILE --layout fleet -o site --diff",
    "merge FILE --explain --format html",
    "merge FILE --explain --format markdown",
    "plan FILE --device macOS=26.1",
    "plan FILE --device macOS=26.1 --device iOS=26.1 --format html",
    "plan FILE --device iOS=26.1 --format json",
    "migrate FILE --deadline 2099-01-01T12:00:00",
    "migrate FILE",
    "explain --response FILE",
];

/// Hiding what is not secret makes reports useless.
#[test]
fn nothing_is_hidden_in_documents_without_secrets() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let mut files = Vec::new();
    let folders = ["fixtures/ok", "docs/examples"].map(|folder| root.join(folder));
    for folder in folders.into_iter().chain(shared("secrets")) {
        collect(&folder, &mut files);
    }
    assert!(files.len() > 50, "{}", files.len());
    let mut hidden = Vec::new();
    for path in &files {
        let text = fs::read(path).expect("a file can be read");
        let name = path.file_name().and_then(|name| name.to_str()).unwrap_or("a.json");
        // An inventory holds the names of status items beside values.
        if path.extension().is_some_and(|extension| extension == "toml" || extension == "csv")
            || text.len() > 1 << 16
            || names_secret(&text)
        {
            continue;
        }
        for (what, output) in outputs(name, &text) {
            if let Some(line) = output.lines().find(|line| line.contains(MASK)) {
                hidden.push(format!("{} in {what}: {line}", path.display()));
                break;
            }
        }
    }
    assert!(hidden.is_empty(), "{} documents:\n{}", hidden.len(), hidden[..hidden.len().min(20)].join("\n"));
}

/// Mistakes beside a secret are shown with their values and excerpts.
#[test]
fn a_secret_hides_nothing_else() {
    let document = r#"{
  "Type": "com.apple.configuration.softwareupdate.settings",
  "Identifier": "com.example.beta",
  "Payload": {
    "Notificatons": true,
    "AnotherKey": "a value",
    "RecommendedCadence": "Everything",
    "Deferrals": { "MajorPeriodInDays": 912 },
    "Beta": {
      "ProgramEnrollment": "AlwaysOf",
      "RequireProgram": { "Descripton": "a program", "Token": "q7XkV2mZr9Lp4TwYh3Nc" }
    }
  }
}"#;
    let outputs = outputs("a.json", document.as_bytes());
    let output = |name: &str| &outputs.iter().find(|(what, _)| *what == name).expect("there is such an output").1;
    for (what, words) in [
        (
            "human, 80 columns",
            &["Notificatons", "AnotherKey", "\"Everything\"", "912", "\"AlwaysOf\"", "Descripton", "a program"][..],
        ),
        ("concise", &["Notificatons", "AnotherKey", "Everything", "912", "AlwaysOf", "Descripton"]),
        ("baseline", &["/Payload/Notificatons", "/Payload/AnotherKey", "/Payload/Beta/RequireProgram/Descripton"]),
        ("diff", &["-    \"Notificatons\": true,", "+    \"Notifications\": true,"]),
    ] {
        for word in words {
            assert!(output(what).contains(word), "{word} in {what}: {}", output(what));
        }
    }
    assert_eq!(output("concise").matches(MASK).count(), 0, "{}", output("concise"));
}

/// What reports show instead of a secret.
const MASK: &str = "•••";

/// Whether a text names something that is secret.
fn names_secret(text: &[u8]) -> bool {
    let text = String::from_utf8_lossy(text).to_lowercase().replace('\0', "");
    let text = ["servertoken", "server_token", "declarationstoken", "tokenrequesturl"]
        .iter()
        .fold(text, |text, name| text.replace(name, ""));
    let names = [
        "token",
        "password",
        "ppk",
        "challenge",
        "\"identity\"",
        "httpheader",
        "clientidentifier",
        "pushmagic",
        "passcode\"",
        "pin<",
        "\"pin\"",
    ];
    names.iter().any(|name| text.contains(name))
}

/// The files below a folder.
fn collect(folder: &Path, into: &mut Vec<PathBuf>) {
    let mut entries: Vec<PathBuf> = fs::read_dir(folder).into_iter().flatten().flatten().map(|entry| entry.path()).collect();
    entries.sort();
    for path in entries {
        if path.is_dir() { collect(&path, into) } else { into.push(path) }
    }
}
