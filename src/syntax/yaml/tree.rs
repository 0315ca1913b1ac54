//! Parses a YAML document into a tree with byte spans.
//!
//! Parsing never fails: it returns a partial tree and the errors. Scalars remain texts, because the caller decides
//! what `18.0` or `no` means. Aliases remain references, because a node can contain itself.

use std::borrow::Cow;
use std::collections::BTreeMap;
use std::ops::Range;

use crate::limits::{MAX_ALIASED, MAX_DEPTH};
use saphyr_parser::{Event, Marker, Parser, ScalarStyle, Span};

/// A document: its nodes, ordered by start.
#[derive(Debug, Default)]
pub(crate) struct Tree<'t> {
    nodes: Vec<Node<'t>>,
    /// The errors. Everything after a syntax error is missing from the tree.
    pub(crate) errors: Vec<Error>,
}

/// The index of a node in its tree.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct NodeId(usize);

/// A node and its span.
#[derive(Debug)]
pub(crate) struct Node<'t> {
    pub(crate) content: Content<'t>,
    /// The byte range in the text, without anchor and tag.
    pub(crate) span: Range<usize>,
    pub(super) tag: Tag,
    /// Whether it is a scalar without quotes, whose value depends on its text.
    pub(super) is_plain: bool,
    /// Whether no error cut it off.
    pub(super) is_complete: bool,
}

/// The tag of a node.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Tag {
    None,
    /// A tag of the core schema, such as `!!str`.
    Null,
    Boolean,
    Integer,
    Float,
    String,
    Sequence,
    Mapping,
    /// Any other tag.
    Other,
}

impl Tag {
    fn of(tag: Option<&saphyr_parser::Tag>) -> Self {
        let Some(tag) = tag else { return Self::None };
        match (tag.is_yaml_core_schema(), &*tag.suffix) {
            (true, "null") => Self::Null,
            (true, "bool") => Self::Boolean,
            (true, "int") => Self::Integer,
            (true, "float") => Self::Float,
            (true, "str") => Self::String,
            (true, "seq") => Self::Sequence,
            (true, "map") => Self::Mapping,
            // `!` alone: a scalar is a string.
            _ if tag.handle.is_empty() && tag.suffix == "!" => Self::String,
            _ => Self::Other,
        }
    }
}

#[derive(Debug)]
pub(crate) enum Content<'t> {
    Scalar(Cow<'t, str>),
    Sequence(Vec<NodeId>),
    /// Keys and values, including duplicate keys.
    Mapping(Vec<(NodeId, NodeId)>),
    /// An alias to a complete node.
    Alias(NodeId),
    /// An alias to a node that contains it.
    Ancestor(NodeId),
}

/// A syntax error or an exceeded limit.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Error {
    pub(crate) message: String,
    pub(crate) span: Range<usize>,
}

impl<'t> Tree<'t> {
    pub(crate) fn read(text: &'t str) -> Self {
        let mut builder = Builder { offsets: Offsets::new(text), ..Builder::default() };
        let mut events = Parser::new_from_str(text);
        while let Some(event) = events.next_event() {
            match event {
                Ok((event, span)) => {
                    let span = builder.offsets.span(span);
                    if let Err(message) = builder.handle(event, span.clone()) {
                        builder.fail(message, span);
                        break;
                    }
                }
                Err(error) => {
                    let at = builder.offsets.byte(*error.marker());
                    builder.fail(error.info(), at..at);
                    break;
                }
            }
        }
        builder.finish()
    }

    /// The root node; `None` if the document is empty.
    pub(crate) fn root(&self) -> Option<NodeId> {
        (!self.nodes.is_empty()).then_some(NodeId(0))
    }

