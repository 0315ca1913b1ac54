//! From the text of a file to its findings.
//!
//! This is where the layers meet: the text is cut and parsed, read against the tables, judged by the rules, and every place is
//! turned into lines and columns, once. It does no input or output and knows no configuration.

mod declared;
mod judged;
mod resemblance;

use std::ops::Range;
use std::sync::Arc;

use judged::Judged;
use resemblance::{looks_like_declaration, mentions_updates};

pub(crate) use declared::{Activated, Body, Declared, Reference, Said};

use crate::conditions::Conditions;
use crate::content::Hashes;
use crate::document::{self, Container, Layout, Line, Locator, Node, Path, Pieces, Position, Syntax, SyntaxFault};
use crate::finding::{Finding, Place, Related};
use crate::keys;
use crate::model::{Envelope, LegacyType};
use crate::publish;
use crate::read::{self, Legacy, Payload, Problem, ProblemKind, Problems, Reading, Strictness};
use crate::rules::oversized_document::MOST_BYTES;

/// A text to be linted, and what it is.
pub(crate) struct Text<'t> {
    /// The file, as findings name it.
    pub(crate) file: &'t Arc<str>,
    pub(crate) bytes: &'t [u8],
    /// Where the text begins in its file.
    pub(crate) origin: Position,
    /// How many declarations of the file come before it.
    pub(crate) first_index: usize,
    pub(crate) strictness: Strictness,
    pub(crate) gather: Gather,
    pub(crate) conditions: &'t Conditions,
}

/// What is kept of a declaration for judging and combining it with others.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Gather {
    /// Its name, and where it stands.
    Names,
    /// Also whether it says the same as another, for texts that cannot be read once more.
    Contents,
    /// What it says.
    Bodies,
    /// What it says, and its published form.
    Texts,
}

pub(crate) use crate::document::Spare;

/// What linting a text gives.
#[derive(Debug, Default)]
pub(crate) struct Linted {
    pub(crate) findings: Vec<Finding>,
    pub(crate) declarations: Vec<Declared>,
    /// How many documents were looked at; 0 means that the file holds nothing for this program.
    pub(crate) documents: usize,
    /// How many declarations have a type whose payload is not looked into.
    pub(crate) unexamined: usize,
    /// How many documents are of the kinds that declarations replace.
    pub(crate) legacy: usize,
    /// How many declarations are activations.
    pub(crate) activations: usize,
    /// How many values hold placeholders.
    pub(crate) placeholders: usize,
    /// Whether a document that was passed over has an identifier and a payload: it may be a declaration with a wrong type.
    pub(crate) is_near: bool,
}

/// When a file has this many results, they are handed on before the rest of it is read.
const MANY: usize = 512;

/// After this many elements in a row that are not declarations, an array is something else, and the rest of it is not read.
const MOST_STRANGE: usize = 1000;

/// Lints a file that holds one declaration or an array of them. What is found on the way in a file with very many findings goes to
/// `early`; the rest is returned.
pub(crate) fn lint_json(text: &Text<'_>, hashes: &Hashes, spare: &mut Spare, mut early: impl FnMut(Linted)) -> Linted {
    let mut linter = Linter::new(text, hashes);
    linter.mark();
    match document::layout(text.bytes) {
        Layout::One(span) => {
            linter.document(span, text.strictness, spare);
        }
        Layout::Array(opening) => {
            linter.is_json = true;
            let pieces = || Pieces::new(text.bytes, opening);
            if text.strictness == Strictness::Found && !pieces().any(|span| linter.is_declaration(span)) {
                return Linted::default();
            }
            let mut pieces = pieces();
            let mut strange = 0;
            for span in pieces.by_ref() {
                // An array that holds one declaration is meant to hold nothing else.
                let known = linter.known;
                linter.document(span, Strictness::Named, spare);
                strange = if linter.known > known { 0 } else { strange + 1 };
                if strange > MOST_STRANGE {
                    linter.give_up();
                    return linter.finish();
                }
                if linter.has_many() {
                    early(std::mem::take(&mut linter.out));
                }
            }
            linter.between(pieces.faults());
        }
    }
    linter.finish()
}

/// Lints lines of which each is a declaration. `early` takes results as for [`lint_json`].
pub(crate) fn lint_lines(
    text: &Text<'_>,
    lines: impl Iterator<Item = Line>,
    hashes: &Hashes,
    spare: &mut Spare,
    mut early: impl FnMut(Linted),
) -> Linted {
    let mut linter = Linter::new(text, hashes);
    linter.is_json = true;
    linter.mark();
    for (number, line) in lines {
        // The first may begin with a byte-order mark.
        if number > 0 {
            linter.locator.tell_line(number, &line);
        }
        linter.document(line, text.strictness, spare);
        if linter.has_many() {
            early(std::mem::take(&mut linter.out));
        }
    }
    linter.finish()
}

