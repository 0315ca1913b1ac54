//! The library's API for reading, merging and planning declarations.

use std::borrow::Cow;
use std::collections::HashMap;
use std::fmt;
use std::sync::Arc;

use crate::apple::{Device, LocalDateTime};
use crate::catalog::Catalog;
use crate::conditions::Conditions;
use crate::content::Hashes;
use crate::diagnostic::{Diagnostic, Severity};
use crate::lint::Gather;
use crate::merge::{self, Merged, Options};
use crate::plan::Plan;
use crate::rules::{payload_without_envelope, undefined_merge};
use crate::run::Severities;
use crate::session::Session;
use crate::set::{Activations, Gathered, Member, Together};
use crate::words::visible;

/// Declarations of one set, in the order of reading.
///
/// ```
/// let mut declarations = ddmc::Declarations::new();
/// for (name, days) in [("a.json", 30), ("b.json", 60)] {
///     let text = format!(
///         r#"{{ "Type": "com.apple.configuration.softwareupdate.settings", "Identifier": "com.example.{name}",
///              "Payload": {{ "Deferrals": {{ "MajorPeriodInDays": {days} }} }} }}"#
///     );
///     assert!(declarations.read(name, text.as_bytes()).is_empty());
/// }
/// let merged = declarations.merge(&ddmc::MergeOptions::default())?;
/// assert!(merged.declarations[0].text.contains("\"MajorPeriodInDays\": 60"));
///
/// // The second declaration decided the value.
/// let decision = &merged.origins[0].decisions[0];
/// assert_eq!((decision.rule, decision.deciders()), ("number-max", vec![1]));
/// assert_eq!(&*declarations.source(1).file, "b.json");
/// # Ok::<(), ddmc::Refused>(())
/// ```
pub struct Declarations {
    session: Session,
    conditions: Conditions,
    /// The texts, for places in findings about several declarations.
    texts: HashMap<Arc<str>, Cow<'static, [u8]>>,
    findings: Vec<Diagnostic>,
}

/// Where a declaration comes from.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct Source {
    /// The name of the file, as passed to [`Declarations::read`].
    pub file: Arc<str>,
    /// The index of the declaration in its file, from 0.
    pub index: usize,
    /// The `Identifier`, if any.
    pub identifier: Option<String>,
}

/// Why declarations were not merged or planned.
#[derive(Debug, Clone)]
#[non_exhaustive]
pub enum Refused {
    /// The declarations, or their combination, have errors.
    Findings(Vec<Diagnostic>),
    /// The requested identifier cannot be used.
    Identifier(String),
    /// A later text has the same name and differs.
    Changed(Arc<str>),
}

impl fmt::Display for Refused {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Findings(findings) => {
                let first = findings.first().map_or("", |finding| finding.message.as_str());
                write!(f, "the declarations have errors; the first is: {first}")
            }
            Self::Identifier(reason) => f.write_str(reason),
            Self::Changed(name) => write!(f, "two texts have the name {} and differ", visible(name)),
        }
    }
}

impl std::error::Error for Refused {}

impl Declarations {
    /// Creates an empty set.
    pub fn new() -> Self {
        let conditions = Conditions::default();
        Self {
            session: Session::new(&conditions.schema, Hashes::default(), Together::All, Gather::Texts),
            conditions,
            texts: HashMap::new(),
            findings: Vec::new(),
        }
    }

    /// Says who activates the configurations that no activation references.
    #[must_use]
    pub fn activated_by(mut self, activations: Activations) -> Self {
        self.session.activated_by(activations);
        self
    }

    /// Reads a text that [`check`](crate::check()) accepts and returns its findings. Each text needs a unique name.
    pub fn read(&mut self, name: &str, text: &[u8]) -> Vec<Diagnostic> {
        let file: Arc<str> = Arc::from(name);
        self.texts.insert(file.clone(), Cow::Owned(text.to_vec()));
        let mut findings = self.session.read(&self.texts, &file, text, &self.conditions, |_| {});
        Severities::default().apply(&mut findings);
        self.findings.extend(findings.iter().cloned());
        findings
    }

    /// The number of declarations.
    pub fn len(&self) -> usize {
        self.members().len()
    }