    pub(crate) fn node(&self, id: NodeId) -> &Node<'t> {
        &self.nodes[id.0]
    }

    /// The spans of scalars and aliases, in order.
    pub(super) fn leaves(&self) -> impl Iterator<Item = Range<usize>> {
        let leaves = self.nodes.iter().filter(|node| !matches!(node.content, Content::Sequence(_) | Content::Mapping(_)));
        leaves.map(|node| node.span.clone())
    }

    /// Follows an alias; returns other nodes unchanged.
    pub(crate) fn target(&self, id: NodeId) -> NodeId {
        match self.node(id).content {
            Content::Alias(target) | Content::Ancestor(target) => target,
            _ => id,
        }
    }

    /// The text, if the node is a scalar.
    pub(crate) fn scalar(&self, id: NodeId) -> Option<&str> {
        match &self.node(self.target(id)).content {
            Content::Scalar(text) => Some(text),
            _ => None,
        }
    }

    /// Whether nothing is written where the node should be.
    pub(super) fn is_empty(&self, id: NodeId) -> bool {
        let node = self.node(id);
        node.is_plain && node.tag == Tag::None && matches!(&node.content, Content::Scalar(text) if text.is_empty())
    }

    /// The items, if the node is a sequence.
    pub(crate) fn items(&self, id: NodeId) -> Option<&[NodeId]> {
        match &self.node(self.target(id)).content {
            Content::Sequence(items) => Some(items),
            _ => None,
        }
    }

    /// The keys and values, if the node is a mapping.
    pub(crate) fn pairs(&self, id: NodeId) -> Option<&[(NodeId, NodeId)]> {
        match &self.node(self.target(id)).content {
            Content::Mapping(pairs) => Some(pairs),
            _ => None,
        }
    }
}

/// Builds a tree from parser events.
#[derive(Default)]
struct Builder<'t> {
    tree: Tree<'t>,
    offsets: Offsets<'t>,
    /// The open sequences and mappings.
    open: Vec<Open>,
    anchors: BTreeMap<usize, Anchor>,
    /// The number of nodes that the aliases so far expand to.
    expanded: usize,
}

/// An open sequence or mapping.
struct Open {
    id: NodeId,
    anchor: usize,
    /// The key of a mapping whose value is next.
    key: Option<NodeId>,
    /// The value of `expanded` at the start.
    expanded: usize,
}

/// A node with an anchor.
struct Anchor {
    id: NodeId,
    /// The number of nodes it expands to. `None` while it is open.
    size: Option<usize>,
}

impl<'t> Builder<'t> {
    /// Handles an event. An error stops the parser.
    fn handle(&mut self, event: Event<'t>, span: Range<usize>) -> Result<(), &'static str> {
        match event {
            Event::DocumentStart(_) if !self.tree.nodes.is_empty() => return Err("a file must contain one document"),
            Event::Scalar(text, style, anchor, tag) => {
                let (tag, is_plain) = (Tag::of(tag.as_deref()), style == ScalarStyle::Plain);
                let span = self.bare(span.clone(), span.end, anchor, tag);
                let span = self.offsets.without_comment(span, style);
                let id = self.add(Node { content: Content::Scalar(text), span, tag, is_plain, is_complete: true });
                self.anchors.insert(anchor, Anchor { id, size: Some(1) });
            }
            Event::SequenceStart(anchor, tag) => {
                self.begin(Content::Sequence(Vec::new()), anchor, Tag::of(tag.as_deref()), span)?;
            }
            Event::MappingStart(anchor, tag) => {
                self.begin(Content::Mapping(Vec::new()), anchor, Tag::of(tag.as_deref()), span)?;
            }
            Event::SequenceEnd | Event::MappingEnd => self.end(&span),
            Event::Alias(anchor) => self.alias(anchor, span)?,
            _ => {}
        }
        Ok(())
    }

    /// Adds a node to the innermost open node.
    fn add(&mut self, node: Node<'t>) -> NodeId {
        let id = NodeId(self.tree.nodes.len());
        self.tree.nodes.push(node);
        if let Some(open) = self.open.last_mut() {
            match &mut self.tree.nodes[open.id.0].content {
                Content::Sequence(items) => items.push(id),
                Content::Mapping(pairs) => match open.key.take() {
                    Some(key) => pairs.push((key, id)),
                    None => open.key = Some(id),
                },
                _ => {}
            }
        }
        id
    }

    /// The span of a node without its anchor and its tag, which the parser includes. A collection ends at `end` so far.
    fn bare(&self, span: Range<usize>, end: usize, anchor: usize, tag: Tag) -> Range<usize> {
        if anchor == 0 && tag == Tag::None {
            return span;
        }
        let mut rest = self.offsets.text.get(span.start..end).unwrap_or_default();
        while rest.starts_with(['&', '!']) {
            rest = rest.trim_start_matches(|c: char| !c.is_ascii_whitespace()).trim_start();
            while rest.starts_with('#') {
                rest = rest.split_once(['\n', '\r']).map_or("", |(_, rest)| rest).trim_start();
            }
        }
        end - rest.len()..span.end.max(end - rest.len())
    }

    fn begin(&mut self, content: Content<'t>, anchor: usize, tag: Tag, span: Range<usize>) -> Result<(), &'static str> {
        if self.open.len() == MAX_DEPTH {
            return Err("the document is nested more than 128 levels deep");
        }
        let span = self.bare(span, self.offsets.text.len(), anchor, tag);
        let id = self.add(Node { content, span, tag, is_plain: false, is_complete: true });
        self.anchors.insert(anchor, Anchor { id, size: None });
        self.open.push(Open { id, anchor, key: None, expanded: self.expanded });
        Ok(())
    }

    fn end(&mut self, span: &Range<usize>) {
        let Some(Open { id, anchor, expanded, .. }) = self.open.pop() else { return };
        let own = self.tree.nodes.len() - id.0;
        if let Some(anchor) = self.anchors.get_mut(&anchor) {
            anchor.size = Some(own + self.expanded - expanded);
        }
        // The parser ends a block where the next token starts, so use the end of its last node. The end of any other
        // collection is a bracket, perhaps with a comment after it.
        let last = self.tree.nodes.last().map_or(0, |last| last.span.end);
        let node = &mut self.tree.nodes[id.0].span;
        node.end = node.end.max(if span.is_empty() { last } else { span.start + 1 });
    }

    fn alias(&mut self, anchor: usize, span: Range<usize>) -> Result<(), &'static str> {
        // The parser rejects an alias without an anchor.
        let Some(&Anchor { id, size }) = self.anchors.get(&anchor) else { return Err("the alias has no anchor") };
        self.expanded = self.expanded.saturating_add(size.unwrap_or(1));
        if self.expanded > MAX_ALIASED {
            return Err("the aliases expand to too many nodes");
        }
        let content = if size.is_some() { Content::Alias(id) } else { Content::Ancestor(id) };
        self.add(Node { content, span, tag: Tag::None, is_plain: false, is_complete: true });
        Ok(())
    }

    fn fail(&mut self, message: &str, span: Range<usize>) {
        self.tree.errors.push(Error { message: message.to_owned(), span });
    }

    /// Closes the nodes that an error left open. Those that end right before it may have had more.
    fn finish(mut self) -> Tree<'t> {
        while !self.open.is_empty() {
            self.end(&(0..0));
        }
        if !self.tree.errors.is_empty() {
            let last = self.tree.nodes.last().map_or(0, |last| last.span.end);
            self.tree.nodes.iter_mut().for_each(|node| node.is_complete = node.span.end < last);
        }
        self.tree
    }
}

