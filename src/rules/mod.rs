//! The rules: one file each, with its texts, examples and function.
//!
//! A rule must not know clocks, the environment or the configuration, which may change the severity of findings later.
//!
//! To add a rule, write its file, and add it to the modules and the list below. Its examples are documentation and tests.

mod activation_blocked;
mod activation_names_asset;
mod availability;
mod beta_build;
pub(crate) mod beta_offer_beside_require;
pub(crate) mod beta_offer_while_off;
pub(crate) mod beta_require_without_always_on;
mod build_version_mismatch;
mod command_overridden;
pub(crate) mod conflicting_keys;
mod conflicting_single;
mod constant_predicate;
mod deadline_at_midnight;
mod deadline_collision;
mod deferral_beside_enforcement;
mod deprecated_key;
mod duplicate_enforcement;
pub(crate) mod duplicate_identifier;
mod empty_activation;
mod expired_release;
mod implausible_deadline;
pub(crate) mod impossible_release;
mod inactive_delay;
pub(crate) mod ineffective_key;
pub(crate) mod install_without_download;
pub(crate) mod invalid_configuration;
mod invalid_format;
mod invalid_predicate;
mod legacy;
mod may_lose_data;
mod merge_conflict;
pub(crate) mod missing_alternative;
mod missing_asset;
mod missing_configuration;
pub(crate) mod missing_file;
mod missing_product;
mod needs_newer_os;
mod needs_second_command;
mod needs_supervision;
mod never_enforced;
mod newer_release_available;
mod no_common_platform;
mod not_enforceable;
mod order_dependent_merge;
mod overruled_setting;
mod past_deadline;
mod patch_not_named;
mod predicates;
mod program_token_conflict;
mod references;
mod release;
mod removed_command;
mod removed_key;
mod removed_profile;
pub(crate) mod sets;
mod shadowed_enforcement;
mod skipped_enforcement;
mod stated;
mod supplemental_needs_base;
mod suspicious_predicate;
pub(crate) mod too_many_findings;
mod trailing_zero_version;
pub(crate) mod undefined_merge;
mod unknown_property;
mod unknown_release;
mod unknown_status_item;
pub(crate) mod unmatched_paths;
pub(crate) mod unmergeable_placeholder;
mod unreferenced_asset;
mod unreferenced_configuration;
mod unsubscribed_status_item;
mod unsupported_declaration;
mod unsupported_install_action;
mod unsupported_key;
pub(crate) mod unused_ignore;
mod unverifiable_asset;
mod wrong_asset_type;
mod wrong_content_type;

use std::sync::LazyLock;

pub(crate) use availability::Placement;
pub(crate) use legacy::LegacyPart;
pub(crate) use predicates::Condition;
pub(crate) use release::{Circumstances, Enforced};
pub(crate) use unknown_status_item::Subscriptions;

use stated::Stated;

use crate::apple::Target;
use crate::diagnostic::{Drafts, Severity};
pub use crate::diagnostic::{Example, Rule};
use crate::set::{Combination, Enforcements, Gathered, Scope, SetDrafts};
use crate::syntax::Placeholders;
pub(crate) use crate::syntax::rules::{
    ambiguous_integer, ambiguous_yaml, byte_order_mark, fractional_integer, invalid_encoding, invalid_json, invalid_plist,
    invalid_yaml, oversized_document,
};
pub(crate) use crate::validate::rules::{
    duplicate_key, duplicate_program, invalid_build_version, invalid_data, invalid_details_url, invalid_fleet_update,
    invalid_identifier, invalid_local_date_time, invalid_os_version, invalid_server_token, jamf_component, lower_case_envelope,
    missing_key, not_a_declaration, out_of_range, payload_without_envelope, unknown_key, unknown_type, unknown_value, wrong_type,
};
use crate::validate::{Object, Reading};

