//! What the rules about availability share: which keys of a declaration meet which devices.

use crate::diagnostic::Draft;
use crate::keys::{AnyKey, Owner, Shape, Support, Table, Verdict};
use crate::model::Target;
use crate::words::list;

/// A declaration, or a part of a legacy document, and the devices that it is meant for.
pub(crate) struct Placement<'d> {
    pub(crate) owner: Owner,
    /// Where it exists as a whole.
    pub(crate) support: &'static Support,
    /// The keys that stand in it, whatever their values.
    pub(crate) keys: Vec<&'static dyn AnyKey>,
    /// Whether it stands for the whole of its owner, and not for an item of it.
    pub(crate) is_head: bool,
    pub(crate) targets: &'d [Target],
}

impl<'d> Placement<'d> {
    /// `None` if it is not known where its owner exists.
    pub(crate) fn new(owner: Owner, keys: Vec<&'static dyn AnyKey>, is_head: bool, targets: &'d [Target]) -> Option<Self> {
        let support = Table::of(&owner)?.support;
        Some(Self { owner, support, keys, is_head, targets })
    }

    /// Whether it is a command, or an update of one.
    pub(crate) fn is_command(&self) -> bool {
        matches!(self.owner, Owner::Legacy(document) if document.is_command())
    }

    /// The keys that say something: no groups, whose keys speak for them, unless they are empty.
    pub(crate) fn settings(&self) -> impl Iterator<Item = &'static dyn AnyKey> {
        let is_parent = |key: &dyn AnyKey| self.keys.iter().any(|other| other.group() == key.path());
        self.keys.iter().copied().filter(move |key| !matches!(key.shape(), Shape::Group) || !is_parent(*key))
    }

    /// The devices that take the declaration and meet a key with a verdict that `is_meant` picks.
    pub(crate) fn met(&self, key: &dyn AnyKey, is_meant: impl Fn(Verdict) -> bool) -> Vec<&'d Target> {
        let takes = |target: &&Target| self.support.verdict(target) == Verdict::Available;
        self.targets.iter().filter(takes).filter(|target| is_meant(key.support().verdict(target))).collect()
    }

    /// Finds each key that some devices meet with a verdict that `is_meant` picks.
    pub(crate) fn judge(
        &self,
        diagnostics: &mut Vec<Draft>,
        is_meant: impl Fn(Verdict) -> bool,
        word: impl Fn(&'static dyn AnyKey, &[&Target]) -> Draft,
    ) {
        for key in self.settings() {
            let targets = self.met(key, &is_meant);
            if !targets.is_empty() {
                diagnostics.push(word(key, &targets));
            }
        }
    }
}

/// Devices, as a sentence lists them.
pub(crate) fn names(targets: &[&Target], conjunction: &str) -> String {
    list(&targets.iter().map(ToString::to_string).collect::<Vec<_>>(), conjunction)
}
