//! Checking as a library: a text goes in, findings come out.

use std::ops::Range;
use std::path::Path;
use std::sync::Arc;

use crate::apple::{LocalDateTime, Target};
use crate::catalog::Catalog;
use crate::conditions::Conditions;
use crate::content::Hashes;
use crate::diagnostic::Position;
use crate::diagnostic::{Diagnostic, Severity};
use crate::fix;
use crate::lint::{self, Gather, Spare, Text};
use crate::locate;
use crate::rules::{self, Rule};
use crate::run::{Seen, Severities};
use crate::set::{Gathered, Together};
use crate::syntax::{self};
use crate::validate::Strictness;

/// What texts are checked by, beside Apple's schema: nothing, unless it is told.
///
/// ```
/// let text = br#"{
///   "Type": "com.apple.configuration.softwareupdate.enforcement.specific",
///   "Identifier": "com.example.enforcement",
///   "Payload": { "TargetOSVersion": "26.1", "TargetLocalDateTime": "2025-12-20T12:00:00" }
/// }"#;
/// assert!(ddmc::check("enforcement.json", text).is_empty());
///
/// let checker = ddmc::Checker::new().target("macOS=13.6".parse()?).as_of("2026-01-01T00:00:00".parse()?);
/// let findings = checker.check("enforcement.json", text);
/// let rules: Vec<&str> = findings.iter().map(|finding| &*finding.rule.id).collect();
/// assert_eq!(rules, ["unsupported-declaration", "past-deadline"]);
/// assert_eq!(findings[1].place.pointer, "/Payload/TargetLocalDateTime");
/// # Ok::<(), ddmc::apple::InvalidValue>(())
/// ```
#[derive(Debug, Clone, Default)]
pub struct Checker {
    conditions: Conditions,
    severities: Severities,
    is_set: bool,
}

impl Checker {
    /// Checks by Apple's schema and documentation alone.
    pub fn new() -> Self {
        Self::default()
    }

    /// Judges also what these devices ignore or refuse. May be called for several.
    #[must_use]
    pub fn target(mut self, target: Target) -> Self {
        self.conditions.targets.push(target);
        self
    }

    /// Judges deadlines by this local time. Without one, nothing is said about the time.
    #[must_use]
    pub fn as_of(mut self, time: LocalDateTime) -> Self {
        self.conditions.as_of = Some(time);
        self
    }

    /// Judges whether Apple offers what is enforced.
    #[must_use]
    pub fn catalog(mut self, catalog: Catalog) -> Self {
        self.conditions.catalog = Some(Arc::new(catalog));
        self
    }

    /// Judges all declarations of a text against one another, as if one device had all of them.
    #[must_use]
    pub fn as_set(mut self) -> Self {
        self.is_set = true;
        self
    }

    /// Gives a rule another severity, or with `None` turns it off.
    #[must_use]
    pub fn severity(mut self, rule: &Rule, severity: Option<Severity>) -> Self {
        self.severities.set(rule, severity);
        self.conditions.runs_optional = self.severities.has_optional();
        self
    }

    /// Checks a text, as [`check`] does.
    pub fn check(&self, name: &str, text: &[u8]) -> Vec<Diagnostic> {
        let file: Arc<str> = Arc::from(name);
        let together = if self.is_set { Together::All } else { Together::Activated };
        let mut all = Vec::new();
        let mut seen = Seen::new(self.conditions.schema.clone());
        let mut has_activations = false;
        let hashes = Hashes::default();
        let content = |_: &str, span| hashes.of_text(text.get::<Range<usize>>(span)?);
        lint_whole(&whole(&file, text, Strictness::Named, Gather::Names, &self.conditions), &hashes, |linted| {
            all.extend(linted.findings);
            has_activations |= linted.activations > 0;
            seen.note(&file, &[], &linted.declarations, together, content, &mut all);
        });
        // What declarations say matters only where they are known to be active together, which few texts tell; those are read once more.
        if self.is_set || has_activations {
            let mut gathered = Gathered::new(self.conditions.schema.clone());
            lint_whole(&whole(&file, text, Strictness::Named, Gather::Bodies, &self.conditions), &Hashes::default(), |linted| {
                gathered.add(&file, &[], linted.declarations);
            });
            let diagnostics = rules::sets::judge(&gathered, together);
            all.extend(locate::findings(diagnostics, &gathered, |_| Some(text.to_vec())));
        }
        all.sort_by_key(|finding| finding.place.start.offset);
        self.severities.apply(&mut all);
        all
    }
}

