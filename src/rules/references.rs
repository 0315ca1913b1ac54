//! What the rules about references share.

use std::collections::HashSet;

use crate::apple::{Family, Schema};
use crate::set::{AssetReference, Member, Scope, Where};
use crate::words::is_one_edit_apart;

/// The longest identifier that is compared with others.
const LONGEST: usize = 100;

/// How many pairs of identifiers are compared for suggestions. Without a limit the time would grow with the product of
/// the references and the declarations.
const MAX_COMPARISONS: usize = 1_000_000;

/// Suggests the identifiers that were probably meant by others.
pub(super) struct Suggestions<'s, 'g> {
    scope: &'s Scope<'g>,
    compared: usize,
}

impl<'s, 'g> Suggestions<'s, 'g> {
    pub(super) fn new(scope: &'s Scope<'g>) -> Self {
        Self { scope, compared: 0 }
    }

    /// The identifier nearest to `name` among the declarations that `is_meant` accepts.
    pub(super) fn nearest(&mut self, name: &str, is_meant: impl Fn(&Member) -> bool) -> Option<&'g str> {
        if name.len() > LONGEST || self.compared > MAX_COMPARISONS {
            return None;
        }
        let members = self.scope.members().map(|(_, member)| member);
        let near = members.filter(|member| {
            self.compared += 1;
            member.identifier.as_deref().is_some_and(|other| is_one_edit_apart(name, other)) && is_meant(member)
        });
        near.filter_map(|member| member.identifier.as_deref()).min()
    }
}

/// The referenced names that no declaration has.
pub(super) struct Missing<'g> {
    names: Vec<&'g str>,
    compared: usize,
}

impl<'g> Missing<'g> {
    pub(super) fn of(scope: &Scope<'g>, names: impl Iterator<Item = &'g str> + Clone) -> Self {
        let known = scope.named(names.clone());
        let names: HashSet<&str> = names.filter(|name| name.len() <= LONGEST && known.get(name).is_empty()).collect();
        Self { names: names.into_iter().collect(), compared: 0 }
    }

    /// Whether one of them is probably a misspelling of an identifier. It is a finding of its own, so that the declaration
    /// is not one too.
    pub(super) fn mean(&mut self, identifier: &str) -> bool {
        self.compared += self.names.len();
        self.compared <= MAX_COMPARISONS && self.names.iter().any(|name| is_one_edit_apart(name, identifier))
    }
}

/// Whether a key can name a declaration. A declaration without a readable type may be any, and an asset of an unknown
/// type may be right.
pub(super) fn takes(reference: &AssetReference, member: &Member, schema: &Schema) -> bool {
    let types = schema.words(schema.key(reference.key).assets);
    match member.type_id() {
        Some(id) => types.contains(&schema.kind(id).name),
        None => member.may_be(Family::Asset, schema),
    }
}

/// The name of the key that names an asset.
pub(super) fn key<'s>(reference: &AssetReference, schema: &'s Schema) -> &'s str {
    &schema.key(reference.key).name
}

/// The place where a configuration names an asset.
pub(super) fn place(who: usize, reference: &AssetReference) -> Where {
    Where::key(who, &reference.path)
}