struct Linter<'l, 't> {
    text: &'l Text<'t>,
    hashes: &'l Hashes,
    locator: Locator<'t>,
    index: usize,
    /// Whether the documents are JSON for sure, as those of an array and of lines are.
    is_json: bool,
    /// How many documents were declarations.
    known: usize,
    out: Linted,
}

impl<'l, 't> Linter<'l, 't> {
    fn new(text: &'l Text<'t>, hashes: &'l Hashes) -> Self {
        Self {
            text,
            hashes,
            locator: Locator::new(text.bytes, text.origin),
            index: text.first_index,
            is_json: false,
            known: 0,
            out: Linted::default(),
        }
    }

    /// Whether there is enough to be handed on.
    fn has_many(&self) -> bool {
        self.out.findings.len().max(self.out.declarations.len()) >= MANY
    }

    /// Whether a document is certainly a declaration, or is broken and looks like one.
    fn is_declaration(&self, span: Range<usize>) -> bool {
        let mut spare = document::Spare::default();
        let bytes = &self.text.bytes[span];
        let parsed = document::parse_json(bytes, &mut spare);
        let is_ours =
            |document: document::Document<'_>| read::read(document.root(), Strictness::Found, &mut Problems::default()).is_some();
        parsed.document.is_some_and(is_ours) || (!parsed.faults.is_empty() && looks_like_declaration(bytes))
    }

    /// Lints one document, which takes the next index even if it is none of ours.
    fn document(&mut self, span: Range<usize>, strictness: Strictness, spare: &mut document::Spare) {
        let bytes = &self.text.bytes[span.clone()];
        let is_found = strictness == Strictness::Found;
        // Most property lists that lie in a folder have nothing to do with updates, and need not be parsed.
        let is_plist = !self.is_json && Container::of(bytes).is_some();
        if is_found && is_plist && (bytes.len() > MOST_BYTES || !mentions_updates(bytes)) {
            self.index += 1;
            return;
        }
        let mut problems = Problems::new(&self.text.conditions.placeholders);
        if bytes.len() > MOST_BYTES {
            if is_found && !looks_like_declaration(bytes) {
                self.index += 1;
                return;
            }
            let kind = ProblemKind::TooLarge { bytes: bytes.len() };
            problems.push(Problem::new(kind, &Path::Root, 0..0));
            self.report(bytes, &problems, None, None, span.start);
            return;
        }
        let mut parsed = if self.is_json { document::parse_json(bytes, spare) } else { document::parse(bytes, spare) };
        if !parsed.faults.is_empty() {
            let templates = &self.text.conditions.placeholders;
            parsed.faults.retain(|fault| !fault.text.as_ref().is_some_and(|text| templates.are_in(text)));
            problems.list.extend(parsed.faults.into_iter().map(|fault| syntax(fault, parsed.syntax)));
        }
        let is_broken = !problems.list.is_empty();
        let root = parsed.document.as_ref().map(document::Document::root);
        let mut reading = root.and_then(|root| read::read(root, strictness, &mut problems));
        if is_found && reading.is_none() && !(is_broken && looks_like_declaration(bytes)) {
            self.out.is_near |= root.is_some_and(|root| root.member("Identifier").is_some() && root.member("Payload").is_some());
            self.index += 1;
        } else {
            self.report(bytes, &problems, reading.as_mut(), root, span.start);
        }
        spare.tidy();
    }

    /// Says that the rest of an array is not read.
    fn give_up(&mut self) {
        if let Some(finding) = self.out.findings.last_mut() {
            finding.message.push_str("; so were a thousand before it, and the rest of the array is not read");
        }
    }

    /// Reports what is wrong between the elements of an array. It belongs to no declaration, and is counted with the last.
    fn between(&mut self, faults: Vec<SyntaxFault>) {
        let list: Vec<Problem> = faults.into_iter().map(|fault| syntax(fault, Syntax::Json)).collect();
        self.index = self.index.saturating_sub(1);
        if !list.is_empty() {
            self.out.documents += 1;
        }
        self.findings(&Judged::new(self.text.bytes, &Problems { list, ..Problems::default() }, None, None), 0);
    }

    /// Takes the results of one document, which begins at `base` of the text.
    fn report(
        &mut self,
        bytes: &[u8],
        problems: &Problems,
        reading: Option<&mut Reading<'_>>,
        root: Option<Node<'_>>,
        base: usize,
    ) {
        self.out.documents += 1;
        self.out.placeholders += problems.placeholders;
        self.findings(&Judged::new(bytes, problems, reading.as_deref(), root), base);
        if let (Some(reading), Some(root)) = (reading, root) {
            if let Payload::Legacy(legacy) = &reading.payload {
                self.seen(legacy);
            } else {
                let identifier = reading.identifier.and_then(Node::as_str);
                let span = reading.identifier.map_or(0..0, Node::span);
                self.declared(reading, Some(root), (identifier.as_deref(), span), base..base + bytes.len());
            }
        }
        self.index += 1;
    }

