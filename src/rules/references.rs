//! What the rules about references share.

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
