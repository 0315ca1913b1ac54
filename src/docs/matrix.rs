//! Which declarations decide the keys of combined settings, and which are overruled.

use super::page::Block;

/// Keys by declarations.
#[derive(Debug)]
pub(crate) struct Matrix {
    /// The names of the declarations.
    pub(crate) declarations: Vec<String>,
    pub(crate) keys: Vec<Key>,
}

/// A key, its combined value, and what each declaration sets.
#[derive(Debug)]
pub(crate) struct Key {
    pub(crate) name: String,
    pub(crate) value: String,
    /// Apple's combine rule.
    pub(crate) rule: String,
    pub(crate) votes: Vec<Option<Vote>>,
}

/// What a declaration sets.
#[derive(Debug)]
pub(crate) struct Vote {
    pub(crate) value: String,
    pub(crate) decides: bool,
}

impl Vote {
    pub(super) fn verdict(&self) -> &'static str {
        if self.decides { "decides" } else { "overruled" }
    }
}

impl Matrix {
    /// The heads of the columns.
    pub(super) fn head(&self) -> Vec<String> {
        ["key", "value", "rule"].map(str::to_owned).into_iter().chain(self.declarations.iter().cloned()).collect()
    }

    /// The matrix as a table, for text and Markdown.
    pub(super) fn plain(&self) -> Block {
        let cell = |vote: &Option<Vote>| match vote {
            Some(vote) => format!("{} ({})", vote.value, vote.verdict()),
            None => String::new(),
        };
        let row = |key: &Key| {
            let first = [&key.name, &key.value, &key.rule].map(Clone::clone);
            first.into_iter().chain(key.votes.iter().map(cell)).collect()
        };
        Block::Table(self.head(), self.keys.iter().map(row).collect())
    }
}
