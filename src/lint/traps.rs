//! Reports the scalars that the versions of YAML read differently.

use std::ops::Range;

use crate::diagnostic::{Draft, Spot};
use crate::limits::MAX_FINDINGS;
use crate::rules::ambiguous_yaml;
use crate::syntax::{Node, Path, Trap};
use crate::validate::Validator;
use crate::words::{MASK, shown};

/// Reports the traps of a document. Other findings about the same values say enough.
pub(super) fn report(root: Node<'_>, traps: &[(usize, Trap)], validator: &mut Validator<'_>) {
    let mut walk = Walk { traps, validator: &*validator, found: Vec::new() };
    walk.value(root, &Path::Root);
    let (mut found, more) = (walk.found, walk.traps.len());
    let mut known: Vec<Range<usize>> = validator.diagnostics.iter().filter_map(|draft| span(&draft.place)).collect();
    known.sort_by_key(|span| (span.start, span.end));
    let is_known =
        |span: &Range<usize>| known.binary_search_by_key(&(span.start, span.end), |known| (known.start, known.end)).is_ok();
    found.retain(|draft| !span(&draft.place).is_some_and(|span| is_known(&span)));
    validator.diagnostics.extend(found);
    validator.diagnostics.count(more, ambiguous_yaml::RULE.severity);
}

fn span(spot: &Spot) -> Option<Range<usize>> {
    if let Spot::At(region) = spot { Some(region.span.clone()) } else { None }
}

/// A walk through the nodes of a document, in the order of their indexes.
struct Walk<'w, 'd> {
    /// The traps that are left.
    traps: &'w [(usize, Trap)],
    validator: &'w Validator<'d>,
    found: Vec<Draft>,
}

impl Walk<'_, '_> {
    fn value(&mut self, node: Node<'_>, path: &Path<'_>) {
        self.node(node, path, false);
        // Most subtrees have none. The rest of very many is only counted.
        let is_full = self.found.len() >= MAX_FINDINGS;
        if is_full || self.traps.first().is_none_or(|(index, _)| *index >= node.index() + node.len()) {
            return;
        }
        for (key, value) in node.members() {
            let name = key.as_str().unwrap_or_default();
            let path = &Path::Key(path, &name);
            self.node(key, path, true);
            self.value(value, path);
        }
        for (index, element) in node.elements().enumerate() {
            self.value(element, &Path::Index(path, index));
        }
    }

    fn node(&mut self, node: Node<'_>, path: &Path<'_>, is_key: bool) {
        if self.found.len() >= MAX_FINDINGS {
            return;
        }
        let Some(((_, trap), rest)) = self.traps.split_first().filter(|((index, _), _)| *index == node.index()) else { return };
        self.traps = rest;
        let secrets = self.validator.secrets();
        let text = self.validator.text.get(node.span()).and_then(|text| str::from_utf8(text).ok()).unwrap_or_default();
        let text = if secrets.hides(node) { MASK.to_owned() } else { shown(text) };
        self.found.push(ambiguous_yaml::diagnostic(Spot::at(path.pointer(), node.span()), *trap, &text, is_key));
    }
}
