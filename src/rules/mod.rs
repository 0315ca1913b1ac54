//! The rules: one file each, with everything about it.
//!
//! A rule is data and one function. It must not know a clock, the environment or the configuration; which severity a finding has in
//! the end is decided by whoever runs the rules.
//!
//! To add a rule, write its file and name it in the list below. Its examples are its documentation and its tests.

use std::sync::OnceLock;

use crate::finding::{Fault, Severity};
use crate::fix::{Proposal, Remedy};
use crate::model::{Form, Settings};
use crate::read::{Object, Problem, ProblemKind};
use crate::set::{Combination, Enforcements, Scope, SetFault};

/// A rule: what it finds, why that matters, and how to mend it.
#[derive(Debug)]
pub struct Rule {
    /// The name: kebab-case, of the fault and not the cure. Ids are never reused.
    pub id: &'static str,
    /// How much a finding of the rule matters, unless the finding or the configuration says otherwise.
    pub severity: Severity,
    /// Whether it is off unless somebody asks for it.
    pub is_optional: bool,
    /// What it finds, in one line.
    pub summary: &'static str,
    /// Why that matters, and how to mend it.
    pub explanation: &'static str,
    /// Documents with and without findings of this rule.
    pub examples: &'static [Example],
    pub(crate) check: Check,
}

/// A document that shows what a rule finds and what not.
#[derive(Debug)]
pub struct Example {
    /// The text of a file.
    pub document: &'static str,
    /// The options of `ddmc check` with which it is checked.
    pub options: &'static [&'static str],
    /// The pointers of the findings of this rule, with their severities; none where the document is right.
    pub finds: &'static [(&'static str, Severity)],
}

impl Example {
    /// The name of the file, by what it holds.
    pub fn file(&self) -> &'static str {
        if self.is_markup() { "example.plist" } else { "example.json" }
    }

    /// Whether it is a property list.
    pub(crate) fn is_markup(&self) -> bool {
        self.document.starts_with('<')
    }
}

