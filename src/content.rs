//! What a declaration says, as one number: equal for two that say the same.

use std::hash::{BuildHasher, Hasher};

use foldhash::quality::RandomState;

use crate::syntax::{self, Kind, Node, Spare};

/// What a declaration is called and says.
pub(crate) struct Content {
    pub(crate) identifier: String,
    /// Equal for declarations that say the same.
    pub(crate) hash: u64,
}

/// The keys of the hashes, drawn anew for every run so that no document can be made to collide.
#[derive(Debug, Clone, Default)]
pub(crate) struct Hashes(RandomState);

impl Hashes {
    /// What the text of a declaration says.
    pub(crate) fn of_text(&self, text: &[u8]) -> Option<Content> {
        let mut spare = Spare::default();
        let parsed = syntax::parse_json(text, &mut spare);
        let root = parsed.document.as_ref()?.root();
        Some(Content { identifier: root.member("Identifier")?.as_str()?.into_owned(), hash: self.content(root) })
    }

    /// Equal for nodes that say the same, whatever the order of keys and the white space.
    pub(crate) fn content(&self, node: Node<'_>) -> u64 {
        let mut hasher = self.0.build_hasher();
        match node.kind() {
            Kind::Object => {
                let sum = node.members().fold(0_u64, |sum, (key, value)| {
                    let mut member = self.0.build_hasher();
                    member.write(&key.plain());
                    match value.kind() {
                        Kind::Object | Kind::Array => member.write_u64(self.content(value)),
                        _ => member.write(&value.plain()),
                    }
                    sum.wrapping_add(member.finish())
                });
                hasher.write_u8(b'{');
                hasher.write_u64(sum);
            }
            Kind::Array => {
                hasher.write_u8(b'[');
                node.elements().for_each(|element| hasher.write_u64(self.content(element)));
            }
            Kind::String | Kind::Null | Kind::Boolean | Kind::Number | Kind::Date | Kind::Data => hasher.write(&node.plain()),
        }
        hasher.finish()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_the_order_of_keys_and_the_white_space_do_not_count() {
        let hashes = Hashes::default();
        let content = |members: &str| {
            let content = hashes.of_text(format!(r#"{{"Identifier": "i", {members}}}"#).as_bytes());
            content.map(|content| (content.identifier, content.hash))
        };
        let one = content(r#""a": 1, "b": ["x", true]"#);
        assert!(one.is_some());
        assert_eq!(one, content(r#""b":["\u0078",true],"a":1"#));
        for other in [r#""a": 1, "b": [true, "x"]"#, r#""a": 2, "b": ["x", true]"#, r#""b": 1, "a": ["x", true]"#, r#""a": 1"#] {
            assert_ne!(one, content(other), "{other}");
        }
    }
}
