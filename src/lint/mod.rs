//! Lints the text of a file.
//!
//! This module connects the layers: it splits and parses the text, validates it against the schema, applies the rules,
//! and converts places to lines and columns. It does no input or output and has no configuration.

mod flaws;
mod judged;
mod references;
mod resemblance;
mod whole;

use std::borrow::Cow;
use std::cell::OnceCell;
use std::ops::Range;
use std::sync::Arc;

use judged::Judged;
use resemblance::{looks_like_declaration, mentions_updates};
pub(crate) use whole::{alone, documents, lint};

use crate::apple::{ACTIVATION, Apply, Channel, Family, PROPERTIES, SCHEDULE_OS_UPDATE, Value};
use crate::catalog::Platforms;
use crate::conditions::Conditions;
use crate::content::Hashes;
use crate::diagnostic::Position;
use crate::diagnostic::{Budget, Diagnostic, Draft, Drafts, Place, Region, Spot, SyntaxDiagnostic};
use crate::limits::{MAX_DOCUMENT_BYTES, MAX_FILE_FINDINGS, MAX_FOREIGN, MAX_SHARED_BYTES};
use crate::rules::not_a_declaration;
use crate::rules::too_many_findings;
use crate::set::{AssetReference, Declared, Flaw, Said, TypeName, publish};
use crate::syntax::rules::{byte_order_mark, invalid_encoding, oversized_document};
use crate::syntax::{self, Container, Encoding, Layout, Line, Locator, Node, Pieces, Placeholders};
use crate::validate::{self, Object, Reading, Strictness, Validator};

/// The text to lint, and how to lint it.
pub(crate) struct Text<'t> {
    /// The file, as findings name it.
    pub(crate) file: &'t Arc<str>,
    /// In UTF-8, if the encoding could be told.
    pub(crate) bytes: Cow<'t, [u8]>,
    /// The encoding of the file, if it is not UTF-8.
    pub(crate) encoding: Option<Encoding>,
    /// The position of the text in its file.
    pub(crate) origin: Position,
    /// The number of documents of the file before the text.
    pub(crate) first_index: usize,
    pub(crate) strictness: Strictness,
    pub(crate) gather: Gather,
    pub(crate) conditions: &'t Conditions,
}

/// What to keep of a declaration for rules on sets and for merging. Each level includes the previous ones.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Gather {
    /// Its identifier, type and place.
    Names,
    /// Its content hash, for texts that cannot be read again.
    Contents,
    /// Its body.
    Bodies,
    /// Its published text, unless devices combine its type or it is large: of the many settings of a set, few are
    /// published unchanged, and their files are read again.
    Texts,
    /// Its published text, for files that cannot be read again.
    AllTexts,
}

impl Gather {
    /// What to keep of the declarations of a text that cannot be read again.
    pub(crate) fn for_one_reading(self) -> Self {
        if self == Self::Texts { Self::AllTexts } else { self.max(Self::Contents) }
    }
}

pub(crate) use crate::syntax::Buffers;

/// The result of linting a text, or of a part of it.
#[derive(Debug, Default)]
pub(crate) struct Linted {
    pub(crate) findings: Vec<Diagnostic>,
    pub(crate) declarations: Vec<Declared>,
    /// The number of checked documents; 0 if the file contains nothing for this program.
    pub(crate) documents: usize,
    /// The number of declarations of a type whose payload is not checked.
    pub(crate) unexamined: usize,
    /// The number of legacy documents: commands and profiles.
    pub(crate) legacy: usize,
    /// The number of activations.
    pub(crate) activations: usize,
    /// The number of assets, and of configurations that reference some.
    pub(crate) assets: usize,
    /// The number of values with placeholders.
    pub(crate) placeholders: usize,
    /// Whether a skipped document looks like a declaration with a wrong type. It is a finding, but is not checked.
    pub(crate) is_near: bool,
}

/// Results are passed on in batches of this size while a file is read.
const BATCH: usize = 512;