/// Lists the rules, each with what it checks and, where `rules` calls one, its function.
macro_rules! rules {
    ($($name:ident: $kind:ident $(($($check:ident),+))?,)+) => {
        /// Every rule, in alphabetical order.
        pub static RULES: &[&Rule] = &[$(&$name::RULE),+];

        static LIST: &[Listed] = &[$(Listed { rule: &$name::RULE, check: Check::$kind $(($($name::$check),+))? }),+];
    };
}

rules! {
    activation_blocked: References(check),
    activation_names_asset: References(check),
    ambiguous_integer: Structure,
    ambiguous_yaml: Structure,
    beta_build: Enforcement(check),
    beta_offer_beside_require: Settings(check),
    beta_offer_while_off: Settings(check),
    beta_require_without_always_on: Settings(check),
    build_version_mismatch: Enforcement(check),
    byte_order_mark: Structure,
    command_overridden: Enforcements(check),
    conflicting_keys: Prose(check),
    conflicting_single: Active(check),
    constant_predicate: Predicate(check),
    deadline_at_midnight: Enforcement(check),
    deadline_collision: Enforcements(check),
    deferral_beside_enforcement: Enforcements(check),
    deprecated_key: Placement(check),
    duplicate_enforcement: Enforcements(check),
    duplicate_identifier: Run,
    duplicate_key: Structure,
    duplicate_program: Structure,
    empty_activation: References(check),
    expired_release: Enforcement(check),
    fractional_integer: Structure,
    implausible_deadline: Enforcement(check),
    impossible_release: EnforcementAndLegacy(check, check_update),
    inactive_delay: Legacy(check),
    ineffective_key: LegacyAndProse(check, check_claim),
    install_without_download: Settings(check),
    invalid_build_version: Structure,
    invalid_configuration: Configuration,
    invalid_data: Structure,
    invalid_details_url: Structure,
    invalid_encoding: Structure,
    invalid_fleet_update: Structure,
    invalid_format: Prose(check),
    invalid_identifier: Structure,
    invalid_json: Structure,
    invalid_local_date_time: Structure,
    invalid_os_version: Structure,
    invalid_plist: Structure,
    invalid_predicate: Predicate(check),
    invalid_server_token: Structure,
    invalid_yaml: Structure,
    jamf_component: Structure,
    lower_case_envelope: Structure,
    may_lose_data: Legacy(check),
    merge_conflict: Combination(check),
    missing_alternative: Prose(check),
    missing_asset: References(check),
    missing_configuration: References(check),
    missing_file: Run,
    missing_key: Structure,
    missing_product: Legacy(check),
    needs_newer_os: Placement(check),
    needs_second_command: Legacy(check),
    needs_supervision: Placement(check),
    never_enforced: Enforcement(check),
    newer_release_available: Enforcement(check),
    no_common_platform: Placement(check),
    not_a_declaration: Structure,
    not_enforceable: Enforcement(check),
    order_dependent_merge: Combination(check),
    out_of_range: Structure,
    overruled_setting: Combination(check),
    oversized_document: Structure,
    past_deadline: Enforcement(check),
    patch_not_named: Enforcement(check),
    payload_without_envelope: Structure,
    program_token_conflict: Combination(check),
    removed_command: Legacy(check),
    removed_key: Placement(check),
    removed_profile: Legacy(check),
    shadowed_enforcement: Enforcements(check),
    skipped_enforcement: Enforcements(check),
    supplemental_needs_base: Enforcements(check),
    suspicious_predicate: Predicate(check),
    too_many_findings: Structure,
    trailing_zero_version: Enforcement(check),
    undefined_merge: Combination(check),
    unknown_key: Structure,
    unknown_property: References(check),
    unknown_release: Enforcement(check),
    unknown_status_item: SubscriptionsAndPredicate(check, check_predicate),
    unknown_type: Structure,
    unknown_value: Structure,
    unmatched_paths: Configuration,
    unmergeable_placeholder: Run,
    unreferenced_asset: References(check),
    unreferenced_configuration: References(check),
    unsubscribed_status_item: References(check),
    unsupported_declaration: Placement(check),
    unsupported_install_action: Legacy(check),
    unsupported_key: Placement(check),
    unused_ignore: Configuration,
    unverifiable_asset: References(check),
    wrong_asset_type: References(check),
    wrong_content_type: References(check),
    wrong_type: Structure,
}

