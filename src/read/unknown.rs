//! The members of an object that no row describes.

use std::borrow::Cow;
use std::collections::HashMap;
use std::ops::Range;

use super::suggest::{self, Suggestion};
use super::{Dialect, Problem, ProblemKind, Problems};
use crate::document::{Kind, Path};
use crate::keys::{Keys, Others};
use crate::words::speaks_of;

/// With more unknown keys than this an object is no misspelled payload, and looking for what was meant takes time.
const MOST_JUDGED: usize = 100;

/// The members of an object that no row describes.
#[derive(Default)]
pub(super) struct Unknown<'d> {
    keys: Vec<(Cow<'d, str>, Range<usize>, Kind)>,
    first: HashMap<Cow<'d, str>, Range<usize>>,
}

impl<'d> Unknown<'d> {
    pub(super) fn push(&mut self, name: Cow<'d, str>, span: Range<usize>, kind: Kind, path: &Path<'_>, problems: &mut Problems) {
        if let Some(first) = self.first.get(&name) {
            let duplicate = ProblemKind::DuplicateKey { key: name.clone().into_owned(), first: first.clone() };
            problems.push(Problem::new(duplicate, &Path::Key(path, &name), span));
            return;
        }
        self.first.insert(name.clone(), span.clone());
        self.keys.push((name, span, kind));
    }

    /// Reports every unknown key, now that it is known which keys the object has.
    pub(super) fn judge(
        self,
        path: &Path<'_>,
        keys: &Keys,
        group: &[&str],
        is_set: impl Fn(usize) -> bool,
        problems: &mut Problems,
    ) -> Vec<(Cow<'d, str>, Range<usize>, Suggestion)> {
        let here: Vec<(&'static str, bool)> =
            keys.iter().enumerate().filter(|(_, row)| row.group() == group).map(|(at, row)| (row.name(), is_set(at))).collect();
        let looks = self.keys.len() <= MOST_JUDGED;
        let mut judged = Vec::with_capacity(self.keys.len());
        // Where keys are written in another way, servers put keys of their own beside the command.
        let is_open = problems.dialect == Dialect::Snake && matches!(path, Path::Root);
        let others = if is_open { Others::Any { known: &[], ours: &[] } } else { keys.others };
        for (key, span, kind) in self.keys {
            let is_known = |known: &[&str]| known.contains(&&*key);
            if matches!(others, Others::These(known) | Others::Any { known, .. } if is_known(known)) {
                continue;
            }
            let suggestion =
                if looks { suggest::key(&key, kind, &here, path, problems) } else { Suggestion::Unknown(Vec::new()) };
            if let Others::Any { ours, .. } = others
                && !is_meant(&key, &suggestion, ours)
            {
                continue;
            }
            let problem = ProblemKind::UnknownKey { key: key.clone().into_owned(), suggestion: suggestion.clone() };
            problems.push(Problem::new(problem, &Path::Key(path, &key), span.clone()));
            judged.push((key, span, suggestion));
        }
        judged
    }
}

/// Whether a key of an object that has any keys was meant to be one of ours: it is misspelled or misplaced, or speaks of the same thing.
fn is_meant(key: &str, suggestion: &Suggestion, ours: &[&str]) -> bool {
    match suggestion {
        Suggestion::Respell(_) | Suggestion::Remove(_) => true,
        Suggestion::Move { key: name, .. } => name.eq_ignore_ascii_case(key),
        Suggestion::Unwrap(_) | Suggestion::Unknown(_) => speaks_of(key, ours),
    }
}
