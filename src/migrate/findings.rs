//! The findings of the rules about a legacy document.

use crate::diagnostic::{Diagnostic, Draft, Drafts, Proposal, Rule, Spot, drop_repeated};
use crate::validate::rules::{missing_key, unknown_type};
use crate::validate::{Part, Reading};

/// The findings about the settings of a document, by JSON pointer.
pub(super) struct Findings {
    pub(super) all: Vec<Diagnostic<String, Proposal>>,
}

impl Findings {
    pub(super) fn new(drafts: Drafts, reading: &Reading<'_>) -> Self {
        let is_profile = reading.kind.is_some_and(|kind| reading.schema.kind(kind).family.is_profile());
        // The required keys of profiles and payloads identify them, and are not settings.
        let is_setting = |draft: &Draft| !(is_profile && draft.rule.id == missing_key::RULE.id);
        let pointer = |spot| if let Spot::At(region) = spot { region.pointer } else { String::new() };
        let mut all = drafts.into_iter().filter(is_setting).map(|draft| draft.locate(pointer)).collect();
        drop_repeated(&mut all);
        Self { all }
    }

    /// The message of a rule at a pointer.
    pub(super) fn at(&self, pointer: &str, rule: &Rule) -> Option<&str> {
        let finding = self.all.iter().find(|finding| finding.place == pointer && finding.rule.id == rule.id);
        finding.map(|finding| finding.message.as_str())
    }

    /// Returns why the value at a pointer could not be read, or that of the same key in another payload.
    pub(super) fn why(&self, pointer: &str) -> String {
        let key = pointer.rfind('/').map_or(pointer, |at| &pointer[at..]);
        let finding = self.all.iter().find(|finding| finding.place == pointer);
        let finding = finding.or_else(|| self.all.iter().find(|finding| finding.place.ends_with(key)));
        finding.map_or_else(|| "it contains a placeholder".to_owned(), |finding| finding.message.clone())
    }

    /// Returns why devices ignore a whole payload, if they do.
    pub(super) fn of_payload(&self, part: &Part<'_>) -> Option<&str> {
        let name = part.named.as_ref().map_or_else(|| format!("{}/PayloadType", part.pointer), |named| named.pointer.clone());
        self.at(&name, &unknown_type::RULE)
    }
}
