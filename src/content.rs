//! A content hash of a declaration, independent of key order and white space.

use std::hash::{BuildHasher, Hasher};

use foldhash::quality::RandomState;

use crate::syntax::{self, Buffers, Grammar, Kind, Node};

/// The identifier of a declaration and the hash of its content.
#[derive(Clone)]
pub(crate) struct Content {
    pub(crate) identifier: String,
    pub(crate) hash: u64,
}

/// The seed of the content hashes: random per run, so that documents cannot force collisions.
#[derive(Debug, Clone, Default)]
pub(crate) struct Hashes(RandomState);

impl Hashes {
    /// Hashes the text of a declaration in a file. `None` if it has no `Identifier`.
    pub(crate) fn of_text(&self, file: &str, text: &[u8]) -> Option<Content> {
        let mut buffers = Buffers::default();
        let parsed = syntax::parse_as(Grammar::of_file(file), text, &mut buffers);
        let root = parsed.document.as_ref()?.root();
        Some(Content { identifier: root.member("Identifier")?.as_str()?.into_owned(), hash: self.content(root) })
    }

    /// Hashes a whole text.
    pub(crate) fn bytes(&self, text: &[u8]) -> u64 {
        self.0.hash_one(text)
    }

    /// Hashes a node, ignoring the order of keys and white space.
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
    fn hash_ignores_key_order_and_white_space_only() {
        let hashes = Hashes::default();
        let content = |members: &str| {
            let content = hashes.of_text("a.json", format!(r#"{{"Identifier": "i", {members}}}"#).as_bytes());
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