/// Lints a file that holds one declaration or an array of them. Full batches of results go to `early`; the rest is
/// returned.
pub(crate) fn lint_json(text: &Text<'_>, hashes: &Hashes, buffers: &mut Buffers, mut early: impl FnMut(Linted)) -> Linted {
    let mut linter = Linter::new(text, hashes);
    linter.mark();
    match syntax::layout(&text.bytes) {
        Layout::One(span) => {
            linter.document(span, text.strictness, buffers);
        }
        Layout::Array(opening) => {
            linter.is_json = true;
            let pieces = || Pieces::new(&text.bytes, opening);
            // In an array with one declaration, every element must be one.
            let mut strictness = Strictness::Named;
            if text.strictness == Strictness::Found {
                let mut nearest = Likeness::Other;
                for span in pieces() {
                    nearest = nearest.max(linter.likeness(span));
                    if nearest == Likeness::Declaration {
                        break;
                    }
                }
                match nearest {
                    Likeness::Declaration => {}
                    Likeness::Near => strictness = Strictness::Found,
                    Likeness::Other => return Linted::default(),
                }
            }
            let mut pieces = pieces();
            for span in pieces.by_ref() {
                linter.document(span, strictness, buffers);
                if linter.foreign > MAX_FOREIGN {
                    return linter.finish();
                }
                if linter.is_batch_full() {
                    early(std::mem::take(&mut linter.out));
                }
            }
            linter.between(pieces.faults());
        }
    }
    linter.finish()
}

/// Lints lines with one declaration each. `early` takes results as in [`lint_json`].
pub(crate) fn lint_lines(
    text: &Text<'_>,
    lines: impl Iterator<Item = Line>,
    hashes: &Hashes,
    buffers: &mut Buffers,
    mut early: impl FnMut(Linted),
) -> Linted {
    let mut linter = Linter::new(text, hashes);
    linter.is_json = true;
    linter.locator.end_lines_at_feeds();
    linter.mark();
    for (number, line) in lines {
        // The first line may begin with a byte-order mark.
        if number > 0 {
            linter.locator.tell_line(number, &line);
        }
        linter.document(line, text.strictness, buffers);
        if linter.is_batch_full() {
            early(std::mem::take(&mut linter.out));
        }
    }
    linter.finish()
}

/// How much a document looks like a declaration.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Likeness {
    Other,
    /// It looks like a declaration with a wrong type.
    Near,
    /// It is a declaration, or has syntax errors and looks like one.
    Declaration,
}

struct Linter<'l, 't> {
    text: &'l Text<'t>,
    hashes: &'l Hashes,
    locator: Locator<'l>,
    index: usize,
    /// Whether the documents can only be JSON, because they are array elements or lines.
    is_json: bool,
    /// The number of consecutive documents, up to the last one, that are not declarations.
    foreign: usize,
    /// How many findings about an array or a block of lines are kept.
    budget: Budget,
    /// The place of the last one that is not kept.
    beyond: Option<Place>,
    out: Linted,
}

impl<'l, 't> Linter<'l, 't> {
    fn new(text: &'l Text<'t>, hashes: &'l Hashes) -> Self {
        Self {
            text,
            hashes,
            locator: Locator::new(&text.bytes, text.origin),
            index: text.first_index,
            is_json: false,
            foreign: 0,
            budget: Budget::new(MAX_FILE_FINDINGS),
            beyond: None,
            out: Linted::default(),
        }
    }

    /// Whether a batch of results is full.
    fn is_batch_full(&self) -> bool {
        self.out.findings.len().max(self.out.declarations.len()) >= BATCH
    }

    /// How much a document looks like a declaration.
    fn likeness(&self, span: Range<usize>) -> Likeness {
        let mut buffers = syntax::Buffers::default();
        let bytes = &self.text.bytes[span];
        let parsed = syntax::parse_json(bytes, &mut buffers);
        let conditions = self.text.conditions;
        let root = parsed.document.as_ref().map(syntax::Document::root);
        let mut validator = Validator::new(&conditions.schema, &conditions.placeholders);
        let is_read = root.is_some_and(|root| validate::read(root, Strictness::Found, &mut validator).is_some());
        if is_read || (parsed.mistakes().next().is_some() && looks_like_declaration(bytes)) {
            Likeness::Declaration
        } else if root.is_some_and(not_a_declaration::is_near) {
            Likeness::Near
        } else {
            Likeness::Other
        }
    }