/// Checks a text that holds one declaration, a JSON array of declarations, or, if the name ends in `.ndjson` or `.jsonl`, one
/// declaration per line. The findings name the file by `name` and stand in the order of the text.
///
/// Nothing is read from disk: the name is only a name.
///
/// ```
/// let text = br#"{
///   "Type": "com.apple.configuration.softwareupdate.settings",
///   "Identifier": "com.example.settings",
///   "Payload": { "Deferrals": { "MajorPeriodInDays": 120 } }
/// }"#;
/// let findings = ddmc::check("settings.json", text);
/// assert_eq!(findings.len(), 1);
/// assert_eq!(findings[0].rule.id, "out-of-range");
/// assert_eq!(findings[0].place.pointer, "/Payload/Deferrals/MajorPeriodInDays");
/// assert_eq!((findings[0].place.start.line, findings[0].place.start.column), (4, 52));
/// ```
pub fn check(name: &str, text: &[u8]) -> Vec<Diagnostic> {
    Checker::new().check(name, text)
}

/// Mends a text of the kind that [`check`] takes, as far as that can be done: spelling, case and places of keys, numbers and booleans in
/// quotes, times with a zone or a fraction, what is not JSON. With `takes_unsafe` also where a value is changed or a key dropped. Returns
/// `None` if there is nothing to mend.
///
/// All that no fix is about stays byte for byte, and the result has no more errors than the text had.
///
/// ```
/// let text = br#"{ "Deferrals": { "majorPeriodInDays": "30" } }"#;
/// assert_eq!(ddmc::mend("settings.json", text, false).as_deref(), Some(&br#"{ "Deferrals": { "MajorPeriodInDays": 30 } }"#[..]));
/// assert_eq!(ddmc::mend("settings.json", br#"{ "Deferrals": {} }"#, false), None);
/// ```
pub fn mend(name: &str, text: &[u8], takes_unsafe: bool) -> Option<Vec<u8>> {
    let file: Arc<str> = Arc::from(name);
    let conditions = Conditions::default();
    let lint = |bytes: &[u8]| alone(&file, Strictness::Named, bytes, &conditions);
    fix::mend(text, lint, |_| {}, takes_unsafe).map(|fixed| fixed.text)
}

/// Everything that is wrong with the text of a file by itself.
pub(crate) fn alone(file: &Arc<str>, strictness: Strictness, bytes: &[u8], conditions: &Conditions) -> Vec<Diagnostic> {
    let mut all = Vec::new();
    lint_whole(&whole(file, bytes, strictness, Gather::Names, conditions), &Hashes::default(), |linted| {
        all.extend(linted.findings);
    });
    all
}

/// How many documents of a file found in a folder are declarations, or were meant to be.
pub(crate) fn documents(file: &Arc<str>, bytes: &[u8]) -> usize {
    let conditions = Conditions::default();
    let mut documents = 0;
    lint_whole(&whole(file, bytes, Strictness::Found, Gather::Names, &conditions), &Hashes::default(), |linted| {
        documents += linted.documents;
    });
    documents
}

/// The text of a whole file.
pub(crate) fn whole<'t>(
    file: &'t Arc<str>,
    bytes: &'t [u8],
    strictness: Strictness,
    gather: Gather,
    conditions: &'t Conditions,
) -> Text<'t> {
    Text { file, bytes, origin: Position::START, first_index: 0, strictness, gather, conditions }
}

/// Lints the text of a whole file, whichever form its name says it has.
pub(crate) fn lint_whole(text: &Text<'_>, hashes: &Hashes, mut take: impl FnMut(lint::Linted)) {
    let spare = &mut Spare::default();
    let last = if syntax::has_lines(Path::new(&**text.file)) {
        lint::lint_lines(text, syntax::lines(text.bytes, true), hashes, spare, &mut take)
    } else {
        lint::lint_json(text, hashes, spare, &mut take)
    };
    take(last);
}
