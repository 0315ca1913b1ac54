//! The library's API for checking and fixing a text.

use std::borrow::Cow;
use std::collections::HashMap;
use std::sync::Arc;

use crate::apple::{LocalDateTime, Target};
use crate::catalog::{Catalog, Platforms};
use crate::conditions::Conditions;
use crate::content::Hashes;
use crate::diagnostic::{Diagnostic, Severity};
use crate::fix as fixing;
use crate::lint::{self, Gather};
use crate::rules::Rule;
use crate::run::Severities;
use crate::session::Session;
use crate::set::Together;
use crate::validate::Strictness;

/// A checker with options. By default it checks against Apple's schema and documentation alone.
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
    /// Creates a checker without options.
    pub fn new() -> Self {
        Self::default()
    }

    /// Also reports what a target device ignores or refuses. Call it once per target.
    #[must_use]
    pub fn target(mut self, target: Target) -> Self {
        self.conditions.targets.push(target);
        self.conditions.platforms = Platforms::of_targets(&self.conditions.targets);
        self
    }

    /// Compares deadlines with this local time. Without it, deadlines are not compared with the time.
    #[must_use]
    pub fn as_of(mut self, time: LocalDateTime) -> Self {
        self.conditions.as_of = Some(time);
        self
    }

    /// Also checks whether Apple offers the enforced releases.
    #[must_use]
    pub fn catalog(mut self, catalog: Catalog) -> Self {
        self.conditions.catalog = Some(Arc::new(catalog));
        self
    }

    /// Treats all declarations of a text as one set that is active on one device.
    #[must_use]
    pub fn as_set(mut self) -> Self {
        self.is_set = true;
        self
    }

    /// Sets the severity of a rule; `None` turns it off.
    #[must_use]
    pub fn severity(mut self, rule: &Rule, severity: Option<Severity>) -> Self {
        self.severities.set(rule, severity);
        self.conditions.runs_optional = self.severities.has_optional();
        self
    }

    /// Checks a text, as [`check`] does.
    pub fn check(&self, name: &str, text: &[u8]) -> Vec<Diagnostic> {
        let (file, conditions): (Arc<str>, _) = (Arc::from(name), &self.conditions);
        let (together, gather) = if self.is_set { (Together::All, Gather::Bodies) } else { (Together::Activated, Gather::Names) };
        let texts = HashMap::from([(file.clone(), Cow::Borrowed(text))]);
        let mut session = Session::new(&conditions.schema, Hashes::default(), together, gather);
        let mut all = session.read(&texts, &file, text, conditions);
        if session.lacks_bodies() {
            session.read_bodies(&texts, &file, text, conditions);
        }
        all.extend(session.judge(&texts));
        all.sort_by_key(|finding| finding.place.start.offset);
        self.severities.apply(&mut all);
        all
    }
}

/// Checks a text that holds one declaration or a JSON array of declarations; if the name ends in `.ndjson` or `.jsonl`,
/// one declaration per line; if it ends in `.yaml` or `.yml`, YAML. Property lists are recognised by their content. The
/// findings are in text order and use `name` as the file name.
///
/// Nothing is read from disk.
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

/// Applies fixes to a text that [`check`] accepts: keys and values that differ from one known name in case, in one letter
/// or in a plural, misplaced keys, quoted numbers and booleans, trailing commas and a byte-order mark. With
/// `takes_unsafe`, also fixes that may change what a device does or drop something: less similar names, times with a zone
/// or a fraction, values out of range, unknown keys and comments. Returns `None` if there is nothing to fix.
///
/// Bytes outside the fixes do not change, and the result has no error that the text did not have.
///
/// ```
/// let text = br#"{ "Deferrals": { "majorPeriodInDays": "30" } }"#;
/// assert_eq!(ddmc::fix("settings.json", text, false).as_deref(), Some(&br#"{ "Deferrals": { "MajorPeriodInDays": 30 } }"#[..]));
/// assert_eq!(ddmc::fix("settings.json", br#"{ "Deferrals": {} }"#, false), None);
/// ```
pub fn fix(name: &str, text: &[u8], takes_unsafe: bool) -> Option<Vec<u8>> {
    let file: Arc<str> = Arc::from(name);
    let conditions = Conditions::default();
    let lint = |bytes: &[u8]| lint::alone(&file, Strictness::Named, bytes, &conditions);
    fixing::apply(text, lint, |_| {}, takes_unsafe).map(|fixed| fixed.text)
}