    /// Lints one document. It takes the next index even if it is skipped.
    fn document(&mut self, span: Range<usize>, strictness: Strictness, buffers: &mut syntax::Buffers) {
        let bytes = &self.text.bytes[span.clone()];
        let is_found = strictness == Strictness::Found;
        // Most property lists found in a folder do not concern updates; skip them without parsing.
        let is_plist = !self.is_json && Container::of(bytes).is_some();
        if is_found && is_plist && (bytes.len() > MAX_DOCUMENT_BYTES || !mentions_updates(bytes)) {
            self.index += 1;
            return;
        }
        if bytes.len() > MAX_DOCUMENT_BYTES {
            if is_found && !looks_like_declaration(bytes) {
                self.index += 1;
                return;
            }
            let judged = Judged { bytes, root: None, reading: None, is_broken: true, secrets: OnceCell::new() };
            self.report(&judged, oversized_document::bytes().into(), span.start);
            return;
        }
        let conditions = self.text.conditions;
        let parsed = if self.is_json { syntax::parse_json(bytes, buffers) } else { syntax::parse(bytes, buffers) };
        let mut validator = Validator::new(&conditions.schema, &conditions.placeholders);
        validator.text = bytes;
        validator.allowed = &conditions.allowed_keys;
        let text_faults =
            parsed.text_faults.into_iter().filter(|(text, _)| !conditions.placeholders.are_in(text)).map(|(_, fault)| fault);
        validator.diagnostics.extend(parsed.faults.into_iter().chain(text_faults).map(draft));
        let is_broken = validator.diagnostics.has_errors();
        let root = parsed.document.as_ref().map(syntax::Document::root);
        let reading = root.and_then(|root| validate::read(root, strictness, &mut validator));
        if is_found && reading.is_none() && !(is_broken && looks_like_declaration(bytes)) {
            if let Some(root) = root.filter(|root| not_a_declaration::is_near(*root)) {
                self.out.is_near = true;
                let draft = not_a_declaration::near(&conditions.schema, root);
                let judged = Judged { bytes, root: Some(root), reading: None, is_broken, secrets: validator.secrets };
                self.take(judged.diagnostics(draft.into(), conditions), span.start, span.clone());
            }
            self.index += 1;
        } else {
            self.out.placeholders += validator.placeholders;
            let judged = Judged { bytes, root, reading: reading.as_ref(), is_broken, secrets: validator.secrets };
            self.report(&judged, validator.diagnostics, span.start);
        }
        buffers.tidy();
    }

    /// Reports the syntax errors between the elements of an array, with the index of the last element.
    fn between(&mut self, faults: Vec<SyntaxDiagnostic>) {
        let mut drafts = Drafts::default();
        drafts.extend(faults.into_iter().map(draft));
        self.index = self.index.saturating_sub(1);
        if !drafts.is_empty() {
            self.out.documents += 1;
        }
        self.take_drafts(drafts);
    }

    /// Adds the results of one document, which begins at the byte `base` of the text.
    fn report(&mut self, judged: &Judged<'_>, drafts: Drafts, base: usize) {
        let Judged { bytes, root, reading, .. } = judged;
        self.out.documents += 1;
        self.foreign = if reading.is_some() { 0 } else { self.foreign + 1 };
        let diagnostics = if self.foreign > MAX_FOREIGN {
            vec![not_a_declaration::rest_of_array(root.map_or(0..bytes.len(), Node::span))]
        } else {
            judged.diagnostics(drafts, self.text.conditions)
        };
        let flaw = flaws::flaw(&diagnostics);
        self.take(diagnostics, base, base..base + bytes.len());
        match reading {
            Some(reading) if reading.legacy.is_some() => self.legacy(reading),
            Some(reading) => self.declared(reading, base..base + bytes.len(), flaw),
            None => {}
        }
        self.index += 1;
    }

