//! From the text of a file to its findings.
//!
//! This is where the layers meet: the text is cut and parsed, read against the tables, judged by the rules, and every place is
//! turned into lines and columns, once. It does no input or output and knows no configuration.

mod judged;
mod resemblance;
mod whole;

use std::ops::Range;
use std::sync::Arc;

use judged::Judged;
use resemblance::{looks_like_declaration, mentions_updates};
pub(crate) use whole::{alone, documents, lint};

use crate::apple::activation::{PREDICATE, STANDARD_CONFIGURATIONS};
use crate::apple::{ACTIVATION, Apply, SCHEDULE_OS_UPDATE, Value};
use crate::conditions::Conditions;
use crate::content::Hashes;
use crate::diagnostic::Position;
use crate::diagnostic::{Diagnostic, Draft, Place, Region, Spot, SyntaxDiagnostic};
use crate::rules::not_a_declaration;
use crate::set::{Activated, Declared, Reference, Said, TypeName, publish};
use crate::syntax::rules::oversized_document::MOST_BYTES;
use crate::syntax::rules::{byte_order_mark, oversized_document};
use crate::syntax::{self, Container, Layout, Line, Locator, Node, Pieces};
use crate::validate::{self, Object, Reading, Strictness, Validator};

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

pub(crate) use crate::syntax::Spare;

/// What linting a text gives.
#[derive(Debug, Default)]
pub(crate) struct Linted {
    pub(crate) findings: Vec<Diagnostic>,
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
    match syntax::layout(text.bytes) {
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
            for span in pieces.by_ref() {
                // An array that holds one declaration is meant to hold nothing else.
                linter.document(span, Strictness::Named, spare);
                if linter.strange > MOST_STRANGE {
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
    linter.locator.end_lines_at_feeds();
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
    /// How many documents in a row, up to the last one, were not declarations.
    strange: usize,
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
            strange: 0,
            out: Linted::default(),
        }
    }

    /// Whether there is enough to be handed on.
    fn has_many(&self) -> bool {
        self.out.findings.len().max(self.out.declarations.len()) >= MANY
    }

    /// Whether a document is certainly a declaration, or is broken and looks like one.
    fn is_declaration(&self, span: Range<usize>) -> bool {
        let mut spare = syntax::Spare::default();
        let bytes = &self.text.bytes[span];
        let parsed = syntax::parse_json(bytes, &mut spare);
        let conditions = self.text.conditions;
        let is_ours = |document: syntax::Document<'_>| {
            let mut validator = Validator::new(&conditions.schema, &conditions.placeholders);
            validate::read(document.root(), Strictness::Found, &mut validator).is_some()
        };
        let is_broken = parsed.mistakes().next().is_some();
        parsed.document.is_some_and(is_ours) || (is_broken && looks_like_declaration(bytes))
    }

    /// Lints one document, which takes the next index even if it is none of ours.
    fn document(&mut self, span: Range<usize>, strictness: Strictness, spare: &mut syntax::Spare) {
        let bytes = &self.text.bytes[span.clone()];
        let is_found = strictness == Strictness::Found;
        // Most property lists that lie in a folder have nothing to do with updates, and need not be parsed.
        let is_plist = !self.is_json && Container::of(bytes).is_some();
        if is_found && is_plist && (bytes.len() > MOST_BYTES || !mentions_updates(bytes)) {
            self.index += 1;
            return;
        }
        if bytes.len() > MOST_BYTES {
            if is_found && !looks_like_declaration(bytes) {
                self.index += 1;
                return;
            }
            let judged = Judged { bytes, root: None, reading: None, is_broken: true };
            self.report(&judged, vec![oversized_document::diagnostic(bytes.len())], span.start);
            return;
        }
        let conditions = self.text.conditions;
        let parsed = if self.is_json { syntax::parse_json(bytes, spare) } else { syntax::parse(bytes, spare) };
        let mut validator = Validator::new(&conditions.schema, &conditions.placeholders);
        let doubts =
            parsed.doubts.into_iter().filter(|(text, _)| !conditions.placeholders.are_in(text)).map(|(_, mistake)| mistake);
        validator.diagnostics.extend(parsed.faults.into_iter().chain(doubts).map(draft));
        let is_broken = !validator.diagnostics.is_empty();
        let root = parsed.document.as_ref().map(syntax::Document::root);
        let reading = root.and_then(|root| validate::read(root, strictness, &mut validator));
        if is_found && reading.is_none() && !(is_broken && looks_like_declaration(bytes)) {
            self.out.is_near |= root.is_some_and(|root| root.member("Identifier").is_some() && root.member("Payload").is_some());
            self.index += 1;
        } else {
            self.out.placeholders += validator.placeholders;
            self.report(&Judged { bytes, root, reading: reading.as_ref(), is_broken }, validator.diagnostics, span.start);
        }
        spare.tidy();
    }