/// A rule, and what it checks.
struct Listed {
    rule: &'static Rule,
    check: Check,
}

/// What a rule checks.
#[derive(Clone, Copy)]
pub(crate) enum Check {
    /// The structure of a document; reading reports it.
    Structure,
    /// The readable settings of a declaration.
    Settings(SettingsCheck),
    /// An enforcement, and the facts that it is judged by.
    Enforcement(EnforcementCheck),
    /// Both an enforcement and a part of a legacy document.
    EnforcementAndLegacy(EnforcementCheck, LegacyCheck),
    /// The predicate of an activation, and its target devices.
    Predicate(PredicateCheck),
    /// Both the status items that a declaration subscribes to, and the predicate of an activation.
    SubscriptionsAndPredicate(SubscriptionsCheck, PredicateCheck),
    /// A part of a legacy document, and its target devices.
    Legacy(LegacyCheck),
    /// What Apple says in prose about the keys of a declaration.
    Prose(ProseCheck),
    /// Both a part of a legacy document and Apple's prose.
    LegacyAndProse(LegacyCheck, ProseCheck),
    /// A declaration, or a part of a legacy document, and its target devices.
    Placement(PlacementCheck),
    /// Settings that are active together.
    Combination(CombinationCheck),
    /// Declarations that are active together.
    Active(ActiveCheck),
    /// Enforcements that are active together.
    Enforcements(EnforcementsCheck),
    /// The references between declarations.
    References(ReferencesCheck),
    /// The configuration file.
    Configuration,
    /// All declarations of the run, one after the other.
    Run,
}

