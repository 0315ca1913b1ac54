//! What the rules about availability share: the keys of a document and the devices that support them.

use crate::apple::{Family, Support, Target, Type, Verdict};
use crate::diagnostic::{Draft, Spot};
use crate::validate::{Object, Setting};
use crate::words::list;

/// A declaration, or a part of a legacy document, and its target devices.
pub(crate) struct Placement<'d> {
    pub(crate) kind: &'d Type,
    /// Where the type exists.
    pub(crate) support: &'d Support,
    pub(crate) object: Object<'d, 'd>,
    /// The JSON pointer of the object.
    pointer: String,
    /// The keys that are set.
    pub(crate) settings: Vec<Setting<'d>>,
    /// Whether the object is the top of its type rather than an item in it.
    pub(crate) is_head: bool,
    pub(crate) targets: &'d [Target],
}

impl<'d> Placement<'d> {
    pub(crate) fn new(kind: &'d Type, object: Object<'d, 'd>, pointer: String, targets: &'d [Target]) -> Self {
        let support = object.schema().support(kind.support);
        let is_head = object.is_described_by(kind.keys);
        Self { kind, support, object, pointer, settings: object.settings(), is_head, targets }
    }

    /// Whether it is a command, or an update in one.
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

    /// The name of a key, as the document spells it.
    pub(crate) fn name<'s>(&self, setting: &'s Setting<'_>) -> std::borrow::Cow<'s, str> {
        self.object.notation().key(setting.name())
    }

    /// Pushes a diagnostic for each key and the targets whose verdict `is_reported` accepts. Skips targets that do not
    /// support the type itself.
    pub(crate) fn judge(
        &self,
        diagnostics: &mut Vec<Draft>,
        is_reported: impl Fn(Verdict) -> bool,
        describe: impl Fn(&Setting<'d>, &[&Target]) -> Draft,
    ) {
        let is_supported = |target: &&Target| self.support.verdict(target) == Verdict::Available;
        let supported: Vec<&Target> = self.targets.iter().filter(is_supported).collect();
        for setting in &self.settings {
            let support = self.support_of(setting);
            let affected: Vec<&Target> =
                supported.iter().copied().filter(|target| is_reported(support.verdict(target))).collect();
            if !affected.is_empty() {
                diagnostics.push(describe(setting, &affected));
            }
        }
    }
}

/// Lists targets in prose.
pub(super) fn names(targets: &[&Target], conjunction: &str) -> String {
    list(&targets.iter().map(ToString::to_string).collect::<Vec<_>>(), conjunction)
}