    /// Reports what is wrong between the elements of an array. It belongs to no declaration, and is counted with the last.
    fn between(&mut self, faults: Vec<SyntaxDiagnostic>) {
        let drafts: Vec<Draft> = faults.into_iter().map(draft).collect();
        self.index = self.index.saturating_sub(1);
        if !drafts.is_empty() {
            self.out.documents += 1;
        }
        self.take_drafts(drafts);
    }

    /// Takes the results of one document, which begins at `base` of the text.
    fn report(&mut self, judged: &Judged<'_>, drafts: Vec<Draft>, base: usize) {
        let Judged { bytes, root, reading, .. } = judged;
        self.out.documents += 1;
        self.strange = if reading.is_some() { 0 } else { self.strange + 1 };
        let diagnostics = if self.strange > MOST_STRANGE {
            vec![not_a_declaration::rest_of_array(root.map_or(0..bytes.len(), Node::span))]
        } else {
            judged.diagnostics(drafts, self.text.conditions)
        };
        self.take(diagnostics, base, base..base + bytes.len());
        match reading {
            Some(reading) if reading.legacy.is_some() => self.seen(reading),
            Some(reading) => self.declared(reading, base..base + bytes.len()),
            None => {}
        }
        self.index += 1;
    }

    /// Takes a legacy document: other documents are concerned only where it is a command.
    fn seen(&mut self, reading: &Reading<'_>) {
        self.out.legacy += 1;
        let Some(kind) = reading.kind.filter(|_| reading.is(SCHEDULE_OS_UPDATE)) else { return };
        if self.text.gather != Gather::Bodies {
            return;
        }
        let command = Declared {
            identifier: None,
            is_named: false,
            is_template: false,
            kind: Some(TypeName::Known(kind)),
            content: None,
            span: 0..0,
            index: self.index,
            start: Position::START,
            end: Position::START,
            said: None,
        };
        self.out.declarations.push(command);
    }

    /// Takes what others may want to know of a declaration, which stands at `place` of the text.
    fn declared(&mut self, reading: &Reading<'_>, place: Range<usize>) {
        let identifier = reading.identifier.and_then(Node::as_str);
        let identifier = identifier.as_deref();
        let span = reading.identifier.map_or(0..0, Node::span);
        let is_named = reading.envelope().is_some_and(|envelope| envelope.is_right(&["Identifier"]));
        let start = self.locator.position(place.start + span.start);
        let end = match self.text.bytes.get(place.start + span.start..place.start + span.end) {
            // A string has no line break, which anything else may have.
            Some(name @ [b'"', ..]) if reading.identifier.is_some_and(Node::is_complete) => start.along(name),
            _ => self.locator.position(place.start + span.end),
        };
        self.out.unexamined += usize::from(reading.is_unexamined);
        self.out.activations += usize::from(reading.is(ACTIVATION));
        let (gather, templates) = (self.text.gather, &self.text.conditions.placeholders);
        let declared = Declared {
            identifier: identifier.map(Box::from),
            content: (gather > Gather::Names && identifier.is_some()).then(|| self.hashes.content(reading.root)),
            span: self.text.origin.offset + place.start..self.text.origin.offset + place.end,
            // Most identifiers are right, and need not be looked at once more.
            is_template: !is_named && identifier.is_some_and(|text| templates.are_in(text)),
            is_named,
            kind: reading.type_name().map(|name| TypeName::of(&name, reading.schema)),
            index: self.index,
            start,
            end,
            said: (gather >= Gather::Bodies).then(|| Box::new(self.said(reading))),
        };
        self.out.declarations.push(declared);
    }