/// What some rules judge, and whether a rule is one of them.
#[cfg(feature = "cli")]
type Subject = (&'static str, fn(Check) -> bool);

/// What rules judge, in the order of the list of rules.
#[cfg(feature = "cli")]
pub(crate) const SUBJECTS: [Subject; 9] = [
    ("Syntax, keys and values", |check| matches!(check, Check::Structure)),
    ("Keys that belong together", |check| matches!(check, Check::Settings(_) | Check::Prose(_) | Check::LegacyAndProse(..))),
    ("Target devices", |check| matches!(check, Check::Placement(_))),
    ("Enforced updates", |check| matches!(check, Check::Enforcement(_) | Check::EnforcementAndLegacy(..))),
    ("Predicates and status items", |check| matches!(check, Check::Predicate(_) | Check::SubscriptionsAndPredicate(..))),
    ("References and identifiers", |check| matches!(check, Check::References(_) | Check::Run)),
    ("Declarations that are active together", |check| {
        matches!(check, Check::Combination(_) | Check::Active(_) | Check::Enforcements(_))
    }),
    ("Commands and profiles", |check| matches!(check, Check::Legacy(_))),
    ("ddmc.toml", |check| matches!(check, Check::Configuration)),
];

type SettingsCheck = fn(Object<'_, '_>, &mut Drafts);
type EnforcementCheck = fn(&Enforced<'_>, &mut Drafts);
type SubscriptionsCheck = fn(&Subscriptions<'_>, &mut Drafts);
type PredicateCheck = fn(&Condition<'_>, &mut Drafts);
type LegacyCheck = fn(&LegacyPart<'_>, &mut Drafts);
type ProseCheck = fn(&Stated<'_, '_>, &mut Drafts);
type PlacementCheck = fn(&Placement<'_>, &mut Drafts);
type CombinationCheck = fn(&Combination<'_>, &mut SetDrafts);
type ActiveCheck = fn(&Gathered, &[usize], &mut SetDrafts);
type EnforcementsCheck = fn(&Enforcements<'_>, &mut SetDrafts);
type ReferencesCheck = fn(&Scope<'_>, &mut SetDrafts);

/// The functions by kind, in the order of the rules.
#[derive(Default)]
struct Checks {
    settings: Vec<SettingsCheck>,
    enforcement: Vec<EnforcementCheck>,
    subscriptions: Vec<SubscriptionsCheck>,
    predicate: Vec<PredicateCheck>,
    legacy: Vec<LegacyCheck>,
    prose: Vec<ProseCheck>,
    placement: Vec<PlacementCheck>,
    /// With the severity of each rule.
    combination: Vec<(Severity, CombinationCheck)>,
    active: Vec<ActiveCheck>,
    enforcements: Vec<EnforcementsCheck>,
    references: Vec<ReferencesCheck>,
}

static CHECKS: LazyLock<Checks> = LazyLock::new(|| {
    let mut checks = Checks::default();
    for Listed { rule, check } in LIST {
        match *check {
            Check::Settings(check) => checks.settings.push(check),
            Check::Enforcement(check) => checks.enforcement.push(check),
            Check::EnforcementAndLegacy(enforcement, legacy) => {
                checks.enforcement.push(enforcement);
                checks.legacy.push(legacy);
            }
            Check::Predicate(check) => checks.predicate.push(check),
            Check::SubscriptionsAndPredicate(subscriptions, predicate) => {
                checks.subscriptions.push(subscriptions);
                checks.predicate.push(predicate);
            }
            Check::Legacy(check) => checks.legacy.push(check),
            Check::Prose(check) => checks.prose.push(check),
            Check::LegacyAndProse(legacy, prose) => {
                checks.legacy.push(legacy);
                checks.prose.push(prose);
            }
            Check::Placement(check) => checks.placement.push(check),
            Check::Combination(check) => checks.combination.push((rule.severity, check)),
            Check::Active(check) => checks.active.push(check),
            Check::Enforcements(check) => checks.enforcements.push(check),
            Check::References(check) => checks.references.push(check),
            Check::Structure | Check::Configuration | Check::Run => {}
        }
    }
    checks
});

impl Rule {
    /// The rule of the program with this id.
    pub fn find(id: &str) -> Option<&'static Self> {
        RULES.binary_search_by(|rule| (*rule.id).cmp(id)).ok().map(|at| RULES[at])
    }

    /// What it checks; `None` for a policy.
    pub(crate) fn check(&self) -> Option<Check> {
        LIST.binary_search_by(|listed| listed.rule.id.cmp(&self.id)).ok().map(|at| LIST[at].check)
    }

    /// What it judges; empty for a policy.
    #[cfg(feature = "cli")]
    pub(crate) fn subject(&self) -> &'static str {
        let check = self.check();
        let subject = check.and_then(|check| SUBJECTS.iter().find(|(_, holds)| holds(check)));
        subject.map_or("", |(name, _)| name)
    }

    /// Whether it reports text that cannot be read.
    pub(crate) fn is_about_syntax(&self) -> bool {
        [&invalid_json::RULE.id, &invalid_plist::RULE.id, &invalid_yaml::RULE.id, &oversized_document::RULE.id]
            .contains(&&self.id)
    }

    /// Whether its findings in one declaration depend on others.
    pub(crate) fn compares_declarations(&self) -> bool {
        matches!(
            self.check(),
            Some(Check::Combination(_) | Check::Active(_) | Check::Enforcements(_) | Check::References(_) | Check::Run)
        )
    }

    /// Whether it is an organisation's own rule, which the published documentation does not describe.
    pub fn is_policy(&self) -> bool {
        self.check().is_none()
    }

    /// Whether it checks the configuration file, so that its examples are such files.
    pub fn is_about_configuration(&self) -> bool {
        matches!(self.check(), Some(Check::Configuration))
    }
}

/// Judges the keys of a settings declaration against one another.
pub(crate) fn judge_settings(settings: Object<'_, '_>, diagnostics: &mut Drafts) {
    CHECKS.settings.iter().for_each(|check| check(settings, diagnostics));
}

/// Judges one enforcement.
pub(crate) fn judge_enforcement(enforced: &Enforced<'_>, diagnostics: &mut Drafts) {
    CHECKS.enforcement.iter().for_each(|check| check(enforced, diagnostics));
}

/// Judges the status items that a declaration subscribes to.
pub(crate) fn judge_subscriptions(subscriptions: &Subscriptions<'_>, diagnostics: &mut Drafts) {
    CHECKS.subscriptions.iter().for_each(|check| check(subscriptions, diagnostics));
}

/// Judges the predicate of an activation.
pub(crate) fn judge_predicate(condition: &Condition<'_>, diagnostics: &mut Drafts) {
    CHECKS.predicate.iter().for_each(|check| check(condition, diagnostics));
}

/// Judges a part of a legacy document.
pub(crate) fn judge_legacy(part: &LegacyPart<'_>, diagnostics: &mut Drafts) {
    CHECKS.legacy.iter().for_each(|check| check(part, diagnostics));
}

/// Judges the keys of a declaration by Apple's prose.
pub(crate) fn judge_prose(reading: &Reading<'_>, targets: &[Target], placeholders: &Placeholders, diagnostics: &mut Drafts) {
    stated::visit(reading, targets, placeholders, &mut |stated| {
        CHECKS.prose.iter().for_each(|check| check(stated, diagnostics));
    });
}

/// Judges the keys of a declaration against its target devices.
pub(crate) fn judge_placement(placement: &Placement<'_>, diagnostics: &mut Drafts) {
    CHECKS.placement.iter().for_each(|check| check(placement, diagnostics));
}

/// Judges settings that are active together, by the rules of at least this severity: a large set produces many notes.
pub(crate) fn judge_combination(combination: &Combination<'_>, least: Severity, diagnostics: &mut SetDrafts) {
    let checks = CHECKS.combination.iter().filter(|(severity, _)| *severity >= least);
    checks.for_each(|(_, check)| check(combination, diagnostics));
}

/// Judges declarations that are active together, as a whole.
pub(crate) fn judge_active(gathered: &Gathered, set: &[usize], diagnostics: &mut SetDrafts) {
    CHECKS.active.iter().for_each(|check| check(gathered, set, diagnostics));
}

/// Judges enforcements that are active together.
pub(crate) fn judge_enforcements(enforcements: &Enforcements<'_>, diagnostics: &mut SetDrafts) {
    CHECKS.enforcements.iter().for_each(|check| check(enforcements, diagnostics));
}

/// Judges the references between the declarations of a run or a set.
pub(crate) fn judge_references(scope: &Scope<'_>, diagnostics: &mut SetDrafts) {
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

    #[cfg(feature = "cli")]
    #[test]
    fn every_rule_has_one_subject() {
        for Listed { rule, check } in LIST {
            assert_eq!(SUBJECTS.iter().filter(|(_, holds)| holds(*check)).count(), 1, "{}", rule.id);
        }
    }

    #[test]
    fn every_rule_has_examples_with_and_without_findings() {
        for rule in RULES {
            // Two would need very large examples, one another encoding, one a newer schema, and one only reports when merging.
            let has_fault =
                ["invalid-encoding", "oversized-document", "removed-key", "too-many-findings", "unmergeable-placeholder"]
                    .contains(&&*rule.id)
                    || rule.examples.iter().any(|example| !example.finds.is_empty());
            assert!(has_fault, "{}: no example with findings", rule.id);
            assert!(rule.examples.iter().any(|example| example.finds.is_empty()), "{}: no example without findings", rule.id);
            assert!(!rule.summary.is_empty() && !rule.explanation.is_empty() && !rule.summary.ends_with('.'), "{}", rule.id);
        }
    }
}