type SettingsCheck = fn(&Object<Settings>, &mut Vec<Fault>);
type EnforcementCheck = fn(&Enforced<'_>, &mut Vec<Fault>);

/// What a rule looks at.
pub(crate) enum Check {
    /// A problem that reading found, which the rule puts into words.
    Problem(fn(&Problem) -> Option<Fault>),
    /// The settings of a declaration, as far as they could be read.
    Settings(SettingsCheck),
    /// An enforcement, as far as it could be read, and what it is judged by.
    Enforcement(EnforcementCheck),
    /// A part of a legacy document, and the devices that it is meant for.
    Legacy(fn(&LegacyPart<'_>, &mut Vec<Fault>)),
    /// A declaration, or a part of a legacy document, and the devices that it is meant for.
    Placement(fn(&Placement<'_>, &mut Vec<Fault>)),
    /// Settings that are active together.
    Combination(fn(&Combination<'_>, &mut Vec<SetFault>)),
    /// Enforcements that are active together.
    Enforcements(fn(&Enforcements<'_>, &mut Vec<SetFault>)),
    /// What activations reference.
    References(fn(&Scope<'_>, &mut Vec<SetFault>)),
    /// The configuration file.
    Configuration,
    /// A declaration, or what settings say together, by a schema of an organisation's own.
    Policy,
    /// The declarations of the whole run, one after the other, by whoever sees them pass.
    Run,
}

impl std::fmt::Debug for Check {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(match self {
            Self::Problem(_) => "Problem",
            Self::Settings(_) => "Settings",
            Self::Enforcement(_) => "Enforcement",
            Self::Enforcements(_) => "Enforcements",
            Self::Legacy(_) => "Legacy",
            Self::Placement(_) => "Placement",
            Self::Combination(_) => "Combination",
            Self::References(_) => "References",
            Self::Configuration => "Configuration",
            Self::Policy => "Policy",
            Self::Run => "Run",
        })
    }
}

mod availability;
mod legacy;
mod release;

pub(crate) use availability::Placement;
pub(crate) use legacy::LegacyPart;
pub(crate) use release::Enforced;

macro_rules! rules {
    ($($name:ident),+ $(,)?) => {
        $(pub(crate) mod $name;)+

        /// Every rule, in the order of the alphabet.
        pub static RULES: &[&Rule] = &[$(&$name::RULE),+];
    };
}

rules! {
    beta_build,
    beta_offer_beside_require,
    beta_offer_while_off,
    beta_require_without_always_on,
    build_version_mismatch,
    byte_order_mark,
    command_overridden,
    deadline_at_midnight,
    deadline_collision,
    duplicate_enforcement,
    duplicate_identifier,
    duplicate_key,
    duplicate_program,
    expired_release,
    implausible_deadline,
    inactive_delay,
    ineffective_key,
    install_without_download,
    invalid_build_version,
    invalid_configuration,
    invalid_details_url,
    invalid_identifier,
    invalid_json,
    invalid_local_date_time,
    invalid_os_version,
    invalid_plist,
    invalid_server_token,
    may_lose_data,
    merge_conflict,
    missing_configuration,
    missing_key,
    missing_product,
    needs_newer_os,
    needs_second_command,
    needs_supervision,
    newer_release_available,
    no_common_platform,
    not_a_declaration,
    not_enforceable,
    order_dependent_merge,
    out_of_range,
    overruled_setting,
    oversized_document,
    past_deadline,
    patch_not_named,
    payload_without_envelope,
    program_token_conflict,
    removed_command,
    removed_profile,
    shadowed_enforcement,
    skipped_enforcement,
    supplemental_needs_base,
    trailing_zero_version,
    unknown_key,
    unknown_release,
    unknown_type,
    unknown_value,
    unmatched_paths,
    unmergeable_placeholder,
    unreferenced_configuration,
    unsupported_declaration,
    unsupported_install_action,
    unsupported_key,
    unused_ignore,
    wrong_type,
}

impl Rule {
    /// Whether its severity can be changed.
    pub(crate) fn is_adjustable(&self) -> bool {
        self.id != invalid_configuration::RULE.id
    }

    /// Whether it finds text that cannot be read.
    pub(crate) fn is_about_syntax(&self) -> bool {
        [invalid_json::RULE.id, invalid_plist::RULE.id, oversized_document::RULE.id].contains(&self.id)
    }

    /// Whether what it finds in one declaration depends on others.
    pub(crate) fn compares_declarations(&self) -> bool {
        matches!(self.check, Check::Combination(_) | Check::Enforcements(_) | Check::References(_) | Check::Run)
    }

    /// Whether it is an organisation's own, so that nothing published tells of it.
    pub fn is_policy(&self) -> bool {
        matches!(self.check, Check::Policy)
    }

    /// Whether it looks at the configuration file, so that its examples are such files.
    pub fn is_about_configuration(&self) -> bool {
        matches!(self.check, Check::Configuration)
    }

    /// The rule with this id.
    pub fn find(id: &str) -> Option<&'static Self> {
        RULES.iter().find(|rule| rule.id == id).copied()
    }
}

/// Puts a problem into words: every rule that has some.
pub(crate) fn word(problem: &Problem) -> impl Iterator<Item = (&'static Rule, Fault)> {
    RULES.iter().filter_map(move |rule| match rule.check {
        Check::Problem(check) => check(problem).map(|fault| (*rule, fault)),
        _ => None,
    })
}

/// The words for a string that has not the form of its key. They come from the type of the value, which knows best.
fn unfit(problem: &Problem, expected: Form) -> Option<Fault> {
    match &problem.kind {
        ProblemKind::Unfit { form, unfit, refused } if *form == expected => {
            let mended = unfit.mended.as_ref();
            let fix = mended.map(|text| Proposal::safe(Remedy::Replace(format!("\"{text}\"")), format!("write \"{text}\"")));
            let fault = Fault::new(format!("{} {}", problem.name, unfit.problem)).help(&unfit.help).fix(fix);
            Some(if *refused { fault } else { fault.severity(Severity::Warning) })
        }
        _ => None,
    }
}

/// The rules of one kind, gathered when the first declaration comes.
type Checks<C> = OnceLock<Vec<(&'static Rule, C)>>;

/// Judges the keys of a settings declaration against one another.
pub(crate) fn judge_settings(settings: &Object<Settings>, mut report: impl FnMut(&'static Rule, Fault)) {
    // Every declaration comes here, and most rules are about something else.
    static CHECKS: Checks<SettingsCheck> = OnceLock::new();
    let checks = CHECKS.get_or_init(|| {
        let check = |rule: &&'static Rule| if let Check::Settings(check) = rule.check { Some((*rule, check)) } else { None };
        RULES.iter().filter_map(check).collect()
    });
    let mut faults = Vec::new();
    for (rule, check) in checks {
        check(settings, &mut faults);
        if !faults.is_empty() {
            faults.drain(..).for_each(|fault| report(rule, fault));
        }
    }
}

/// Judges one enforcement.
pub(crate) fn judge_enforcement(enforced: &Enforced<'_>, mut report: impl FnMut(&'static Rule, Fault)) {
    // Every declaration comes here, and most rules are about something else.
    static CHECKS: Checks<EnforcementCheck> = OnceLock::new();
    let checks = CHECKS.get_or_init(|| {
        let check = |rule: &&'static Rule| if let Check::Enforcement(check) = rule.check { Some((*rule, check)) } else { None };
        RULES.iter().filter_map(check).collect()
    });
    let mut faults = Vec::new();
    for (rule, check) in checks {
        check(enforced, &mut faults);
        if !faults.is_empty() {
            faults.drain(..).for_each(|fault| report(rule, fault));
        }
    }
}

/// Judges enforcements that are active together.
pub(crate) fn judge_enforcements(enforcements: &Enforcements<'_>, faults: &mut Vec<SetFault>) {
    for rule in RULES {
        if let Check::Enforcements(check) = rule.check {
            check(enforcements, faults);
        }
    }
}

/// Judges a part of a legacy document.
pub(crate) fn judge_legacy(part: &LegacyPart<'_>, mut report: impl FnMut(&'static Rule, Fault)) {
    let mut faults = Vec::new();
    for rule in RULES {
        if let Check::Legacy(check) = rule.check {
            check(part, &mut faults);
            faults.drain(..).for_each(|fault| report(rule, fault));
        }
    }
}

/// Judges the keys of a declaration against the devices that it is meant for.
pub(crate) fn judge_placement(placement: &Placement<'_>, mut report: impl FnMut(&'static Rule, Fault)) {
    let mut faults = Vec::new();
    for rule in RULES {
        if let Check::Placement(check) = rule.check {
            check(placement, &mut faults);
            if !faults.is_empty() {
                faults.drain(..).for_each(|fault| report(rule, fault));
            }
        }
    }
}

/// Judges settings that are active together, by the rules of at least this severity: of very many declarations there is very much
/// to note.
pub(crate) fn judge_combination(combination: &Combination<'_>, least: Severity, faults: &mut Vec<SetFault>) {
    for rule in RULES.iter().filter(|rule| rule.severity >= least) {
        if let Check::Combination(check) = rule.check {
            check(combination, faults);
        }
    }
}

/// Judges what the activations of a run or a set reference.
pub(crate) fn judge_references(scope: &Scope<'_>, faults: &mut Vec<SetFault>) {
    for rule in RULES {
        if let Check::References(check) = rule.check {
            check(scope, faults);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ids_are_kebab_case_sorted_and_named_like_their_files() {
        let ids: Vec<&str> = RULES.iter().map(|rule| rule.id).collect();
        assert!(ids.is_sorted(), "{ids:?}");
        assert!(ids.iter().all(|id| id.bytes().all(|byte| byte.is_ascii_lowercase() || byte == b'-')));
    }

    #[test]
    fn every_rule_shows_what_it_finds_and_what_not() {
        for rule in RULES {
            // An example of a document beyond 16 MiB would have to be one; the other speaks only of merging.
            let shows = ["oversized-document", "unmergeable-placeholder"].contains(&rule.id)
                || rule.examples.iter().any(|example| !example.finds.is_empty());
            assert!(shows, "{}: no example of the fault", rule.id);
            assert!(rule.examples.iter().any(|example| example.finds.is_empty()), "{}: no example without", rule.id);
            assert!(!rule.summary.is_empty() && !rule.explanation.is_empty() && !rule.summary.ends_with('.'), "{}", rule.id);
        }
    }
}
