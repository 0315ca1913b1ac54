//! JSON pointers (RFC 6901), built on demand.

use std::borrow::Cow;
use std::fmt::Write;

use super::Node;
use crate::limits::MAX_POINTER_BYTES;

/// The path from the root of a declaration to a value.
///
/// A path is a linked list of borrowed steps on the stack. It allocates only when a finding needs the pointer.
#[derive(Clone, Copy)]
pub(crate) enum Path<'p> {
    /// The declaration itself.
    Root,
    /// A member of an object.
    Key(&'p Path<'p>, &'p str),
    /// An element of an array.
    Index(&'p Path<'p>, usize),
}

/// The initial capacity of a pointer, in bytes; most pointers fit.
const CAPACITY: usize = 64;

impl Path<'_> {
    /// The JSON pointer. Keys that would make it too long are left out.
    pub(crate) fn pointer(&self) -> String {
        let mut pointer = String::with_capacity(CAPACITY);
        self.push_to(&mut pointer);
        pointer
    }

    fn push_to(&self, pointer: &mut String) {
        match self {
            Self::Root => {}
            Self::Index(parent, index) => {
                parent.push_to(pointer);
                // Writing to a string cannot fail.
                let _ = write!(pointer, "/{index}");
            }
            Self::Key(parent, key) => {
                parent.push_to(pointer);
                pointer.push('/');
                let is_short = pointer.len() + key.len() <= MAX_POINTER_BYTES;
                pointer.push_str(&escaped(if is_short { key } else { "…" }));
            }
        }
    }

    /// The value at the path from a root.
    pub(crate) fn find<'d>(&self, root: Node<'d>) -> Option<Node<'d>> {
        match self {
            Self::Root => Some(root),
            Self::Key(parent, key) => parent.find(root)?.member(key),
            Self::Index(parent, index) => parent.find(root)?.elements().nth(*index),
        }
    }

    /// The steps, without escapes.
    pub(crate) fn steps(&self) -> Vec<String> {
        let (parent, step) = match self {
            Self::Root => return Vec::new(),
            Self::Key(parent, key) => (parent, (*key).to_owned()),
            Self::Index(parent, index) => (parent, index.to_string()),
        };
        let mut steps = parent.steps();
        steps.push(step);
        steps
    }

    /// The name of the value in a message: its key as `shown` writes it, `item N of KEY`, or `the declaration`.
    pub(crate) fn name(&self, shown: &dyn Fn(&str) -> String) -> String {
        match self {
            Self::Root => "the declaration".to_owned(),
            Self::Key(_, key) => shown(key),
            Self::Index(parent, index) => format!("item {} of {}", index + 1, parent.name(shown)),
        }
    }
}

/// Escapes a name for a JSON pointer.
pub(crate) fn escaped(name: &str) -> Cow<'_, str> {
    if name.contains(['~', '/']) { name.replace('~', "~0").replace('/', "~1").into() } else { name.into() }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn escapes_slashes_and_tildes() {
        let payload = Path::Key(&Path::Root, "a/b~1");
        assert_eq!(Path::Index(&payload, 0).pointer(), "/a~1b~01/0");
        assert_eq!(Path::Index(&payload, 0).steps(), ["a/b~1", "0"]);
        assert_eq!(Path::Root.pointer(), "");
    }
}
