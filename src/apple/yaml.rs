//! YAML into a tree with positions.
//!
//! Reading never fails: it gives the tree of what could be read, and what was wrong. Scalars stay texts, because what `18.0` or `no` means
//! is for the reader of the document to say. Aliases stay references, because a node may contain itself.

use std::borrow::Cow;
use std::collections::BTreeMap;
use std::ops::Range;

use saphyr_parser::{Event, Marker, Parser, Span};

/// How many sequences and mappings may stand inside one another.
const MAX_DEPTH: usize = 128;

/// How many nodes all aliases together may stand for. A few lines can otherwise unfold into billions of nodes.
const MAX_UNFOLDED: usize = 1 << 20;

/// A document: its nodes, in the order in which they begin.
#[derive(Debug, Default)]
pub(crate) struct Tree<'t> {
    nodes: Vec<Node<'t>>,
    /// What was wrong. Whatever stands after a syntax error is missing from the tree.
    pub(crate) errors: Vec<Error>,
}

/// The number of a node in its tree.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct NodeId(usize);

/// A node, and where it stands.
#[derive(Debug)]
pub(crate) struct Node<'t> {
    pub(crate) content: Content<'t>,
    /// Which bytes of the text it takes.
    pub(crate) span: Range<usize>,
}

#[derive(Debug)]
pub(crate) enum Content<'t> {
    Scalar(Cow<'t, str>),
    Sequence(Vec<NodeId>),
    /// Keys and values. A key that stands there twice is there twice.
    Mapping(Vec<(NodeId, NodeId)>),
    /// Another node, which ended before.
    Alias(NodeId),
    /// A node that this one stands in.
    Around(NodeId),
}

/// What was wrong, and where.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Error {
    pub(crate) message: String,
    pub(crate) span: Range<usize>,
}

