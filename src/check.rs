//! The library's API for checking and fixing a text.

use std::borrow::Cow;
use std::collections::HashMap;
use std::sync::Arc;

use crate::apple::{LocalDateTime, Target};
use crate::catalog::{Catalog, Platforms};
use crate::conditions::Conditions;
use crate::content::Hashes;
use crate::diagnostic::{Diagnostic, Severity};
use crate::fix::{self as fixing, Fixed};
use crate::lint::{self, Gather, Linted};
use crate::rules::Rule;
use crate::run::Severities;
use crate::session::Session;
use crate::set::{Activations, Together};
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
    activations: Activations,
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

    /// Says who activates the configurations that no activation references.
    #[must_use]
    pub fn activated_by(mut self, activations: Activations) -> Self {
        self.activations = activations;
        self
    }

    /// Checks a text, as [`check`] does.
    pub fn check(&self, name: &str, text: &[u8]) -> Vec<Diagnostic> {
        let mut all = self.run(&[(name, text)], |_| {});
        all.sort_by_key(|finding| finding.place.start.offset);
        all
    }

    /// Applies fixes to a text, as [`fix`] does.
    pub fn fix(&self, name: &str, text: &[u8], takes_unsafe: bool) -> Option<Vec<u8>> {
        self.fixed(name, text, takes_unsafe).map(|fixed| fixed.text)
    }

    /// Checks texts with different names as one run. The findings of each text come first, then those about several
    /// declarations. `seen` receives each linted part.
    pub(crate) fn run(&self, texts: &[(&str, &[u8])], mut seen: impl FnMut(&Linted)) -> Vec<Diagnostic> {
        let conditions = &self.conditions;
        let (together, gather) = if self.is_set { (Together::All, Gather::Bodies) } else { (Together::Activated, Gather::Names) };
        let texts: Vec<(Arc<str>, &[u8])> = texts.iter().map(|(name, text)| (Arc::from(*name), *text)).collect();
        let by_name: HashMap<_, _> = texts.iter().map(|(file, text)| (file.clone(), Cow::Borrowed(*text))).collect();
        let mut session = Session::new(&conditions.schema, Hashes::default(), together, gather);
        session.activated_by(self.activations);
        let mut all = Vec::new();
        for (file, text) in &texts {
            all.extend(session.read(&by_name, file, text, conditions, &mut seen));
        }
        if session.lacks_bodies() {
            for (file, text) in &texts {
                session.read_bodies(&by_name, file, text, conditions);
            }
        }
        all.extend(session.judge(&by_name));
        self.severities.apply(&mut all);
        all
    }

    /// Applies fixes to a text, and tells how many.
    pub(crate) fn fixed(&self, name: &str, text: &[u8], takes_unsafe: bool) -> Option<Fixed> {
        let file: Arc<str> = Arc::from(name);
        let lint = |bytes: &[u8]| lint::alone(&file, Strictness::Named, bytes, &self.conditions);
        fixing::apply(text, lint, |findings| self.severities.apply(findings), takes_unsafe)
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
    Checker::new().fix(name, text, takes_unsafe)
}
