//! The rules: one file each, with everything about it.
//!
//! A rule is data and one function. It must not know a clock, the environment or the configuration, which may give its findings another
//! severity in the end.
//!
//! To add a rule, write its file, and name it as a module and in the list below. Its examples are its documentation and its tests.

mod availability;
mod beta_build;
pub(crate) mod beta_offer_beside_require;
pub(crate) mod beta_offer_while_off;
pub(crate) mod beta_require_without_always_on;
mod build_version_mismatch;
mod byte_order_mark;
mod command_overridden;
mod deadline_at_midnight;
mod deadline_collision;
mod duplicate_enforcement;
pub(crate) mod duplicate_identifier;
pub(crate) mod duplicate_key;
mod duplicate_program;
mod expired_release;
mod implausible_deadline;
mod inactive_delay;
pub(crate) mod ineffective_key;
pub(crate) mod install_without_download;
mod invalid_build_version;
pub(crate) mod invalid_configuration;
mod invalid_details_url;
mod invalid_identifier;
mod invalid_json;
mod invalid_local_date_time;
mod invalid_os_version;
mod invalid_plist;
mod invalid_server_token;
mod legacy;
mod may_lose_data;
mod merge_conflict;
mod missing_configuration;
mod missing_key;
mod missing_product;
mod needs_newer_os;
mod needs_second_command;
mod needs_supervision;
mod newer_release_available;
mod no_common_platform;
pub(crate) mod not_a_declaration;
mod not_enforceable;
mod order_dependent_merge;
mod out_of_range;
mod overruled_setting;
pub(crate) mod oversized_document;
mod past_deadline;
mod patch_not_named;
pub(crate) mod payload_without_envelope;
mod program_token_conflict;
mod release;
mod removed_command;
mod removed_profile;
mod shadowed_enforcement;
mod skipped_enforcement;
mod supplemental_needs_base;
mod trailing_zero_version;
pub(crate) mod unknown_key;
mod unknown_release;
pub(crate) mod unknown_type;
mod unknown_value;
pub(crate) mod unmatched_paths;
pub(crate) mod unmergeable_placeholder;
mod unreferenced_configuration;
mod unsupported_declaration;
mod unsupported_install_action;
mod unsupported_key;
pub(crate) mod unused_ignore;
mod wrong_type;

use std::ops::Range;
use std::sync::LazyLock;

pub(crate) use availability::Placement;
pub(crate) use legacy::LegacyPart;
pub(crate) use release::Enforced;

use crate::diagnostic::{Draft, Proposal, Remedy, Severity, Spot};
pub use crate::diagnostic::{Example, Rule};
use crate::document::SyntaxFault;
use crate::model::{Form, Settings, Unfit};
use crate::read::{Object, Problem, ProblemKind};
use crate::set::{Combination, Enforcements, Scope, SetDraft};

/// What each rule looks at, and the name of the function for it.
macro_rules! rules {
    ($($name:ident: $kind:ident $(($check:ident))?,)+) => {
        /// Every rule, in the order of the alphabet.
        pub static RULES: &[&Rule] = &[$(&$name::RULE),+];

        static LIST: &[Listed] = &[$(Listed { rule: &$name::RULE, check: Check::$kind $(($name::$check))? }),+];
    };
}