impl<'t> Tree<'t> {
    /// Reads a text.
    pub(crate) fn read(text: &'t str) -> Self {
        let mut builder = Builder { offsets: Offsets::new(text), ..Builder::default() };
        let mut events = Parser::new_from_str(text);
        while let Some(event) = events.next_event() {
            match event {
                Ok((event, span)) => {
                    let span = builder.offsets.span(span);
                    if let Err(message) = builder.take(event, span.clone()) {
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

    /// The node at the top, if there is any.
    pub(crate) fn root(&self) -> Option<NodeId> {
        (!self.nodes.is_empty()).then_some(NodeId(0))
    }

    pub(crate) fn node(&self, id: NodeId) -> &Node<'t> {
        &self.nodes[id.0]
    }

    /// The node itself, or the one that an alias refers to.
    pub(crate) fn target(&self, id: NodeId) -> NodeId {
        match self.node(id).content {
            Content::Alias(target) | Content::Around(target) => target,
            _ => id,
        }
    }

    /// The text of a scalar.
    pub(crate) fn scalar(&self, id: NodeId) -> Option<&str> {
        match &self.node(self.target(id)).content {
            Content::Scalar(text) => Some(text),
            _ => None,
        }
    }

    /// The items of a sequence.
    pub(crate) fn items(&self, id: NodeId) -> Option<&[NodeId]> {
        match &self.node(self.target(id)).content {
            Content::Sequence(items) => Some(items),
            _ => None,
        }
    }

    /// The keys and values of a mapping.
    pub(crate) fn pairs(&self, id: NodeId) -> Option<&[(NodeId, NodeId)]> {
        match &self.node(self.target(id)).content {
            Content::Mapping(pairs) => Some(pairs),
            _ => None,
        }
    }
}

/// A tree that is being built from events.
#[derive(Default)]
struct Builder<'t> {
    tree: Tree<'t>,
    offsets: Offsets<'t>,
    /// The sequences and mappings that have not ended.
    open: Vec<Open>,
    anchors: BTreeMap<usize, Anchor>,
    /// How many nodes the aliases so far stand for.
    unfolded: usize,
}

/// A sequence or mapping that has not ended.
struct Open {
    id: NodeId,
    anchor: usize,
    /// The key of a mapping whose value comes next.
    key: Option<NodeId>,
    /// What `unfolded` was when it began.
    unfolded: usize,
}

/// A node that aliases may refer to.
struct Anchor {
    id: NodeId,
    /// How many nodes it stands for, once it has ended.
    size: Option<usize>,
}

impl<'t> Builder<'t> {
    /// Takes an event, or says why reading stops there.
    fn take(&mut self, event: Event<'t>, span: Range<usize>) -> Result<(), &'static str> {
        match event {
            Event::DocumentStart(_) if !self.tree.nodes.is_empty() => return Err("a file holds one document"),
            Event::Scalar(text, _, anchor, _) => {
                let id = self.add(Content::Scalar(text), span);
                self.anchors.insert(anchor, Anchor { id, size: Some(1) });
            }
            Event::SequenceStart(anchor, _) => self.begin(Content::Sequence(Vec::new()), anchor, span)?,
            Event::MappingStart(anchor, _) => self.begin(Content::Mapping(Vec::new()), anchor, span)?,
            Event::SequenceEnd | Event::MappingEnd => self.end(&span),
            Event::Alias(anchor) => self.alias(anchor, span)?,
            _ => {}
        }
        Ok(())
    }

    /// Adds a node to what is open.
    fn add(&mut self, content: Content<'t>, span: Range<usize>) -> NodeId {
        let id = NodeId(self.tree.nodes.len());
        self.tree.nodes.push(Node { content, span });
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

    fn begin(&mut self, content: Content<'t>, anchor: usize, span: Range<usize>) -> Result<(), &'static str> {
        if self.open.len() == MAX_DEPTH {
            return Err("the document is nested more than 128 levels deep");
        }
        let id = self.add(content, span);
        self.anchors.insert(anchor, Anchor { id, size: None });
        self.open.push(Open { id, anchor, key: None, unfolded: self.unfolded });
        Ok(())
    }

    fn end(&mut self, span: &Range<usize>) {
        let Some(Open { id, anchor, unfolded, .. }) = self.open.pop() else { return };
        let own = self.tree.nodes.len() - id.0;
        if let Some(anchor) = self.anchors.get_mut(&anchor) {
            anchor.size = Some(own + self.unfolded - unfolded);
        }
        // The end of a block is where the next thing begins: its last node says where it ended.
        let last = self.tree.nodes.last().map_or(0, |last| last.span.end);
        let node = &mut self.tree.nodes[id.0].span;
        node.end = node.end.max(if span.is_empty() { last } else { span.end });
    }

    fn alias(&mut self, anchor: usize, span: Range<usize>) -> Result<(), &'static str> {
        // The parser refuses an alias without an anchor.
        let Some(&Anchor { id, size }) = self.anchors.get(&anchor) else { return Err("the alias refers to nothing") };
        self.unfolded = self.unfolded.saturating_add(size.unwrap_or(1));
        if self.unfolded > MAX_UNFOLDED {
            return Err("the aliases stand for too many nodes");
        }
        self.add(if size.is_some() { Content::Alias(id) } else { Content::Around(id) }, span);
        Ok(())
    }

    fn fail(&mut self, message: &str, span: Range<usize>) {
        self.tree.errors.push(Error { message: message.to_owned(), span });
    }

    /// Ends what an error has left open.
    fn finish(mut self) -> Tree<'t> {
        while !self.open.is_empty() {
            self.end(&(0..0));
        }
        self.tree
    }
}

/// Where each character of a text begins, in bytes: the parser counts characters.
#[derive(Default)]
struct Offsets<'t> {
    text: &'t str,
    /// Empty if every character takes one byte.
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

    /// The bytes of a node, without the spaces that the parser takes after it.
    fn span(&self, span: Span) -> Range<usize> {
        let start = self.byte(span.start);
        let text = self.text.get(start..self.byte(span.end)).unwrap_or_default();
        start..start + text.trim_end().len()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A node as nested text: `[a, b]`, `{key: value}`, `"quoted"`, `*` before an alias, `^` for a node around it.
    fn shown(tree: &Tree<'_>, id: NodeId) -> String {
        let all = |ids: &[NodeId]| ids.iter().map(|id| shown(tree, *id)).collect::<Vec<_>>().join(", ");
        match &tree.node(id).content {
            Content::Scalar(text) => format!("{text:?}"),
            Content::Sequence(items) => format!("[{}]", all(items)),
            Content::Mapping(pairs) => {
                let pair = |(key, value): &(NodeId, NodeId)| format!("{}: {}", shown(tree, *key), shown(tree, *value));
                format!("{{{}}}", pairs.iter().map(pair).collect::<Vec<_>>().join(", "))
            }
            Content::Alias(target) => format!("*{}", shown(tree, *target)),
            Content::Around(_) => "^".to_owned(),
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
    fn scalars_stay_texts() {
        assert_reads("a: 18.0\nb: '18.0'\nc: no\nd:\ne: |\n  x\n", r#"{a: 18.0, b: "18.0", c: no, d: , e: "x\n"}"#);
        assert_reads("- [1, {k: v}]\n- - 2\n", "[[1, {k: v}], [2]]");
        assert_reads("a: 1\na: 2\n", "{a: 1, a: 2}");
        assert_reads("", "");
    }

    #[test]
    fn an_alias_refers_to_its_anchor_and_may_refer_to_what_it_stands_in() {
        assert_reads("a: &x [1]\nb: *x\nc: &x 2\nd: *x\n", "{a: [1], b: *[1], c: 2, d: *2}");
        assert_reads("&x [1, *x, {k: *x}]", "[1, ^, {k: ^}]");
        let (tree, errors) = read("a: [*x]\n");
        assert_eq!((tree.as_str(), errors.len()), ("{a: []}", 1));
    }

    #[test]
    fn spans_count_bytes() {
        let text = "é: ü x\r\nb:\n  - {k: 'ö' }   \n  - z\n\n";
        let tree = Tree::read(text);
        let spans: Vec<&str> = tree.nodes.iter().map(|node| &text[node.span.clone()]).collect();
        let whole = text.trim_end();
        assert_eq!(spans, [whole, "é", "ü x", "b", "- {k: 'ö' }   \n  - z", "{k: 'ö' }", "k", "'ö'", "z"]);
    }

    #[test]
    fn what_stands_before_an_error_is_read() {
        assert_eq!(
            read("a: 1\nb: [2, 3\nc: 4\n"),
            ("{a: 1, b: [2]}".to_owned(), vec!["illegal placement of ':' indicator at 15".to_owned()])
        );
        let (tree, errors) = read("a: 1\n---\nb: 2\n");
        assert_eq!((tree.as_str(), errors), ("{a: 1}", vec!["a file holds one document at 5".to_owned()]));
    }

    #[test]
    fn depth_and_unfolded_size_are_bounded() {
        let deep = |levels: usize| format!("{}1{}", "[".repeat(levels), "]".repeat(levels));
        assert_eq!(read(&deep(128)).1, [""; 0]);
        assert_eq!(read(&deep(129)).1, ["the document is nested more than 128 levels deep at 128"]);
        // Each line stands for ten times as many nodes as the one before.
        let billions = (1..10).fold("- &l0 [x]\n".to_owned(), |text, line| {
            let aliases = vec![format!("*l{}", line - 1); 10].join(", ");
            format!("{text}- &l{line} [{aliases}]\n")
        });
        assert!(read(&billions).1[0].starts_with("the aliases stand for too many nodes at "));
    }

    #[test]
    fn no_text_makes_it_panic() {
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