    /// Whether there are no declarations.
    pub fn is_empty(&self) -> bool {
        self.members().is_empty()
    }

    /// Returns the source of a declaration, by its index in the order of reading.
    ///
    /// # Panics
    /// If the index is out of range.
    pub fn source(&self, who: usize) -> Source {
        let member = &self.members()[who];
        Source { file: member.file.clone(), index: member.index, identifier: member.identifier.as_deref().map(str::to_owned) }
    }

    /// Merges the declarations into the set to publish. Settings that are always active together become one, all other
    /// declarations pass through, and references in activations are updated.
    ///
    /// # Errors
    /// If a declaration or the combination has an error, or the requested identifier cannot be used.
    pub fn merge(&mut self, options: &Options) -> Result<Merged, Refused> {
        // Publishing needs an identifier for each declaration.
        let mut severities = Severities::default();
        severities.set(&payload_without_envelope::RULE, Some(Severity::Error));
        // An undefined result is not published.
        severities.set(&undefined_merge::RULE, Some(Severity::Error));
        refuse(self.findings.clone(), &severities)?;
        refuse(self.session.judge_merge(&self.texts), &severities)?;
        self.session.merge(&self.texts, options).map_err(|refused| match refused {
            merge::Refused::Identifier(reason) => Refused::Identifier(reason),
            merge::Refused::Changed(name) => Refused::Changed(name),
        })
    }

    /// Plans what a device does with the declarations, starting at a time: the effective settings, and the updates in
    /// the order of installation. Predicates that cannot be decided for the device are taken to hold; they are in
    /// [`Plan::when`], and [`plans`](Self::plans) has all alternatives.
    ///
    /// ```
    /// let mut declarations = ddmc::Declarations::new();
    /// declarations.read("update.json", br#"{
    ///   "Type": "com.apple.configuration.softwareupdate.enforcement.specific",
    ///   "Identifier": "com.example.december",
    ///   "Payload": { "TargetOSVersion": "26.2", "TargetLocalDateTime": "2026-01-20T18:00:00" }
    /// }"#);
    /// let from = "2026-01-01T00:00:00".parse().expect("a time");
    /// let plan = declarations.plan(&"macOS=15.7.2".parse().expect("a device"), from, None)?;
    /// assert_eq!(plan.updates[0].version.as_str(), "26.2");
    /// assert_eq!(plan.updates[0].enforced_at.to_string(), "2026-01-20T18:00:00");
    /// # Ok::<(), ddmc::Refused>(())
    /// ```
    ///
    /// # Errors
    /// If a declaration has an error.
    pub fn plan(&self, device: &Device, from: LocalDateTime, catalog: Option<&Catalog>) -> Result<Plan, Refused> {
        refuse(self.findings.clone(), &Severities::default())?;
        Ok(self.plans(device, from, catalog)?.swap_remove(0))
    }

    /// Plans as [`plan`](Self::plan) does. If predicates cannot be decided for the device, returns one plan for each
    /// alternative, the one in which all hold first. If there are more than three different ones, the alternatives are only
    /// that all hold and that none does.
    ///
    /// # Errors
    /// If a declaration has an error.
    pub fn plans(&self, device: &Device, from: LocalDateTime, catalog: Option<&Catalog>) -> Result<Vec<Plan>, Refused> {
        refuse(self.findings.clone(), &Severities::default())?;
        Ok(self.session.plans(device, from, catalog))
    }

    /// What is known of the declarations, for reports.
    pub(crate) fn gathered(&self) -> &Gathered {
        self.session.gathered()
    }

    fn members(&self) -> &[Member] {
        &self.gathered().members
    }
}

/// Returns the errors among the findings, if any.
fn refuse(mut findings: Vec<Diagnostic>, severities: &Severities) -> Result<(), Refused> {
    severities.apply(&mut findings);
    findings.retain(|finding| finding.severity == Severity::Error);
    if findings.is_empty() { Ok(()) } else { Err(Refused::Findings(findings)) }
}

impl Default for Declarations {
    fn default() -> Self {
        Self::new()
    }
}

impl fmt::Debug for Declarations {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Declarations").field("len", &self.len()).finish_non_exhaustive()
    }
}
