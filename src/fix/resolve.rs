//! Resolves a remedy to edits of the document.

use std::ops::Range;

use crate::diagnostic::{Edit, Fix, Proposal, Remedy};
use crate::secrets::Secrets;
use crate::syntax::{Kind, Node, Syntax, element};

/// Resolves a proposal to edits of the document `bytes` with root value `root`. `span` is the place of the finding.
/// Returns `None` if the remedy does not apply to the document.
pub(crate) fn resolve(
    proposal: &Proposal,
    bytes: &[u8],
    root: Option<Node<'_>>,
    span: &Range<usize>,
    secrets: &Secrets,
) -> Option<Fix> {
    match root.map(Node::syntax) {
        Some(Syntax::Yaml) => return None,
        Some(Syntax::PropertyList) => return in_property_list(proposal, bytes, span),
        Some(Syntax::Json) | None => {}
    }
    let replace = |range: Range<usize>, text: &str| Edit { start: range.start, end: range.end, text: text.to_owned() };
    let mut is_private = false;
    let mut edits = match &proposal.remedy {
        Remedy::Replace(text) => vec![replace(span.clone(), text)],
        Remedy::Delete(ranges) => ranges.iter().map(|range| replace(deletion(bytes, range), "")).collect(),
        Remedy::RemoveMember => {
            let member = member_at(root?, span)?;
            vec![replace(removal(bytes, member.span())?, "")]
        }
        Remedy::RemoveItem(index) => {
            let item = value_at(root?, span)?.elements().nth(*index)?;
            vec![replace(removal(bytes, item.span())?, "")]
        }
        Remedy::Unwrap => {
            let Member { key, value } = member_at(root?, span)?;
            if value.kind() != Kind::Object || value.members().next().is_none() {
                return None;
            }
            let (opens, closes) = (value.span().start + 1, value.span().end - 1);
            let first = value.members().next()?.0.span().start;
            let last = value.members().last()?.1.span().end;
            // The white space inside the brackets is removed with them. If there is anything else, such as a comment,
            // there is no fix.
            is_blank(&bytes[opens..first]).then_some(())?;
            is_blank(&bytes[last..closes]).then_some(())?;
            vec![replace(key.span().start..first, ""), replace(last..closes + 1, "")]
        }
        Remedy::SetMembers(members) => {
            let object = parent_of(root?, span)?;
            let set = |(key, value): &(String, String)| match object.member(key) {
                Some(old) => Some(replace(old.span(), value)),
                None => insertion(bytes, object, &format!("\"{key}\": {value}"), usize::MAX..usize::MAX),
            };
            members.iter().map(set).collect::<Option<_>>()?
        }
        Remedy::MoveMember { home, name } => {
            let root = root?;
            let member = member_at(root, span)?;
            is_private = secrets.are_in(&member.span());
            // In a payload without an envelope the path has no `Payload`.
            let is_bare = root.member("Payload").is_none();
            let home = home.split_first().filter(|(first, _)| is_bare && *first == "Payload").map_or(&**home, |(_, rest)| rest);
            let home = home.iter().try_fold(root, |node, step| node.member(step))?;
            if home.kind() != Kind::Object || !home.is_complete() {
                return None;
            }
            if home.member(name).is_some() {
                let description = format!("remove the key: {name} is already set in the right place");
                return resolve(&Proposal::unsafe_(Remedy::RemoveMember, description), bytes, Some(root), span, secrets);
            }
            let text = format!("\"{name}\": {}", member.value.text());
            vec![insertion(bytes, home, &text, member.span())?, replace(removal(bytes, member.span())?, "")]
        }
    };
    edits.sort_by_key(|edit| (edit.start, edit.end));
    let is_disjoint = edits.windows(2).all(|pair| pair[0].end <= pair[1].start);
    let Proposal { is_safe, description, .. } = proposal.clone();
    is_disjoint.then_some(Fix { is_safe, description, edits, is_private })
}

/// Resolves a proposal to an edit of a property list in XML: another key, or another value.
fn in_property_list(proposal: &Proposal, bytes: &[u8], span: &Range<usize>) -> Option<Fix> {
    let Remedy::Replace(json) = &proposal.remedy else { return None };
    let old = bytes.get(span.clone()).filter(|old| old.starts_with(b"<") && old.ends_with(b">"))?;
    // Names and values of the schema need no escapes.
    let is_plain = !json.contains(['<', '&', '\\']);
    let key = json.strip_prefix('"').and_then(|key| key.strip_suffix('"')).filter(|_| old.starts_with(b"<key"));
    let text = match key {
        Some(key) => format!("<key>{key}</key>"),
        None if old.starts_with(b"<key") => return None,
        None => element(json),
    };
    let edit = Edit { start: span.start, end: span.end, text };
    let Proposal { is_safe, description, .. } = proposal.clone();
    is_plain.then(|| Fix { is_safe, description, edits: vec![edit], is_private: false })
}

