//! Lints one document after the other, and keeps their findings and declarations.

use std::cell::OnceCell;
use std::ops::Range;
use std::sync::Arc;

use super::foreign::is_something_else;
use super::judged::Judged;
use super::resemblance::{looks_like_declaration, mentions_updates, names_family};
use super::{BATCH, Gather, Linted, Text, enclosed, flaws, foreign, references, traps};

use crate::apple::{ACTIVATION, Apply, Channel, Family, PROPERTIES, SCHEDULE_OS_UPDATE, Value};
use crate::catalog::Platforms;
use crate::conditions::Conditions;
use crate::content::Hashes;
use crate::diagnostic::{Budget, Diagnostic, Draft, Drafts, Place, Position, Region, Spot, SyntaxDiagnostic};
use crate::limits::{MAX_DOCUMENT_BYTES, MAX_FILE_FINDINGS, MAX_FOREIGN, MAX_SHARED_BYTES};
use crate::rules::not_a_declaration::{self, Expected};
use crate::rules::too_many_findings;
use crate::set::{AssetReference, Declared, Flaw, Items, Listed, Said, TypeName, publish};
use crate::syntax::rules::{byte_order_mark, invalid_encoding, oversized_document};
use crate::syntax::{self, Container, Grammar, Locator, Node, Placeholders, Syntax};
use crate::validate::{self, Fleet, Object, Reading, Strictness, Validator};

pub(super) struct Linter<'l, 't> {
    pub(super) text: &'l Text<'t>,
    pub(super) hashes: &'l Hashes,
    pub(super) locator: Locator<'l>,
    pub(super) index: usize,
    /// How the documents are read: array elements and lines only as JSON.
    pub(super) grammar: Grammar,
    /// The number of consecutive documents, up to the last one, that are not declarations.
    pub(super) foreign: usize,
    /// How many findings about an array or a block of lines are kept.
    budget: Budget,
    /// The place of the last one that is not kept.
    beyond: Option<Place>,
    pub(super) out: Linted,
}

impl<'l, 't> Linter<'l, 't> {
    pub(super) fn new(text: &'l Text<'t>, hashes: &'l Hashes) -> Self {
        Self {
            text,
            hashes,
            locator: Locator::new(&text.bytes, text.origin),
            index: text.first_index,
            grammar: Grammar::of_file(text.file),
            foreign: 0,
            budget: Budget::new(MAX_FILE_FINDINGS),
            beyond: None,
            out: Linted::default(),
        }
    }

    /// Whether a batch of results is full.
    pub(super) fn is_batch_full(&self) -> bool {
        self.out.findings.len().max(self.out.declarations.len()) >= BATCH
    }

    /// Lints one document. It takes the next index even if it is skipped.
    pub(super) fn document(&mut self, span: Range<usize>, strictness: Strictness, buffers: &mut syntax::Buffers) {
        let bytes = &self.text.bytes[span.clone()];
        let is_found = strictness == Strictness::Found;
        // Most property lists found in a folder do not concern updates; skip them without parsing.
        let is_plist = self.grammar == Grammar::Detected && Container::of(bytes).is_some();
        let is_foreign = || !mentions_updates(bytes) && !names_family(bytes);
        if is_found && is_plist && (bytes.len() > MAX_DOCUMENT_BYTES || is_foreign()) {
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
        let parsed = syntax::parse_as(self.grammar, bytes, buffers);
        let mut validator = Validator::new(&conditions.schema, &conditions.placeholders);
        validator.text = bytes;
        validator.allowed = &conditions.allowed_keys;
        let wrapped = parsed.document.as_ref().map(|document| validate::wrapped(document.root())).unwrap_or_default();
        if !wrapped.is_empty() {
            let faults = parsed.faults;
            self.wrapped(span, wrapped, faults, buffers);
            return;
        }
        let enclosed = parsed.document.as_ref().filter(|_| is_plist).map(|document| enclosed::declarations(document.root()));
        let enclosed = enclosed.unwrap_or_default();
        let text_faults =
            parsed.text_faults.into_iter().filter(|(text, _)| !conditions.placeholders.are_in(text)).map(|(_, fault)| fault);
        validator.diagnostics.extend(parsed.faults.into_iter().chain(text_faults).map(draft));
        let is_broken = validator.diagnostics.has_errors();
        let root = parsed.document.as_ref().map(syntax::Document::root);
        let fleet = root.and_then(Fleet::find);
        let reading = if let Some(fleet) = &fleet {
            fleet.judge(&mut validator);
            let paths = fleet.paths().into_iter().filter_map(|path| self.listed(path, &span)).collect();
            self.out.listed.push(Listed { file: self.text.file.clone(), items: Items::Paths(paths) });
            None
        } else {
            // A profile may hold nothing but declarations.
            let wanted = if enclosed.is_empty() { strictness } else { Strictness::Found };
            root.and_then(|root| validate::read(root, wanted, &mut validator))
        };
        if let Some(root) = root.filter(|_| reading.is_some() && !parsed.traps.is_empty()) {
            traps::report(root, &parsed.traps, &mut validator);
        }
        if !enclosed.is_empty() {
            let judged = Judged { bytes, root, reading: reading.as_ref(), is_broken, secrets: validator.secrets };
            if reading.is_some() {
                self.report(&judged, validator.diagnostics, span.start);
            } else {
                self.take(judged.diagnostics(validator.diagnostics, conditions), span.start, span.clone());
            }
            for enclosed in &enclosed {
                self.enclosed(span.start, enclosed);
            }
            return;
        }
        let was_meant = || looks_like_declaration(bytes) || self.grammar == Grammar::Yaml && Fleet::may_be_in(bytes);
        if is_found && reading.is_none() && fleet.is_none() && !(is_broken && was_meant()) {
            let is_near = root.is_some_and(not_a_declaration::is_near);
            let expected = self.expected(bytes).filter(|_| !root.is_some_and(is_something_else));
            let expected = if is_near { Some(Expected::Near) } else { expected };
            if let Some(expected) = expected {
                self.out.is_near = true;
                let draft = not_a_declaration::skipped(&conditions.schema, root, expected);
                let judged = Judged { bytes, root, reading: None, is_broken, secrets: validator.secrets };
                self.take(judged.diagnostics(draft.into(), conditions), span.start, span.clone());
            }
            self.index += 1;
        } else if let Some(kind) = foreign::of_text(self.text.file, bytes)
            && is_broken
            && reading.is_none()
            && self.grammar == Grammar::Detected
            && !looks_like_declaration(bytes)
            && !is_plist
        {
            self.foreign_file(kind);
        } else {
            self.out.placeholders += validator.placeholders;
            let judged = Judged { bytes, root, reading: reading.as_ref(), is_broken, secrets: validator.secrets };
            self.report(&judged, validator.diagnostics, span.start);
        }
        buffers.tidy();
    }

    /// Reports the syntax errors between the elements of an array, with the index of the last element.
    pub(super) fn between(&mut self, faults: Vec<SyntaxDiagnostic>) {
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
        let Judged { bytes, root, reading, is_broken, .. } = judged;
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
            Some(reading) if reading.legacy.is_some() => self.legacy(reading, base..base + bytes.len()),
            Some(reading) => self.declared(reading, base..base + bytes.len(), flaw, *is_broken),
            None => {}
        }
        self.index += 1;
    }

