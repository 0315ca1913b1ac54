//! What the rules about references share.

use crate::apple::{Family, Schema};
use crate::set::{AssetReference, Member, Scope, Where};

/// The longest identifier that is compared with others.
const LONGEST: usize = 100;

/// The identifier that was probably meant by `name`: the nearest of the declarations that `is_meant` accepts.
pub(super) fn nearest<'g>(name: &str, scope: &Scope<'g>, is_meant: impl Fn(&Member) -> bool) -> Option<&'g str> {
    if name.len() > LONGEST {
        return None;
    }
    let lower = name.to_lowercase();
    let is_near = |other: &str| other.len() <= LONGEST && strsim::damerau_levenshtein(&lower, &other.to_lowercase()) <= 1;
    let meant = scope.members().map(|(_, member)| member).filter(|member| is_meant(member));
    meant.filter_map(|member| member.identifier.as_deref()).filter(|other| is_near(other)).min()
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