    /// Adds a legacy document. Only the command `ScheduleOSUpdate` matters to other documents.
    fn legacy(&mut self, reading: &Reading<'_>) {
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
            platforms: Platforms::ALL,
            channel: Channel::default(),
            content: None,
            span: 0..0,
            index: self.index,
            start: Position::START,
            end: Position::START,
            said: None,
        };
        self.out.declarations.push(command);
    }

    /// Adds a declaration with the byte range `place` of the text.
    fn declared(&mut self, reading: &Reading<'_>, place: Range<usize>, flaw: Option<Flaw>) {
        let identifier = reading.identifier.and_then(Node::as_str);
        let identifier = identifier.as_deref();
        let span = reading.identifier.map_or(0..0, Node::span);
        let is_named = reading.is_named();
        let start = self.locator.position(place.start + span.start);
        let end = match self.text.bytes.get(place.start + span.start..place.start + span.end) {
            // A string has no line break; other values may have some.
            Some(name @ [b'"', ..]) if reading.identifier.is_some_and(Node::is_complete) => start.along(name),
            _ => self.locator.position(place.start + span.end),
        };
        self.out.unexamined += usize::from(reading.is_unexamined);
        self.out.activations += usize::from(reading.is(ACTIVATION));
        let assets = references::assets(reading, &self.text.conditions.placeholders);
        let is_asset = reading.kind.is_some_and(|kind| reading.schema.kind(kind).family == Family::Asset);
        self.out.assets += usize::from(is_asset || assets.as_ref().is_some_and(|assets| !assets.is_empty()));
        let (gather, templates) = (self.text.gather, &self.text.conditions.placeholders);
        let declared = Declared {
            identifier: identifier.map(Box::from),
            content: (gather > Gather::Names && identifier.is_some()).then(|| self.hashes.content(reading.root)),
            span: self.text.origin.offset + place.start..self.text.origin.offset + place.end,
            // Most identifiers are valid and need no search for placeholders.
            is_template: !is_named && identifier.is_some_and(|text| templates.are_in(text)),
            is_named,
            platforms: self.platforms(reading),
            channel: reading.channel().or(self.text.conditions.channel).unwrap_or_default(),
            kind: match reading.kind {
                Some(kind) => Some(TypeName::Known(kind)),
                None => reading.type_name().map(|name| TypeName::of(&name, reading.schema)),
            },
            index: self.index,
            start,
            end,
            said: (gather >= Gather::Bodies).then(|| Box::new(self.said(reading, assets, flaw))),
        };
        self.out.declarations.push(declared);
    }

    /// The platforms of the devices that may have a declaration. What is published must be right wherever it is sent, so
    /// targets and predicates do not count then.
    fn platforms(&self, reading: &Reading<'_>) -> Platforms {
        let Conditions { platforms, targets, placeholders, .. } = self.text.conditions;
        if self.text.gather > Gather::Bodies {
            return Platforms::ALL;
        }
        let premise = if reading.is(ACTIVATION) { references::premise(reading, placeholders) } else { None };
        premise.map_or(*platforms, |premise| platforms.intersection(premise.platforms(targets)))
    }

    /// The body of a declaration.
    fn said(&self, reading: &Reading<'_>, assets: Option<Vec<AssetReference>>, flaw: Option<Flaw>) -> Said {
        let templates = &self.text.conditions.placeholders;
        let payload = reading.payload();
        let compared = payload.filter(|_| references::is_compared(reading) && !references::is_oversized(reading));
        let is_complete = payload.is_some_and(Object::is_complete) && !references::is_oversized(reading);
        let kind = reading.kind.map(|kind| reading.schema.kind(kind));
        let is_combined = is_complete && kind.is_some_and(|kind| kind.apply == Some(Apply::Combined));
        let is_large = reading.root.text().len() > MAX_SHARED_BYTES;
        let keeps_text = self.text.gather == Gather::AllTexts || (self.text.gather == Gather::Texts && !is_combined && !is_large);
        let properties = compared.zip(kind).filter(|(_, kind)| kind.name == PROPERTIES);
        let properties = properties.map(|(payload, kind)| Value::of(payload.node, reading.schema, reading.schema.payload(kind)));
        // Their values are of any type, so they may have placeholders that are not mistakes.
        let is_complete = is_complete && !properties.as_ref().is_some_and(|value| has_placeholders(value, templates));
        let token = reading.envelope().and_then(|envelope| envelope.text(&["ServerToken"]));
        Said {
            server_token: token.map(Into::into),
            payload: properties.or_else(|| compared.map(Object::value)).unwrap_or(Value::EMPTY),
            is_complete,
            names_channel: reading.channel().is_some(),
            flaw,
            unknown_on: flaws::unknown_on(reading, &self.text.conditions.targets),
            activated: references::activated(reading, templates),
            assets,
            data: references::data(reading, templates),
            text: keeps_text.then(|| Box::new(publish::declaration(reading))),
        }
    }

    /// Adds findings on the file rather than on a document.
    fn take_drafts(&mut self, drafts: Drafts) {
        let judged = Judged { bytes: &self.text.bytes, root: None, reading: None, is_broken: true, secrets: OnceCell::new() };
        self.take(judged.diagnostics(drafts, self.text.conditions), 0, 0..0);
    }

    /// Adds diagnostics of the part of the text that begins at `base`. `document` is the span of their document, or
    /// empty.
    fn take(&mut self, diagnostics: Vec<Diagnostic<Region>>, base: usize, document: Range<usize>) {
        let origin = self.text.origin.offset;
        let document = origin + document.start..origin + document.end;
        for mut diagnostic in diagnostics {
            // Edits are of the bytes of the file.
            diagnostic.fix = diagnostic.fix.filter(|_| self.text.encoding.is_none()).map(|fix| fix.shifted(origin + base));
            let finding = diagnostic.locate(|Region { pointer, span }| Place {
                file: self.text.file.clone(),
                index: self.index,
                pointer,
                start: self.locator.position(base + span.start),
                end: self.locator.position(base + span.end),
                document: Some(document.clone()),
            });
            if self.budget.admits(finding.severity) {
                self.out.findings.push(finding);
            } else {
                self.beyond = Some(finding.place);
            }
        }
    }

    /// Reports a byte-order mark or another encoding. The finding is dropped if the file has no document for this program.
    fn mark(&mut self) {
        // A property list may have another encoding.
        if let Some(encoding) = self.text.encoding.filter(|_| Container::of(&self.text.bytes).is_none()) {
            self.take_drafts(invalid_encoding::diagnostic(encoding).into());
        }
        let mark = syntax::strip_byte_order_mark(&self.text.bytes);
        // XML may have one.
        if self.text.origin.offset == 0 && mark > 0 && Container::of(&self.text.bytes[mark..]).is_none() {
            self.take_drafts(byte_order_mark::diagnostic().into());
        }
    }

    fn finish(mut self) -> Linted {
        if let Some(rest) = self.budget.rest() {
            self.out.findings.extend(self.beyond.map(|place| too_many_findings::in_file(rest, place)));
        }
        let is_about_this_file = self.out.documents > 0 || self.out.is_near;
        if is_about_this_file { self.out } else { Linted::default() }
    }
}

/// Whether a value contains a placeholder.
fn has_placeholders(value: &Value, templates: &Placeholders) -> bool {
    match value {
        Value::String(text) => templates.are_in(text),
        Value::Array(items) => items.iter().any(|item| has_placeholders(item, templates)),
        Value::Object(members) => members.iter().any(|(_, value)| has_placeholders(value, templates)),
        _ => false,
    }
}

/// Converts a syntax error; its pointer is the root of the document.
fn draft(mistake: SyntaxDiagnostic) -> Draft {
    mistake.locate(|span| Spot::at("", span))
}
