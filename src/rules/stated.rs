//! What the rules about Apple's prose share: the claims about a declaration, and whether their conditions hold.

use crate::apple::{Claim, Condition, KeyId, Rows, Scalar, Target, Type, ValueType};
use crate::diagnostic::Spot;
use crate::syntax::{Integer, Kind, Node, Path, Placeholders};
use crate::validate::{Object, Presence, Reading};
use crate::words::{list, shown};

/// A claim, and the object or value that it is about.
pub(crate) struct Stated<'s, 'd> {
    pub(crate) claim: &'static Claim,
    /// The object. For a claim about a value, only its node counts.
    pub(crate) object: Object<'s, 'd>,
    kind: &'d Type,
    path: &'s Path<'s>,
    /// Whether the path leads to the payload itself.
    is_top: bool,
    targets: &'s [Target],
    placeholders: &'s Placeholders,
}

/// Calls `judge` with each claim about a declaration.
pub(crate) fn visit<'s, 'd>(
    reading: &'s Reading<'d>,
    targets: &'s [Target],
    placeholders: &'s Placeholders,
    judge: &mut dyn FnMut(&Stated<'_, 'd>),
) {
    let (Some(payload), Some(kind)) = (reading.payload(), reading.kind) else { return };
    let kind = reading.schema.kind(kind);
    if !reading.schema.has_claims(kind.keys) {
        return;
    }
    let key = reading.payload_key.and_then(Node::as_str);
    let top = key.as_deref().map_or(Path::Root, |key| Path::Key(&Path::Root, key));
    Visitor { payload, kind, targets, placeholders, judge }.object(payload.node, kind.keys, &top, true);
}

struct Visitor<'s, 'd, 'j> {
    payload: Object<'s, 'd>,
    kind: &'d Type,
    targets: &'s [Target],
    placeholders: &'s Placeholders,
    judge: &'j mut dyn FnMut(&Stated<'_, 'd>),
}

impl<'d> Visitor<'_, 'd, '_> {
    fn object(&mut self, node: Node<'d>, rows: Rows, path: &Path<'_>, is_top: bool) {
        if node.kind() != Kind::Object {
            return;
        }
        let (schema, notation) = (self.payload.schema(), self.payload.notation());
        for claim in schema.claims_of_object(rows) {
            self.claim(claim, node, rows, path, is_top);
        }
        for (id, key) in schema.keys(rows).filter(|(id, _)| schema.leads_to_claims(*id)) {
            let name = notation.key(&key.name);
            if let Some(value) = node.member(&name) {
                self.value(value, id, &Path::Key(path, &name));
            }
        }
    }

    fn value(&mut self, node: Node<'d>, id: KeyId, path: &Path<'_>) {
        let schema = self.payload.schema();
        for claim in schema.claims_of_value(id) {
            self.claim(claim, node, Rows::default(), path, false);
        }
        match schema.key(id).value {
            ValueType::Object(rows) => self.object(node, rows, path, false),
            ValueType::Array { item, .. } if schema.leads_to_claims(item) => {
                for (index, element) in node.elements().enumerate() {
                    self.value(element, item, &Path::Index(path, index));
                }
            }
            ValueType::Map(value) if schema.leads_to_claims(value) => {
                for (name, member) in node.members() {
                    self.value(member, value, &Path::Key(path, &name.as_str().unwrap_or_default()));
                }
            }
            _ => {}
        }
    }

    fn claim(&mut self, claim: &'static Claim, node: Node<'d>, rows: Rows, path: &Path<'_>, is_top: bool) {
        let Self { payload, kind, targets, placeholders, .. } = *self;
        (self.judge)(&Stated { claim, object: payload.at(node, rows), kind, path, is_top, targets, placeholders });
    }
}

/// The steps of a path.
pub(super) fn steps(path: &str) -> Vec<&str> {
    path.split('.').collect()
}