    /// Adds a legacy document. Only the command `ScheduleOSUpdate` matters to other documents.
    fn legacy(&mut self, reading: &Reading<'_>, place: Range<usize>) {
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
            span: self.text.origin.offset + place.start..self.text.origin.offset + place.end,
            index: self.index,
            start: Position::START,
            end: Position::START,
            said: None,
        };
        self.out.declarations.push(command);
    }

    /// Adds a declaration with the byte range `place` of the text.
    fn declared(&mut self, reading: &Reading<'_>, place: Range<usize>, flaw: Option<Flaw>, is_broken: bool) {
        let identifier = reading.identifier.and_then(Node::as_str);
        let identifier = identifier.as_deref();
        let span = reading.identifier.map_or(0..0, Node::span);
        let is_named = reading.is_named();
        let start = self.locator.position(place.start + span.start);
        let end = match self.text.bytes.get(place.start + span.start..place.start + span.end) {
            // A string of JSON has no line break; other values may have some.
            Some(name @ [b'"', ..]) if reading.identifier.is_some_and(is_in_a_line) => start.along(name),
            _ => self.locator.position(place.start + span.end),
        };
        self.out.unexamined.extend(reading.is_unexamined.then_some(start));
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
            said: (gather >= Gather::Bodies).then(|| Arc::new(Said { is_broken, ..self.said(reading, &place, assets, flaw) })),
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
    fn said(&self, reading: &Reading<'_>, place: &Range<usize>, assets: Option<Vec<AssetReference>>, flaw: Option<Flaw>) -> Said {
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
            written: self.hashes.bytes(&self.text.bytes[place.clone()]),
            is_broken: false,
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
    pub(super) fn take_drafts(&mut self, drafts: Drafts) {
        let judged = Judged { bytes: &self.text.bytes, root: None, reading: None, is_broken: true, secrets: OnceCell::new() };
        self.take(judged.diagnostics(drafts, self.text.conditions), 0, 0..0);
    }

    /// Adds diagnostics of the part of the text that begins at `base`. `document` is the span of their document, or
    /// empty.
    pub(super) fn take(&mut self, diagnostics: Vec<Diagnostic<Region>>, base: usize, document: Range<usize>) {
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
    pub(super) fn mark(&mut self) {
        // A property list and YAML may have another encoding.
        let is_json = self.grammar != Grammar::Yaml && Container::of(&self.text.bytes).is_none();
        if let Some(encoding) = self.text.encoding.filter(|_| is_json) {
            self.take_drafts(invalid_encoding::diagnostic(encoding).into());
        }
        let mark = syntax::strip_byte_order_mark(&self.text.bytes);
        // XML and YAML may have one.
        let is_json = self.grammar != Grammar::Yaml && mark > 0;
        if self.text.origin.offset == 0 && is_json && Container::of(&self.text.bytes[mark..]).is_none() {
            self.take_drafts(byte_order_mark::diagnostic().into());
        }
    }

    pub(super) fn finish(mut self) -> Linted {
        if let Some(rest) = self.budget.rest() {
            self.out.findings.extend(self.beyond.map(|place| too_many_findings::in_file(rest, place)));
        }
        let is_about_this_file = self.out.documents > 0 || self.out.is_near;
        if is_about_this_file { self.out } else { Linted::default() }
    }
}

/// Whether a string of JSON is complete.
fn is_in_a_line(node: Node<'_>) -> bool {
    node.is_complete() && node.syntax() == Syntax::Json
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
pub(super) fn draft(mistake: SyntaxDiagnostic) -> Draft {
    mistake.locate(|span| Spot::at("", span))
}
