//! What the rules about availability share: which keys of a document meet which devices.

use crate::apple::Target;
use crate::apple::{Family, Support, Type, Verdict};
use crate::diagnostic::{Draft, Spot};
use crate::validate::{Object, Setting};
use crate::words::list;

/// A declaration, or a part of a legacy document, and the devices that it is meant for.
pub(crate) struct Placement<'d> {
    pub(crate) kind: &'d Type,
    /// Where it exists as a whole.
    pub(crate) support: &'d Support,
    pub(crate) object: Object<'d, 'd>,
    /// The JSON pointer of the object.
    pointer: String,
    /// The keys that say something.
    pub(crate) settings: Vec<Setting<'d>>,
    /// Whether it stands for the whole of its type, and not for an item of it.
    pub(crate) is_head: bool,
    pub(crate) targets: &'d [Target],
}

impl<'d> Placement<'d> {
    pub(crate) fn new(kind: &'d Type, object: Object<'d, 'd>, pointer: String, targets: &'d [Target]) -> Self {
        let support = object.schema().support(kind.support);
        let is_head = object.is_described_by(kind.keys);
        Self { kind, support, object, pointer, settings: object.settings(), is_head, targets }
    }

    /// Whether it is a command, or an update of one.
    pub(crate) fn is_command(&self) -> bool {
        self.kind.family.is_command()
    }

    pub(crate) fn is_declaration(&self) -> bool {
        matches!(self.kind.family, Family::Configuration | Family::Activation | Family::Asset | Family::Management)
    }

    /// Where a key exists.
    pub(crate) fn support_of(&self, setting: &Setting<'_>) -> &'d Support {
        self.object.schema().support(setting.key.support)
    }

    /// The place of a key.
    pub(crate) fn spot(&self, setting: &Setting<'_>) -> Spot {
        let notation = self.object.notation();
        let pointer = setting.path.iter().fold(self.pointer.clone(), |pointer, step| pointer + "/" + &notation.key(step));
        Spot::at(pointer, setting.value.span())
    }

    /// What sentences call a key.
    pub(crate) fn name<'s>(&self, setting: &'s Setting<'_>) -> std::borrow::Cow<'s, str> {
        self.object.notation().key(setting.name())
    }

    /// Makes a diagnostic for each key that some devices meet with a verdict that `is_meant` picks. Devices that do not take the whole
    /// are not asked about its keys.
    pub(crate) fn judge(
        &self,
        diagnostics: &mut Vec<Draft>,
        is_meant: impl Fn(Verdict) -> bool,
        word: impl Fn(&Setting<'d>, &[&Target]) -> Draft,
    ) {
        let takes = |target: &&Target| self.support.verdict(target) == Verdict::Available;
        let taking: Vec<&Target> = self.targets.iter().filter(takes).collect();
        for setting in &self.settings {
            let support = self.support_of(setting);
            let met: Vec<&Target> = taking.iter().copied().filter(|target| is_meant(support.verdict(target))).collect();
            if !met.is_empty() {
                diagnostics.push(word(setting, &met));
            }
        }
    }
}

/// Devices, as a sentence lists them.
pub(super) fn names(targets: &[&Target], conjunction: &str) -> String {
    list(&targets.iter().map(ToString::to_string).collect::<Vec<_>>(), conjunction)
}