/// Maps the parser's character positions to byte offsets.
#[derive(Default)]
struct Offsets<'t> {
    text: &'t str,
    /// The byte offset of each character. Empty if the text is ASCII.
    bytes: Vec<usize>,
}

impl<'t> Offsets<'t> {
    fn new(text: &'t str) -> Self {
        let bytes = if text.is_ascii() { Vec::new() } else { text.char_indices().map(|(at, _)| at).collect() };
        Self { text, bytes }
    }

    fn byte(&self, marker: Marker) -> usize {
        let at = marker.index();
        let byte = if self.bytes.is_empty() { at } else { self.bytes.get(at).copied().unwrap_or(usize::MAX) };
        byte.min(self.text.len())
    }

    /// The byte range of a scalar without the comment that the parser includes after a quotation mark.
    fn without_comment(&self, span: Range<usize>, style: ScalarStyle) -> Range<usize> {
        let text = self.text.get(span.clone()).unwrap_or_default().as_bytes();
        let (mark, escape) = match style {
            ScalarStyle::SingleQuoted => (b'\'', b"''".as_slice()),
            ScalarStyle::DoubleQuoted => (b'"', b"\\".as_slice()),
            _ => return span,
        };
        let mut at = 1;
        while let Some(byte) = text.get(at) {
            if text[at..].starts_with(escape) {
                at += 2;
            } else if *byte == mark {
                return span.start..span.start + at + 1;
            } else {
                at += 1;
            }
        }
        span
    }