    /// Takes a legacy document: what it is matters to others only where it is a command.
    fn seen(&mut self, legacy: &Legacy<'_>) {
        self.known += 1;
        self.out.legacy += 1;
        if legacy.document != LegacyType::ScheduleOsUpdate || self.text.gather != Gather::Bodies {
            return;
        }
        let command = Declared {
            identifier: None,
            is_named: false,
            is_template: false,
            kind: None,
            content: None,
            span: 0..0,
            index: self.index,
            start: Position::START,
            end: Position::START,
            said: Some(Box::new(Said { server_token: None, body: Body::Command, text: None })),
        };
        self.out.declarations.push(command);
    }

    /// Takes what others may want to know of a declaration out of what was read of it.
    /// `span` is that of its identifier in it, and `place` its own in the text.
    fn declared(
        &mut self,
        reading: &mut Reading<'_>,
        root: Option<Node<'_>>,
        (identifier, span): (Option<&str>, Range<usize>),
        place: Range<usize>,
    ) {
        let (is_named, kind, server_token) = reading.envelope.as_mut().map_or((false, None, None), |envelope| {
            let is_named = envelope.is_right(&keys::envelope::IDENTIFIER);
            let Envelope { kind, server_token, .. } = envelope.value_mut();
            (is_named, kind.take(), server_token.take())
        });
        self.known += 1;
        let start = self.locator.position(place.start + span.start);
        let end = match self.text.bytes.get(place.start + span.start..place.start + span.end) {
            // No string has a line feed, which anything else may have.
            Some(name @ [b'"', ..]) => start.along(name),
            _ => self.locator.position(place.start + span.end),
        };
        self.out.unexamined += usize::from(matches!(reading.payload, Payload::Other));
        self.out.activations += usize::from(matches!(reading.payload, Payload::Activation(_)));
        let gather = self.text.gather;
        let templates = &self.text.conditions.placeholders;
        let payload = &mut reading.payload;
        let said = (gather >= Gather::Bodies).then(|| {
            let body = Body::of(std::mem::replace(payload, Payload::None), templates);
            // Of settings the values are enough, and there may be very many.
            let is_kept = gather >= Gather::Texts && !matches!(body, Body::Settings(Some(_)));
            let text = root.filter(|_| is_kept).map(|root| publish::declaration(root, kind.as_ref()).into_boxed_str());
            Box::new(Said { server_token, body, text })
        });
        self.out.declarations.push(Declared {
            identifier: identifier.map(Box::from),
            content: root.filter(|_| gather > Gather::Names && identifier.is_some()).map(|root| self.hashes.content(root)),
            span: self.text.origin.offset + place.start..self.text.origin.offset + place.end,
            // Most identifiers are right, and need not be looked at once more.
            is_template: !is_named && identifier.is_some_and(|text| templates.are_in(text)),
            is_named,
            kind,
            index: self.index,
            start,
            end,
            said,
        });
    }

    fn findings(&mut self, judged: &Judged<'_>, base: usize) {
        let mut faults = judged.faults(self.text.conditions);
        if faults.is_empty() {
            return;
        }
        faults.sort_by_key(|fault| fault.span.start);
        let (identifier, declaration_type) = judged.names();
        for fault in faults {
            let place = self.place(fault.pointer, fault.span, base);
            let related = fault
                .related
                .into_iter()
                .map(|(message, pointer, span)| Related { message, place: self.place(pointer, span, base) })
                .collect();
            self.out.findings.push(Finding {
                rule: fault.rule,
                severity: fault.fault.severity.unwrap_or(fault.rule.severity),
                message: fault.fault.message,
                help: fault.fault.help,
                identifier: identifier.clone(),
                declaration_type: declaration_type.clone(),
                place,
                related,
                fix: fault.fix.map(|fix| fix.shifted(self.text.origin.offset + base)),
            });
        }
    }

    fn place(&mut self, pointer: String, span: Range<usize>, base: usize) -> Place {
        Place {
            file: self.text.file.clone(),
            index: self.index,
            pointer,
            start: self.locator.position(base + span.start),
            end: self.locator.position(base + span.end),
        }
    }

    /// Reports a byte-order mark. It belongs to the file, and is dropped if that holds nothing for this program.
    fn mark(&mut self) {
        let mark = document::strip_byte_order_mark(self.text.bytes);
        // XML may begin with one.
        if self.text.origin.offset == 0 && mark > 0 && Container::of(&self.text.bytes[mark..]).is_none() {
            let mut problems = Problems::default();
            problems.push(Problem::new(ProblemKind::ByteOrderMark, &Path::Root, 0..3));
            self.findings(&Judged::new(self.text.bytes, &problems, None, None), 0);
        }
    }

    fn finish(self) -> Linted {
        if self.out.documents == 0 { Linted { is_near: self.out.is_near, ..Linted::default() } } else { self.out }
    }
}

fn syntax(fault: SyntaxFault, syntax: Syntax) -> Problem {
    let span = fault.span.clone();
    let kind = match syntax {
        Syntax::Json => ProblemKind::Syntax(fault),
        Syntax::PropertyList => ProblemKind::PropertyList(fault),
    };
    Problem::new(kind, &Path::Root, span)
}