rules! {
    beta_build: Enforcement(check),
    beta_offer_beside_require: Settings(check),
    beta_offer_while_off: Settings(check),
    beta_require_without_always_on: Settings(check),
    build_version_mismatch: Enforcement(check),
    byte_order_mark: Problem,
    command_overridden: Enforcements(check),
    deadline_at_midnight: Enforcement(check),
    deadline_collision: Enforcements(check),
    duplicate_enforcement: Enforcements(check),
    duplicate_identifier: Run,
    duplicate_key: Problem,
    duplicate_program: Problem,
    expired_release: Enforcement(check),
    implausible_deadline: Enforcement(check),
    inactive_delay: Legacy(check),
    ineffective_key: Legacy(check),
    install_without_download: Settings(check),
    invalid_build_version: Problem,
    invalid_configuration: Configuration,
    invalid_details_url: Problem,
    invalid_identifier: Problem,
    invalid_json: Problem,
    invalid_local_date_time: Problem,
    invalid_os_version: Problem,
    invalid_plist: Problem,
    invalid_server_token: Problem,
    may_lose_data: Legacy(check),
    merge_conflict: Combination(check),
    missing_configuration: References(check),
    missing_key: Problem,
    missing_product: Legacy(check),
    needs_newer_os: Placement(check),
    needs_second_command: Legacy(check),
    needs_supervision: Placement(check),
    newer_release_available: Enforcement(check),
    no_common_platform: Placement(check),
    not_a_declaration: Problem,
    not_enforceable: Enforcement(check),
    order_dependent_merge: Combination(check),
    out_of_range: Problem,
    overruled_setting: Combination(check),
    oversized_document: Problem,
    past_deadline: Enforcement(check),
    patch_not_named: Enforcement(check),
    payload_without_envelope: Problem,
    program_token_conflict: Combination(check),
    removed_command: Legacy(check),
    removed_profile: Legacy(check),
    shadowed_enforcement: Enforcements(check),
    skipped_enforcement: Enforcements(check),
    supplemental_needs_base: Enforcements(check),
    trailing_zero_version: Enforcement(check),
    unknown_key: Problem,
    unknown_release: Enforcement(check),
    unknown_type: Problem,
    unknown_value: Problem,
    unmatched_paths: Configuration,
    unmergeable_placeholder: Run,
    unreferenced_configuration: References(check),
    unsupported_declaration: Placement(check),
    unsupported_install_action: Legacy(check),
    unsupported_key: Placement(check),
    unused_ignore: Configuration,
    wrong_type: Problem,
}

/// A rule, and what it looks at.
struct Listed {
    rule: &'static Rule,
    check: Check,
}

/// What a rule looks at.
#[derive(Clone, Copy)]
pub(crate) enum Check {
    /// A problem that reading found: [`word`] puts it into words.
    Problem,
    /// The settings of a declaration, as far as they could be read.
    Settings(SettingsCheck),
    /// An enforcement, as far as it could be read, and what it is judged by.
    Enforcement(EnforcementCheck),
    /// A part of a legacy document, and the devices that it is meant for.
    Legacy(LegacyCheck),
    /// A declaration, or a part of a legacy document, and the devices that it is meant for.
    Placement(PlacementCheck),
    /// Settings that are active together.
    Combination(CombinationCheck),
    /// Enforcements that are active together.
    Enforcements(EnforcementsCheck),
    /// What activations reference.
    References(ReferencesCheck),
    /// The configuration file.
    Configuration,
    /// The declarations of the whole run, one after the other.
    Run,
}