    /// What a declaration says.
    fn said(&self, reading: &Reading<'_>) -> Said {
        let templates = &self.text.conditions.placeholders;
        let payload = reading.payload();
        let is_complete = payload.is_some_and(Object::is_complete);
        let kind = reading.kind.map(|kind| reading.schema.kind(kind));
        let is_combined = is_complete && kind.is_some_and(|kind| kind.apply == Some(Apply::Combined));
        // The values of a type that devices combine are enough, and there may be very many.
        let keeps_text = self.text.gather >= Gather::Texts && !is_combined;
        let references = payload.filter(|_| reading.is(ACTIVATION)).and_then(|payload| {
            let names = payload.get(STANDARD_CONFIGURATIONS)?.elements().filter_map(Node::as_str);
            let references = names.map(|name| Reference { is_template: templates.are_in(&name), name: name.into_owned() });
            let predicate = payload.text(PREDICATE).map(std::borrow::Cow::into_owned);
            Some(Activated { references: references.collect(), predicate })
        });
        let token = reading.envelope().and_then(|envelope| envelope.text(&["ServerToken"]));
        Said {
            server_token: token.map(Into::into),
            payload: payload.map_or(Value::EMPTY, Object::value),
            is_complete,
            activated: references,
            text: keeps_text.then(|| Box::new(publish::declaration(reading))),
        }
    }

    /// Takes what concerns the file, and no document in it.
    fn take_drafts(&mut self, drafts: Vec<Draft>) {
        let judged = Judged { bytes: self.text.bytes, root: None, reading: None, is_broken: true };
        self.take(judged.diagnostics(drafts, self.text.conditions), 0, 0..0);
    }

    /// Takes what was found in a part of the text that begins at `base`. `document` is the document that it stands in, if it does.
    fn take(&mut self, diagnostics: Vec<Diagnostic<Region>>, base: usize, document: Range<usize>) {
        let origin = self.text.origin.offset;
        let document = origin + document.start..origin + document.end;
        for mut diagnostic in diagnostics {
            diagnostic.fix = diagnostic.fix.map(|fix| fix.shifted(origin + base));
            let finding = diagnostic.locate(|Region { pointer, span }| Place {
                file: self.text.file.clone(),
                index: self.index,
                pointer,
                start: self.locator.position(base + span.start),
                end: self.locator.position(base + span.end),
                document: Some(document.clone()),
            });
            self.out.findings.push(finding);
        }
    }

    /// Reports a byte-order mark. It belongs to the file, and is dropped if that holds nothing for this program.
    fn mark(&mut self) {
        let mark = syntax::strip_byte_order_mark(self.text.bytes);
        // XML may begin with one.
        if self.text.origin.offset == 0 && mark > 0 && Container::of(&self.text.bytes[mark..]).is_none() {
            self.take_drafts(vec![byte_order_mark::diagnostic()]);
        }
    }

    fn finish(self) -> Linted {
        if self.out.documents == 0 { Linted { is_near: self.out.is_near, ..Linted::default() } } else { self.out }
    }
}

/// A mistake in the syntax is at the top of its document.
fn draft(mistake: SyntaxDiagnostic) -> Draft {
    mistake.locate(|span| Spot::at("", span))
}