impl<'d> Stated<'_, 'd> {
    /// The name of the object or value in messages.
    pub(super) fn name(&self) -> String {
        if self.is_top { self.kind.short().to_owned() } else { self.path.name(&shown) }
    }

    /// The place of the object or value.
    pub(super) fn spot(&self) -> Spot {
        Spot::at(self.path.pointer(), self.object.node.span())
    }

    /// The pointer of a member.
    pub(super) fn pointer_of(&self, name: &str) -> String {
        Path::Key(self.path, name).pointer()
    }

    /// The place of a key, or of the innermost object on the way to it.
    pub(super) fn spot_of(&self, path: &str) -> Spot {
        let (mut pointer, mut node) = (self.path.pointer(), self.object.node);
        for step in path.split('.') {
            let step = self.object.notation().key(step);
            let Some(next) = node.member(&step) else { break };
            (pointer, node) = (format!("{pointer}/{step}"), next);
        }
        Spot::at(pointer, node.span())
    }

    pub(super) fn presence(&self, path: &str) -> Presence<'d> {
        self.object.presence(&steps(path))
    }

    pub(super) fn is_absent(&self, path: &str) -> bool {
        matches!(self.presence(path), Presence::Absent)
    }

    /// The text of the value, unless it is wrong or contains a placeholder.
    pub(super) fn text(&self) -> Option<std::borrow::Cow<'d, str>> {
        let text = self.object.node.as_str().filter(|_| self.object.is_right(self.object.node))?;
        (!self.is_template(&text)).then_some(text)
    }

    pub(super) fn is_template(&self, text: &str) -> bool {
        self.placeholders.are_in(text)
    }

    /// The keys that the schema has.
    pub(super) fn known(&self, keys: &[&'static str]) -> Vec<&'static str> {
        keys.iter().copied().filter(|key| self.id(key).is_some()).collect()
    }

    pub(super) fn id(&self, path: &str) -> Option<KeyId> {
        self.object.schema().at_path(self.object.rows(), path.split('.'))
    }

    /// Whether a key is required, so that its absence is an error and nothing follows from it.
    fn is_required(&self, path: &str) -> bool {
        self.id(path).is_some_and(|id| self.object.schema().is_required(id))
    }

    /// A boolean, or its default; `None` if it is unknown. Whether it is the default.
    pub(super) fn boolean(&self, path: &str) -> Option<(bool, bool)> {
        match self.presence(path) {
            Presence::Present(node) => Some((node.as_bool()?, false)),
            Presence::Absent if !self.is_required(path) => {
                let default = self.id(path).and_then(|id| self.object.schema().key(id).default.as_ref());
                Some((matches!(default, Some(Scalar::Boolean(true))), true))
            }
            Presence::Absent | Presence::Unknown => None,
        }
    }

    /// An integer, if it is right.
    pub(super) fn integer(&self, path: &str) -> Option<i64> {
        match self.presence(path) {
            Presence::Present(node) => match node.as_integer()? {
                Integer::Exact(number) => Some(number),
                Integer::Huge | Integer::Fraction => None,
            },
            _ => None,
        }
    }

    /// Whether a key has its default value.
    pub(super) fn is_default(&self, path: &str) -> bool {
        let Presence::Present(node) = self.presence(path) else { return false };
        let default = self.id(path).and_then(|id| self.object.schema().key(id).default.as_ref());
        match default {
            Some(Scalar::Boolean(default)) => node.as_bool() == Some(*default),
            Some(Scalar::String(default)) => node.is_str(default),
            _ => false,
        }
    }

    /// Whether a condition holds; `None` if that is unknown.
    pub(super) fn holds(&self, condition: &Condition) -> Option<bool> {
        let is_present = |path| match self.presence(path) {
            Presence::Present(_) => Some(true),
            Presence::Absent => Some(false),
            Presence::Unknown => None,
        };
        // A value that is right is one of Apple's values, because a placeholder is not.
        let is = |path, is_wanted: &dyn Fn(&str) -> bool| match self.presence(path) {
            Presence::Present(node) => node.as_str().map(|text| is_wanted(&text)),
            Presence::Absent if !self.is_required(path) => Some(false),
            Presence::Absent | Presence::Unknown => None,
        };
        match *condition {
            Condition::Present(path) => is_present(path),
            Condition::Absent(path) => is_present(path).map(|is_present| !is_present),
            Condition::Is(path, values) => is(path, &|text| values.contains(&text)),
            Condition::IsNot(path, value) => is(path, &|text| text != value),
            Condition::True(path) => self.boolean(path).map(|(value, _)| value),
            Condition::False(path) => self.boolean(path).map(|(value, _)| !value),
            Condition::NotNumber(path, number) => match self.presence(path) {
                Presence::Absent => Some(true),
                _ => self.integer(path).map(|value| value != number),
            },
            Condition::Lists(path, value) => {
                let array = self.object.find(&steps(path));
                let mut items = array.into_iter().flat_map(Node::elements);
                if items.any(|item| self.object.is_right(item) && item.is_str(value)) {
                    return Some(true);
                }
                is_present(path).map(|_| false)
            }
            Condition::Filled(path) => match self.object.find(&steps(path)) {
                Some(array) if array.elements().next().is_some() => Some(true),
                _ => is_present(path).map(|_| false),
            },
            Condition::Either(conditions) => any(conditions.iter().map(|condition| self.holds(condition))),
            Condition::All(conditions) => {
                any(conditions.iter().map(|condition| self.holds(condition).map(|holds| !holds))).map(|any| !any)
            }
            Condition::Enrolled(enrolments) => {
                Some(self.targets.iter().any(|target| enrolments.contains(&target.enrolment) && self.is_supported(target)))
            }
            Condition::NotOnly(enrolment) => {
                let mut supported = self.targets.iter().filter(|target| self.is_supported(target)).peekable();
                Some(supported.peek().is_none() || supported.any(|target| target.enrolment != enrolment))
            }
            Condition::NotNamed(name) => match self.path {
                Path::Key(_, key) => Some(*key != name),
                _ => None,
            },
        }
    }

    fn is_supported(&self, target: &Target) -> bool {
        self.object.schema().support(self.kind.support).verdict(target) == crate::apple::Verdict::Available
    }

    /// Why a condition holds or does not hold: `PageType is Home`.
    pub(super) fn reason(&self, condition: &Condition) -> String {
        match *condition {
            Condition::Present(path) | Condition::Absent(path) => {
                format!("{path} is {}", if self.is_absent(path) { "missing" } else { "present" })
            }
            Condition::Is(path, _) | Condition::IsNot(path, _) => match self.presence(path) {
                Presence::Present(node) => format!("{path} is {}", shown(&node.as_str().unwrap_or_default())),
                _ => format!("{path} is missing"),
            },
            Condition::True(path) | Condition::False(path) => match self.boolean(path) {
                Some((value, is_default)) => format!("{path} is {value}{}", if is_default { " by default" } else { "" }),
                None => format!("{path} is unknown"),
            },
            Condition::NotNumber(path, number) => format!("{path} is {number}"),
            Condition::Lists(path, value) => format!("{path} lists {value}"),
            Condition::Filled(path) => format!("{path} has no items"),
            // Only one of several has to hold, but all of them can fail.
            Condition::Either(conditions) => match conditions.iter().find(|one| self.holds(one) == Some(true)) {
                Some(one) => self.reason(one),
                None => missing(conditions).unwrap_or_else(|| self.reasons(conditions)),
            },
            Condition::All(conditions) => match conditions.iter().find(|one| self.holds(one) == Some(false)) {
                Some(one) => self.reason(one),
                None => self.reasons(conditions),
            },
            Condition::Enrolled(enrolments) => {
                let is_meant = |target: &&Target| enrolments.contains(&target.enrolment) && self.is_supported(target);
                let names: Vec<String> = self.targets.iter().filter(is_meant).map(ToString::to_string).collect();
                format!("the targets include {}", list(&names, "and"))
            }
            Condition::NotOnly(_) => "all targets use user enrolment".to_owned(),
            Condition::NotNamed(name) => format!("the name of the entry is {name}"),
        }
    }

    fn reasons(&self, conditions: &[Condition]) -> String {
        let mut reasons: Vec<String> = conditions.iter().map(|condition| self.reason(condition)).collect();
        reasons.dedup();
        list(&reasons, "and")
    }

    /// What to write so that a condition holds, as a clause; `None` if the document cannot change that.
    pub(super) fn remedy(&self, condition: &Condition) -> Option<String> {
        let notation = self.object.notation();
        let last = |path: &'static str| path.rsplit('.').next().unwrap_or(path);
        match *condition {
            Condition::Present(path) | Condition::Filled(path) => Some(format!("add {path}")),
            Condition::Absent(path) => Some(format!("remove {path}")),
            Condition::Is(path, values) => {
                let value = values.first().copied().unwrap_or_default();
                Some(format!("write {}", notation.member(last(path), &format!("\"{value}\""))))
            }
            Condition::True(path) => Some(format!("write {}", notation.member(last(path), "true"))),
            Condition::False(path) => Some(format!("write {}", notation.member(last(path), "false"))),
            Condition::NotNumber(path, _) => Some(format!("change {path}")),
            Condition::Either(conditions) => conditions.iter().find_map(|condition| self.remedy(condition)),
            Condition::All(conditions) => {
                conditions.iter().find(|one| self.holds(one) == Some(false)).and_then(|condition| self.remedy(condition))
            }
            Condition::IsNot(..)
            | Condition::Lists(..)
            | Condition::Enrolled(_)
            | Condition::NotOnly(_)
            | Condition::NotNamed(_) => None,
        }
    }
}

/// `A and B are missing`, if all conditions require a key to be present.
fn missing(conditions: &[Condition]) -> Option<String> {
    let key = |condition: &Condition| match *condition {
        Condition::Present(path) => Some(path),
        _ => None,
    };
    let keys: Option<Vec<&str>> = conditions.iter().map(key).collect();
    Some(format!("{} are missing", list(&keys?, "and")))
}

/// Whether any value is true; `None` if that is unknown.
fn any(values: impl Iterator<Item = Option<bool>>) -> Option<bool> {
    let mut is_known = true;
    for value in values {
        if value == Some(true) {
            return Some(true);
        }
        is_known &= value.is_some();
    }
    is_known.then_some(false)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn unknown_alternatives_decide_only_if_none_is_true() {
        for (values, expected) in [
            (&[Some(false), None, Some(true)][..], Some(true)),
            (&[Some(false), None], None),
            (&[Some(false)], Some(false)),
            (&[], Some(false)),
        ] {
            assert_eq!(any(values.iter().copied()), expected);
        }
    }
}