    /// The byte range of a node, without the trailing white space that the parser includes.
    fn span(&self, span: Span) -> Range<usize> {
        let start = self.byte(span.start);
        let text = self.text.get(start..self.byte(span.end)).unwrap_or_default();
        start..start + text.trim_end().len()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Formats a node: `[a, b]`, `{key: value}`, `*` before an alias, `^` for an ancestor.
    fn shown(tree: &Tree<'_>, id: NodeId) -> String {
        let all = |ids: &[NodeId]| ids.iter().map(|id| shown(tree, *id)).collect::<Vec<_>>().join(", ");
        match &tree.node(id).content {
            Content::Scalar(text) => text.escape_debug().to_string(),
            Content::Sequence(items) => format!("[{}]", all(items)),
            Content::Mapping(pairs) => {
                let pair = |(key, value): &(NodeId, NodeId)| format!("{}: {}", shown(tree, *key), shown(tree, *value));
                format!("{{{}}}", pairs.iter().map(pair).collect::<Vec<_>>().join(", "))
            }
            Content::Alias(target) => format!("*{}", shown(tree, *target)),
            Content::Ancestor(_) => "^".to_owned(),
        }
    }

    fn read(text: &str) -> (String, Vec<String>) {
        let tree = Tree::read(text);
        let errors = tree.errors.iter().map(|error| format!("{} at {}", error.message, error.span.start)).collect();
        (tree.root().map(|root| shown(&tree, root)).unwrap_or_default(), errors)
    }

    #[track_caller]
    fn assert_reads(text: &str, tree: &str) {
        assert_eq!(read(text), (tree.to_owned(), Vec::new()), "{text}");
    }

    #[test]
    fn scalars_remain_texts() {
        assert_reads("a: 18.0\nb: '18.0'\nc: no\nd:\ne: |\n  x\n", r"{a: 18.0, b: 18.0, c: no, d: , e: x\n}");
        assert_reads("- [1, {k: v}]\n- - 2\n", "[[1, {k: v}], [2]]");
        assert_reads("a: 1\na: 2\n", "{a: 1, a: 2}");
        assert_reads("", "");
    }

    #[test]
    fn an_alias_can_refer_to_a_node_that_contains_it() {
        assert_reads("a: &x [1]\nb: *x\nc: &x 2\nd: *x\n", "{a: [1], b: *[1], c: 2, d: *2}");
        assert_reads("&x [1, *x, {k: *x}]", "[1, ^, {k: ^}]");
        let (tree, errors) = read("a: [*x]\n");
        assert_eq!((tree.as_str(), errors.len()), ("{a: []}", 1));
    }

    #[test]
    fn spans_are_byte_ranges() {
        let text = "é: ü x\r\nb:\n  - {k: 'ö' }   \n  - z\n\n";
        let tree = Tree::read(text);
        let spans: Vec<&str> = tree.nodes.iter().map(|node| &text[node.span.clone()]).collect();
        let whole = text.trim_end();
        assert_eq!(spans, [whole, "é", "ü x", "b", "- {k: 'ö' }   \n  - z", "{k: 'ö' }", "k", "'ö'", "z"]);
    }

    #[test]
    fn keeps_everything_before_an_error() {
        assert_eq!(
            read("a: 1\nb: [2, 3\nc: 4\n"),
            ("{a: 1, b: [2]}".to_owned(), vec!["illegal placement of ':' indicator at 15".to_owned()])
        );
        let (tree, errors) = read("a: 1\n---\nb: 2\n");
        assert_eq!((tree.as_str(), errors), ("{a: 1}", vec!["a file must contain one document at 5".to_owned()]));
    }

    #[test]
    fn bounds_depth_and_expanded_size() {
        let deep = |levels: usize| format!("{}1{}", "[".repeat(levels), "]".repeat(levels));
        assert_eq!(read(&deep(128)).1, [""; 0]);
        assert_eq!(read(&deep(129)).1, ["the document is nested more than 128 levels deep at 128"]);
        // Each line expands to ten times as many nodes as the previous one.
        let billions = (1..10).fold("- &l0 [x]\n".to_owned(), |text, line| {
            let aliases = vec![format!("*l{}", line - 1); 10].join(", ");
            format!("{text}- &l{line} [{aliases}]\n")
        });
        assert!(read(&billions).1[0].starts_with("the aliases expand to too many nodes at "));
    }

    #[test]
    fn never_panics() {
        let text = "é: &a [1, *a, {k: 'v', *a : !t x}]\n'b': |\n  c\n? - d\n: *a\n---\n%";
        let ends = (0..=text.len()).filter(|at| text.is_char_boundary(*at));
        for at in ends {
            for text in [&text[..at], &text[at..]] {
                let tree = Tree::read(text);
                assert!(tree.nodes.iter().all(|node| text.get(node.span.clone()).is_some()), "{text}");
            }
        }
    }
}