type SettingsCheck = fn(&Object<Settings>, &mut Vec<Draft>);
type EnforcementCheck = fn(&Enforced<'_>, &mut Vec<Draft>);
type LegacyCheck = fn(&LegacyPart<'_>, &mut Vec<Draft>);
type PlacementCheck = fn(&Placement<'_>, &mut Vec<Draft>);
type CombinationCheck = fn(&Combination<'_>, &mut Vec<SetDraft>);
type EnforcementsCheck = fn(&Enforcements<'_>, &mut Vec<SetDraft>);
type ReferencesCheck = fn(&Scope<'_>, &mut Vec<SetDraft>);

/// The functions of each kind, in the order of the rules.
#[derive(Default)]
struct Checks {
    settings: Vec<SettingsCheck>,
    enforcement: Vec<EnforcementCheck>,
    legacy: Vec<LegacyCheck>,
    placement: Vec<PlacementCheck>,
    /// With the severities of their rules.
    combination: Vec<(Severity, CombinationCheck)>,
    enforcements: Vec<EnforcementsCheck>,
    references: Vec<ReferencesCheck>,
}

static CHECKS: LazyLock<Checks> = LazyLock::new(|| {
    let mut checks = Checks::default();
    for Listed { rule, check } in LIST {
        match *check {
            Check::Settings(check) => checks.settings.push(check),
            Check::Enforcement(check) => checks.enforcement.push(check),
            Check::Legacy(check) => checks.legacy.push(check),
            Check::Placement(check) => checks.placement.push(check),
            Check::Combination(check) => checks.combination.push((rule.severity, check)),
            Check::Enforcements(check) => checks.enforcements.push(check),
            Check::References(check) => checks.references.push(check),
            Check::Problem | Check::Configuration | Check::Run => {}
        }
    }
    checks
});

impl Rule {
    /// The rule of the program with this id.
    pub fn find(id: &str) -> Option<&'static Self> {
        RULES.binary_search_by(|rule| (*rule.id).cmp(id)).ok().map(|at| RULES[at])
    }

    /// What it looks at; `None` for a policy.
    pub(crate) fn check(&self) -> Option<Check> {
        LIST.binary_search_by(|listed| listed.rule.id.cmp(&self.id)).ok().map(|at| LIST[at].check)
    }

    /// Whether it finds text that cannot be read.
    pub(crate) fn is_about_syntax(&self) -> bool {
        [&invalid_json::RULE.id, &invalid_plist::RULE.id, &oversized_document::RULE.id].contains(&&self.id)
    }

    /// Whether what it finds in one declaration depends on others.
    pub(crate) fn compares_declarations(&self) -> bool {
        matches!(self.check(), Some(Check::Combination(_) | Check::Enforcements(_) | Check::References(_) | Check::Run))
    }

    /// Whether it is an organisation's own, so that nothing published tells of it.
    pub fn is_policy(&self) -> bool {
        self.check().is_none()
    }

    /// Whether it looks at the configuration file, so that its examples are such files.
    pub fn is_about_configuration(&self) -> bool {
        matches!(self.check(), Some(Check::Configuration))
    }
}

/// Puts a problem into words.
pub(crate) fn word(problem: &Problem) -> Draft {
    match &problem.kind {
        ProblemKind::Syntax(fault) => invalid_json::diagnostic(problem, fault),
        ProblemKind::PropertyList(fault) => syntax(&invalid_plist::RULE, problem, fault),
        ProblemKind::ByteOrderMark => byte_order_mark::diagnostic(problem),
        ProblemKind::TooLarge { bytes } => oversized_document::diagnostic(problem, *bytes),
        ProblemKind::NotADeclaration { found, other } => not_a_declaration::diagnostic(problem, *found, other.as_deref()),
        ProblemKind::UnknownPayload { name, meant, is_declaration } => {
            unknown_type::payload(problem, name, *meant, *is_declaration)
        }
        ProblemKind::PayloadOnly { kind } => payload_without_envelope::diagnostic(problem, kind),
        ProblemKind::DuplicateKey { key, first } => duplicate_key::diagnostic(problem, key, first),
        ProblemKind::MissingKeys { keys, meant } => missing_key::diagnostic(problem, keys, meant),
        ProblemKind::UnknownKey { key, suggestion } => unknown_key::diagnostic(problem, key, suggestion),
        ProblemKind::WrongType { expected, found, text } => wrong_type::diagnostic(problem, expected, *found, text),
        ProblemKind::OutOfRange { value, min, max } => out_of_range::diagnostic(problem, value, *min, *max),
        ProblemKind::UnknownValue { value, values } => unknown_value::diagnostic(problem, value, values),
        ProblemKind::RepeatedItem { index, name } => duplicate_program::diagnostic(problem, *index, name),
        ProblemKind::Unfit { form, unfit, refused } => self::unfit(problem, *form, unfit, *refused),
    }
}

/// The place of a problem.
fn spot(problem: &Problem) -> Spot {
    Spot::at(&problem.pointer, problem.span.clone())
}

/// The words for a mistake in the syntax, which come from the parser.
fn syntax(rule: &'static Rule, problem: &Problem, fault: &SyntaxFault) -> Draft {
    let diagnostic = rule.at(spot(problem), &fault.message).help(&fault.help);
    fault.related.iter().fold(diagnostic, |diagnostic, (message, span): &(String, Range<usize>)| {
        diagnostic.related(message, Spot::at(&problem.pointer, span.clone()))
    })
}

/// The words for a string that has not the form of its key. They come from the type of the value, which knows best.
fn unfit(problem: &Problem, form: Form, unfit: &Unfit, is_refused: bool) -> Draft {
    let rule = match form {
        Form::OsVersion => &invalid_os_version::RULE,
        Form::BuildVersion => &invalid_build_version::RULE,
        Form::LocalDateTime => &invalid_local_date_time::RULE,
        Form::Url => &invalid_details_url::RULE,
        Form::Identifier => &invalid_identifier::RULE,
        Form::ServerToken => &invalid_server_token::RULE,
        Form::DeclarationType => &unknown_type::RULE,
    };
    let fix =
        unfit.mended.as_ref().map(|text| Proposal::safe(Remedy::Replace(format!("\"{text}\"")), format!("write \"{text}\"")));
    rule.at(spot(problem), format!("{} {}", problem.name, unfit.problem)).help(&unfit.help).fix(fix).severity(if is_refused {
        rule.severity
    } else {
        Severity::Warning
    })
}

/// Judges the keys of a settings declaration against one another.
pub(crate) fn judge_settings(settings: &Object<Settings>, diagnostics: &mut Vec<Draft>) {
    CHECKS.settings.iter().for_each(|check| check(settings, diagnostics));
}

/// Judges one enforcement.
pub(crate) fn judge_enforcement(enforced: &Enforced<'_>, diagnostics: &mut Vec<Draft>) {
    CHECKS.enforcement.iter().for_each(|check| check(enforced, diagnostics));
}

/// Judges a part of a legacy document.
pub(crate) fn judge_legacy(part: &LegacyPart<'_>, diagnostics: &mut Vec<Draft>) {
    CHECKS.legacy.iter().for_each(|check| check(part, diagnostics));
}

/// Judges the keys of a declaration against the devices that it is meant for.
pub(crate) fn judge_placement(placement: &Placement<'_>, diagnostics: &mut Vec<Draft>) {
    CHECKS.placement.iter().for_each(|check| check(placement, diagnostics));
}

/// Judges settings that are active together, by the rules of at least this severity: very many declarations give very many notes.
pub(crate) fn judge_combination(combination: &Combination<'_>, least: Severity, diagnostics: &mut Vec<SetDraft>) {
    let checks = CHECKS.combination.iter().filter(|(severity, _)| *severity >= least);
    checks.for_each(|(_, check)| check(combination, diagnostics));
}

/// Judges enforcements that are active together.
pub(crate) fn judge_enforcements(enforcements: &Enforcements<'_>, diagnostics: &mut Vec<SetDraft>) {
    CHECKS.enforcements.iter().for_each(|check| check(enforcements, diagnostics));
}

/// Judges what the activations of a run or a set reference.
pub(crate) fn judge_references(scope: &Scope<'_>, diagnostics: &mut Vec<SetDraft>) {
    CHECKS.references.iter().for_each(|check| check(scope, diagnostics));
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ids_are_kebab_case_sorted_and_named_like_their_files() {
        let ids: Vec<&str> = RULES.iter().map(|rule| &*rule.id).collect();
        assert!(ids.is_sorted(), "{ids:?}");
        assert!(ids.iter().all(|id| id.bytes().all(|byte| byte.is_ascii_lowercase() || byte == b'-')));
    }

    #[test]
    fn every_rule_shows_what_it_finds_and_what_not() {
        for rule in RULES {
            // An example of a document beyond 16 MiB would have to be one; the other speaks only of merging.
            let shows = ["oversized-document", "unmergeable-placeholder"].contains(&&*rule.id)
                || rule.examples.iter().any(|example| !example.finds.is_empty());
            assert!(shows, "{}: no example of the fault", rule.id);
            assert!(rule.examples.iter().any(|example| example.finds.is_empty()), "{}: no example without", rule.id);
            assert!(!rule.summary.is_empty() && !rule.explanation.is_empty() && !rule.summary.ends_with('.'), "{}", rule.id);
        }
    }
}
