//! `duplicate-program`

use std::collections::HashSet;

use foldhash::quality::RandomState;

use super::{Check, Example, Rule};
use crate::finding::{Fault, Severity};
use crate::fix::{Proposal, Remedy};
use crate::keys::settings::OFFER_PROGRAMS;
use crate::model::{Program, Settings};
use crate::read::Object;
use crate::words::shown;

pub(super) static RULE: Rule = Rule {
    id: "duplicate-program",
    severity: Severity::Note,
    is_optional: false,
    summary: "OfferPrograms names a beta program twice",
    explanation: "A device offers every distinct program once, so the second entry has no effect. Perhaps another program was meant.",
    examples: &[
        Example {
            document: r#"{
  "Type": "com.apple.configuration.softwareupdate.settings",
  "Identifier": "com.example.beta",
  "Payload": { "Beta": { "OfferPrograms": [
    { "Description": "AppleSeed for IT", "Token": "one" },
    { "Description": "AppleSeed for IT", "Token": "one" }
  ] } }
}"#,
            options: &[],
            finds: &[("/Payload/Beta/OfferPrograms", Severity::Note)],
        },
        Example {
            document: r#"{
  "Type": "com.apple.configuration.softwareupdate.settings",
  "Identifier": "com.example.beta",
  "Payload": { "Beta": { "OfferPrograms": [{ "Description": "AppleSeed for IT", "Token": "one" }] } }
}"#,
            options: &[],
            finds: &[],
        },
    ],
    check: Check::Settings(check),
};

fn check(settings: &Object<Settings>, faults: &mut Vec<Fault>) {
    let Some(programs) = settings.get(&OFFER_PROGRAMS) else { return };
    let Some(at) = repeated(programs) else { return };
    let message = format!("item {} of OfferPrograms, {}, is there already", at + 1, shown(&programs[at].description));
    let fix = Proposal::safe(Remedy::RemoveItem(at), "remove the second entry");
    faults.push(Fault::at(OFFER_PROGRAMS.path, message).help("remove the second entry").fix(Some(fix)));
}

/// The first program that is there already.
fn repeated(programs: &[Program]) -> Option<usize> {
    // Most lists are in order, and then a look at the neighbours tells.
    if programs.is_sorted_by(|one, next| one < next) {
        return None;
    }
    let mut seen = HashSet::with_capacity_and_hasher(programs.len(), RandomState::default());
    programs.iter().position(|program| !seen.insert(program))
}