/// A member of an object.
struct Member<'d> {
    key: Node<'d>,
    value: Node<'d>,
}

impl Member<'_> {
    fn span(&self) -> Range<usize> {
        self.key.span().start..self.value.span().end
    }
}

/// Finds the member whose key has this span.
fn member_at<'d>(root: Node<'d>, span: &Range<usize>) -> Option<Member<'d>> {
    let key = value_at(root, span)?;
    let value = root.at(key.index() + 1);
    // A string that is followed by its value is a key.
    let is_key = key.kind() == Kind::String && key.index() + 1 < root.len() && value.is_complete();
    is_key.then_some(Member { key, value })
}

/// Finds the key or value with this span. The nodes of a document are in text order.
fn value_at<'d>(root: Node<'d>, span: &Range<usize>) -> Option<Node<'d>> {
    let (mut low, mut high) = (0, root.len());
    while low < high {
        let middle = low.midpoint(high);
        if root.at(middle).span().start < span.start { low = middle + 1 } else { high = middle }
    }
    let same = (low..root.len()).map(|index| root.at(index)).take_while(|node| node.span().start == span.start);
    same.into_iter().find(|node| node.span() == *span)
}

/// Finds the object that directly holds the value with this span.
fn parent_of<'d>(root: Node<'d>, span: &Range<usize>) -> Option<Node<'d>> {
    let holds = |node: &Node<'_>| node.span().start <= span.start && span.end <= node.span().end;
    let mut node = root;
    loop {
        let child = node.members().map(|(_, value)| value).chain(node.elements()).find(holds)?;
        if child.span() == *span {
            return (node.kind() == Kind::Object).then_some(node);
        }
        node = child;
    }
}

fn is_blank(bytes: &[u8]) -> bool {
    bytes.iter().all(u8::is_ascii_whitespace)
}

/// The bytes to delete to remove a member or an item: with the comma and white space after it or, for the last one,
/// with the comma before it. `None` if a comment is adjacent, as it would lose its context.
fn removal(bytes: &[u8], range: Range<usize>) -> Option<Range<usize>> {
    let after = range.end + bytes[range.end..].iter().position(|byte| !byte.is_ascii_whitespace())?;
    if bytes[after] == b',' {
        let next = after + 1 + bytes[after + 1..].iter().position(|byte| !byte.is_ascii_whitespace())?;
        return (bytes[next] != b'/').then_some(range.start..next);
    }
    let before = bytes[..range.start].iter().rposition(|byte| !byte.is_ascii_whitespace())?;
    match (bytes[before], bytes[after]) {
        (b',', b'}' | b']') => Some(before..range.end),
        // The only one: leave `{}` or `[]`.
        (b'{' | b'[', b'}' | b']') => Some(before + 1..after),
        _ => None,
    }
}

/// An edit that appends a member to an object, with the layout of the other members. `removed` is the span of the
/// member that the same fix removes; its layout is not used.
fn insertion(bytes: &[u8], home: Node<'_>, text: &str, removed: Range<usize>) -> Option<Edit> {
    let mut members = home.members().filter(|(key, _)| key.span().start != removed.start);
    let Some((first, _)) = members.next() else {
        let inside = home.span().start + 1..home.span().end - 1;
        return is_blank(&bytes[inside.clone()]).then(|| Edit {
            start: inside.start,
            end: inside.end,
            text: format!(" {text} "),
        });
    };
    let end = home.members().last()?.1.span().end;
    let space = &bytes[..first.span().start];
    let start = space.iter().rposition(|byte| !byte.is_ascii_whitespace())? + 1;
    let space = std::str::from_utf8(&space[start..]).ok()?;
    // Members on one line are separated by one space.
    let space = if space.contains('\n') { space } else { " " };
    Some(Edit { start: end, end, text: format!(",{space}{text}") })
}

/// The bytes to delete: for a comment alone on its line, the line; for a comment at the end of a line, also the white
/// space before it.
fn deletion(bytes: &[u8], range: &Range<usize>) -> Range<usize> {
    if bytes.get(range.start) != Some(&b'/') {
        return range.clone();
    }
    // The span of a comment may include the carriage return of `\r\n`; keep it.
    let has_return = bytes[range.clone()].ends_with(b"\r") && bytes.get(range.end) == Some(&b'\n');
    let range = range.start..range.end - usize::from(has_return);
    let is_space = |byte: &u8| matches!(byte, b' ' | b'\t');
    let start = bytes[..range.start].iter().rposition(|byte| !is_space(byte)).map_or(0, |at| at + 1);
    let rest = &bytes[range.end..];
    let end = range.end + rest.iter().position(|byte| !is_space(byte) && *byte != b'\r').unwrap_or(rest.len());
    let begins_line = start == 0 || bytes[start - 1] == b'\n';
    match bytes.get(end) {
        Some(b'\n') if begins_line => start..end + 1,
        Some(b'\n') | None => start..range.end,
        _ => range,
    }
}
