//! What the rules about availability share: the keys of a document and the devices that support them.

use crate::apple::{Family, Support, Target, Type, Verdict};
use crate::diagnostic::{Draft, Drafts, Spot};
use crate::syntax::escaped;
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
        let is_head = kind.is_described_by(object.rows());
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
        let pointer = setting.path.iter().fold(self.pointer.clone(), |pointer, step| pointer + "/" + &escaped(step));
        Spot::at(pointer, setting.value.span())
    }

    /// The name of a key, as the document spells it.
    pub(crate) fn name<'s>(&self, setting: &'s Setting<'_>) -> std::borrow::Cow<'s, str> {
        self.object.notation().key(setting.name())
    }

    /// Pushes a diagnostic for each key and the targets that `is_reported` accepts. Skips targets that do not support
    /// the type itself, or the array or map that the key is in.
    pub(crate) fn judge(
        &self,
        diagnostics: &mut Drafts,
        is_reported: impl Fn(&Support, &Target) -> bool,
        describe: impl Fn(&Setting<'d>, &[&Target]) -> Draft,
    ) {
        let has = |support: &Support, target: &Target| support.verdict(target) == Verdict::Available;
        let supported: Vec<&Target> = self.targets.iter().filter(|target| has(self.support, target)).collect();
        let schema = self.object.schema();
        for setting in &self.settings {
            let support = self.support_of(setting);
            let is_inside = |target: &Target| setting.outer.is_none_or(|outer| has(schema.support(outer.support), target));
            let is_affected = |target: &&Target| is_inside(target) && is_reported(support, target);
            let affected: Vec<&Target> = supported.iter().copied().filter(is_affected).collect();
            if !affected.is_empty() {
                diagnostics.push(describe(setting, &affected));
            }
        }
    }
}

/// Which enrolments and channels the platforms of the targets need: `on macOS it needs supervision and the user
/// channel`.
pub(super) fn conditions(support: &Support, targets: &[&Target]) -> String {
    let mut conditions: Vec<String> = Vec::new();
    for target in targets {
        let Some(since) = support.on(target.platform) else { continue };
        let mut needs = Vec::new();
        if !since.enrolments.include(target.enrolment) {
            needs.push(since.enrolments.describe());
        }
        let scopes = since.scopes_on(target);
        if !scopes.include(target.channel) {
            needs.push(scopes.describe().to_owned());
        }
        let place = if target.is_shared { "Shared iPad" } else { target.platform.name() };
        let condition = format!("on {place} it needs {}", list(&needs, "and"));
        if !needs.is_empty() && !conditions.contains(&condition) {
            conditions.push(condition);
        }
    }
    list(&conditions, "and")
}

/// Lists targets in prose.
pub(super) fn names(targets: &[&Target], conjunction: &str) -> String {
    list(&targets.iter().map(ToString::to_string).collect::<Vec<_>>(), conjunction)
}
