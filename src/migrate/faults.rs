//! What is wrong with a legacy document, in the words of the rules.

use crate::diagnostic::{Diagnostic, Draft, Proposal, Rule, Spot};
use crate::validate::Reading;
use crate::validate::rules::{missing_key, unknown_type};

/// Everything that is wrong with the settings of a document, with JSON pointers.
pub(super) struct Faults {
    pub(super) all: Vec<Diagnostic<String, Proposal>>,
}

impl Faults {
    pub(super) fn new(drafts: Vec<Draft>, reading: &Reading<'_>) -> Self {
        let is_profile = reading.kind.is_some_and(|kind| reading.schema.kind(kind).family.is_profile());
        // What a profile and its payloads require names them, and is not a setting.
        let is_setting = |draft: &Draft| !(is_profile && draft.rule.id == missing_key::RULE.id);
        let pointer = |spot| if let Spot::At(region) = spot { region.pointer } else { String::new() };
        Self { all: drafts.into_iter().filter(is_setting).map(|draft| draft.locate(pointer)).collect() }
    }

    /// What a rule says about a place.
    pub(super) fn at(&self, pointer: &str, rule: &Rule) -> Option<&str> {
        let fault = self.all.iter().find(|fault| fault.place == pointer && fault.rule.id == rule.id);
        fault.map(|fault| fault.message.as_str())
    }

    /// Why a value could not be read.
    pub(super) fn why(&self, pointer: &str) -> String {
        let fault = self.all.iter().find(|fault| fault.place == pointer);
        fault.map_or_else(|| "a template fills it in later".to_owned(), |fault| fault.message.clone())
    }

    /// Why devices ignore a payload as a whole, if they do.
    pub(super) fn of_payload(&self, pointer: &str) -> Option<&str> {
        self.at(&format!("{pointer}/PayloadType"), &unknown_type::RULE)
    }
}
