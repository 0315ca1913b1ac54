//! JSON pointers (RFC 6901), built only when somebody asks for one.

use std::fmt;

/// The way from the top of a declaration to a value.
///
/// A path is a chain of borrowed steps on the stack of the reader: following it costs nothing, and a string is made of it only for
/// a finding.
#[derive(Clone, Copy)]
pub(crate) enum Path<'p> {
    /// The declaration itself.
    Root,
    /// A member of an object.
    Key(&'p Path<'p>, &'p str),
    /// An element of an array.
    Index(&'p Path<'p>, usize),
}

impl fmt::Display for Path<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Root => Ok(()),
            Self::Index(parent, index) => write!(f, "{parent}/{index}"),
            Self::Key(parent, key) => {
                write!(f, "{parent}/")?;
                for (at, part) in key.split('~').enumerate() {
                    if at > 0 {
                        f.write_str("~0")?;
                    }
                    for (at, part) in part.split('/').enumerate() {
                        if at > 0 {
                            f.write_str("~1")?;
                        }
                        f.write_str(part)?;
                    }
                }
                Ok(())
            }
        }
    }
}

impl Path<'_> {
    /// What a sentence calls this place: its key, the item of an array by its key and number, or the declaration.
    pub(crate) fn name(&self) -> String {
        match self {
            Self::Root => "the declaration".to_owned(),
            Self::Key(_, key) => crate::words::shown(key),
            Self::Index(parent, index) => format!("item {} of {}", index + 1, parent.name()),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn slashes_and_tildes_are_escaped() {
        let payload = Path::Key(&Path::Root, "a/b~1");
        assert_eq!(Path::Index(&payload, 0).to_string(), "/a~1b~01/0");
        assert_eq!(Path::Root.to_string(), "");
    }
}
