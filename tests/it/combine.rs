//! Combining settings, compared with an independent implementation of Apple's rules, and its laws for whole payloads.

use ddmc::apple::{AutomaticActions, Beta, Cadence, Control, DeferralDays, Deferrals, Program, RapidSecurityResponse, Settings};
use ddmc::combine;
use proptest::collection::vec;
use proptest::option::of;
use proptest::prelude::*;
use serde_json::{Map, Value, json};

fn days() -> impl Strategy<Value = Option<DeferralDays>> {
    of((1_i64..=90).prop_map(|days| DeferralDays::try_from(days).expect("it is in range")))
}

fn control() -> impl Strategy<Value = Option<Control>> {
    of(prop::sample::select(vec![Control::Allowed, Control::AlwaysOn, Control::AlwaysOff]))
}

fn program() -> impl Strategy<Value = Program> {
    (0..4, 0..4).prop_map(|(description, token)| Program { description: format!("d{description}"), token: format!("t{token}") })
}

/// Random settings. A group without keys is absent.
fn settings() -> impl Strategy<Value = Settings> {
    let deferrals = (days(), days(), days(), days()).prop_map(|(combined, major, minor, system)| Deferrals {
        combined_period_in_days: combined,
        major_period_in_days: major,
        minor_period_in_days: minor,
        system_period_in_days: system,
    });
    let actions = (control(), control(), control()).prop_map(|(download, install, security)| AutomaticActions {
        download,
        install_os_updates: install,
        install_security_update: security,
    });
    let response = (of(any::<bool>()), of(any::<bool>()))
        .prop_map(|(enable, rollback)| RapidSecurityResponse { enable, enable_rollback: rollback });
    let beta = (control(), of(vec(program(), 0..4)), of(program())).prop_map(|(enrollment, offer, require)| Beta {
        program_enrollment: enrollment,
        offer_programs: offer,
        require_program: require,
    });
    let cadence = of(prop::sample::select(vec![Cadence::All, Cadence::Oldest, Cadence::Newest]));
    (of(any::<bool>()), of(deferrals), cadence, of(actions), of(response), of(any::<bool>()), of(beta)).prop_map(
        |(notifications, deferrals, cadence, actions, response, standard, beta)| Settings {
            notifications,
            deferrals: deferrals.filter(|group| *group != Deferrals::default()),
            recommended_cadence: cadence,
            automatic_actions: actions.filter(|group| *group != AutomaticActions::default()),
            rapid_security_response: response.filter(|group| *group != RapidSecurityResponse::default()),
            allow_standard_user_os_updates: standard,
            beta: beta.filter(|group| *group != Beta::default()),
        },
    )
}

/// An independent implementation of Apple's rules, on plain JSON.
fn independent(all: &[Settings]) -> Value {
    let all: Vec<Value> = all.iter().map(|settings| serde_json::to_value(settings).expect("settings can be written")).collect();
    let mut combined = Map::new();
    for (group, key, rule) in [
        ("", "Notifications", "and"),
        ("Deferrals", "CombinedPeriodInDays", "max"),
        ("Deferrals", "MajorPeriodInDays", "max"),
        ("Deferrals", "MinorPeriodInDays", "max"),
        ("Deferrals", "SystemPeriodInDays", "max"),
        ("", "RecommendedCadence", "All Oldest Newest"),
        ("AutomaticActions", "Download", "Allowed AlwaysOn AlwaysOff"),
        ("AutomaticActions", "InstallOSUpdates", "Allowed AlwaysOn AlwaysOff"),
        ("AutomaticActions", "InstallSecurityUpdate", "Allowed AlwaysOn AlwaysOff"),
        ("RapidSecurityResponse", "Enable", "and"),
        ("RapidSecurityResponse", "EnableRollback", "and"),
        ("", "AllowStandardUserOSUpdates", "and"),
        ("Beta", "ProgramEnrollment", "Allowed AlwaysOn AlwaysOff"),
        ("Beta", "OfferPrograms", "union"),
        ("Beta", "RequireProgram", "first"),
    ] {
        let values: Vec<&Value> = all
            .iter()
            .filter_map(|document| if group.is_empty() { document.get(key) } else { document.get(group)?.get(key) })
            .collect();
        let Some(first) = values.first() else { continue };
        let value = match rule {
            "and" => json!(values.iter().all(|value| **value == json!(true))),
            "max" => json!(values.iter().filter_map(|value| value.as_i64()).max()),
            "first" => (*first).clone(),
            "union" => {
                let mut members: Vec<(String, String)> = values
                    .iter()
                    .filter_map(|value| value.as_array())
                    .flatten()
                    .map(|program| (program["Description"].to_string(), program["Token"].to_string()))
                    .collect();
                members.sort();
                members.dedup();
                let text = |json: &str| serde_json::from_str::<Value>(json).expect("it was written as JSON");
                members
                    .iter()
                    .map(|(description, token)| json!({ "Description": text(description), "Token": text(token) }))
                    .collect()
            }
            list => json!(list.split(' ').rfind(|name| values.iter().any(|value| *value == name))),
        };
        if group.is_empty() {
            combined.insert(key.to_owned(), value);
        } else {
            combined.entry(group).or_insert_with(|| json!({}))[key] = value;
        }
    }
    Value::Object(combined)
}

fn without_first(mut settings: Settings) -> Settings {
    if let Some(beta) = &mut settings.beta {
        beta.require_program = None;
    }
    settings.beta = settings.beta.filter(|beta| *beta != Beta::default());
    settings
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 2000, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn combining_follows_apples_rules(all in vec(settings(), 0..6)) {
        prop_assert_eq!(serde_json::to_value(combine(all.clone())).expect("settings can be written"), independent(&all));
    }

    #[test]
    fn grouping_does_not_matter(one in vec(settings(), 0..4), other in vec(settings(), 0..4)) {
        let ungrouped = combine(one.iter().chain(&other).cloned());
        prop_assert_eq!(combine([combine(one), combine(other)]), ungrouped);
    }

    #[test]
    fn order_matters_only_for_first(all in vec(settings(), 0..6)) {
        let backwards = combine(all.iter().rev().cloned());
        prop_assert_eq!(without_first(backwards), without_first(combine(all)));
    }

    #[test]
    fn combining_the_result_with_its_inputs_changes_nothing(all in vec(settings(), 0..5)) {
        let once = combine(all.clone());
        prop_assert_eq!(combine([once.clone()].into_iter().chain(all)), once.clone());
        prop_assert_eq!(combine([once.clone(), once.clone(), Settings::default()]), once);
    }
}
