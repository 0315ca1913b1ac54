//! From the text of a file to its findings.
//!
//! This is where the layers meet: the text is cut and parsed, read against the tables, judged by the rules, and every place is
//! turned into lines and columns, once. It does no input or output and knows no configuration.

use std::cell::Cell;
use std::ops::Range;
use std::sync::Arc;

use crate::conditions::Conditions;
use crate::content::Hashes;
use crate::document::{self, Container, Layout, Locator, Node, Path, Pieces, Placeholders, Position, Spare, Syntax, SyntaxFault};
use crate::finding::{Fault, Finding, Place, Related, Spot};
use crate::fix::{self, Fix};
use crate::keys::{self, Owner};
use crate::model::{BuildVersion, DeclarationType, Enforcement, LegacyType, OsVersion, ServerToken, Settings};
#[cfg(feature = "cli")]
use crate::policy;
use crate::publish;
use crate::read::{self, Legacy, Part, Payload, Problem, ProblemKind, Problems, Reading, Strictness};
use crate::rules::{self, Enforced, LegacyPart, Placement, Rule, oversized_document::MOST_BYTES};
use crate::words::{as_plist, of_plist};

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

/// What a declaration says, as far as other declarations matter to it.
#[derive(Debug)]
pub(crate) enum Body {
    /// Settings; `None` if they hold placeholders.
    Settings(Option<Box<Settings>>),
    /// An enforcement.
    Enforcement(Box<Enforcement>),
    /// An enforcement that holds placeholders, with what is known of its release.
    TemplateEnforcement(Option<OsVersion>, Option<BuildVersion>),
    /// What an activation references; `None` if that could not be read.
    Activation(Option<Activated>),
    /// No declaration, but a command that schedules updates.
    Command,
    Other,
}

/// What an activation activates.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Activated {
    pub(crate) references: Vec<Reference>,
    /// The condition, which only a device can evaluate.
    pub(crate) predicate: Option<String>,
}

/// A configuration that an activation references.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Reference {
    pub(crate) name: String,
    /// Whether a template makes the name, so that nobody knows it yet.
    pub(crate) is_template: bool,
}

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

/// A declaration that was seen: enough to find another of the same name.
#[derive(Debug)]
pub(crate) struct Declared {
    /// The identifier as it is written, right or wrong.
    pub(crate) identifier: Option<Box<str>>,
    /// Whether that is an identifier: not too long, and not made by a template.
    pub(crate) is_named: bool,
    /// Whether a template makes the identifier.
    pub(crate) is_template: bool,
    pub(crate) kind: Option<DeclarationType>,
    pub(crate) server_token: Option<ServerToken>,
    /// The hash of what the declaration says, whatever the order of its keys, if that is gathered. Hardly ever has anybody to know.
    pub(crate) content: Option<u64>,
    /// Where it stands in its file, in bytes.
    pub(crate) span: Range<usize>,
    pub(crate) index: usize,
    pub(crate) start: Position,
    pub(crate) end: Position,
    /// What it says, if that is gathered.
    pub(crate) body: Option<Body>,
    /// Its published form, if that is gathered.
    pub(crate) text: Option<Box<str>>,
}

/// How many fixes a document gets at a time: each looks for its place, and a hostile document may have a million faults. Mending reads the
/// result again, and comes to the others then.
const MOST_FIXES: usize = 100;

/// When a file has this many results, they are handed on before the rest of it is read.
const MANY: usize = 512;

/// After this many elements in a row that are not declarations, an array is something else, and the rest of it is not read.
const MOST_STRANGE: usize = 1000;

/// Lints a file that holds one declaration or an array of them. What is found on the way in a file with very many findings goes to
/// `early`; the rest is returned.
pub(crate) fn lint_json(text: &Text<'_>, hashes: &Hashes, spare: &mut Spare, mut early: impl FnMut(Linted)) -> Linted {
    let mut linter = Linter::new(text, hashes, spare);
    linter.mark();
    match document::layout(text.bytes) {
        Layout::One(span) => {
            linter.document(span, text.strictness);
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
                linter.document(span, Strictness::Named);
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

/// Lints lines of which each is a declaration; empty lines count for nothing. `early` takes results as for [`lint_json`].
pub(crate) fn lint_lines(text: &Text<'_>, hashes: &Hashes, spare: &mut Spare, mut early: impl FnMut(Linted)) -> Linted {
    let mut linter = Linter::new(text, hashes, spare);
    linter.is_json = true;
    linter.mark();
    for (number, line) in document::lines(text.bytes, text.origin == Position::START) {
        // The first may begin with a byte-order mark.
        if number > 0 {
            linter.locator.tell_line(number, line.start);
        }
        linter.document(line, text.strictness);
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
    spare: &'l mut Spare,
}

impl<'l, 't> Linter<'l, 't> {
    fn new(text: &'l Text<'t>, hashes: &'l Hashes, spare: &'l mut Spare) -> Self {
        Self {
            text,
            hashes,
            locator: Locator::new(text.bytes, text.origin),
            index: text.first_index,
            is_json: false,
            known: 0,
            out: Linted::default(),
            spare,
        }
    }

    /// Whether there is enough to be handed on.
    fn has_many(&self) -> bool {
        self.out.findings.len().max(self.out.declarations.len()) >= MANY
    }

    /// Whether a document is certainly a declaration, or is broken and looks like one.
    fn is_declaration(&self, span: Range<usize>) -> bool {
        let mut spare = Spare::default();
        let bytes = &self.text.bytes[span];
        let parsed = document::parse_json(bytes, &mut spare);
        let is_ours =
            |document: document::Document<'_>| read::read(document.root(), Strictness::Found, &mut Problems::default()).is_some();
        parsed.document.is_some_and(is_ours) || (!parsed.faults.is_empty() && looks_like_declaration(bytes))
    }

    /// Lints one document, which takes the next index even if it is none of ours.
    fn document(&mut self, span: Range<usize>, strictness: Strictness) {
        let bytes = &self.text.bytes[span.clone()];
        let is_found = strictness == Strictness::Found;
        // Most property lists that lie in a folder have nothing to do with updates, and need not be parsed.
        let is_plist = !self.is_json && Container::of(bytes).is_some();
        if is_found && is_plist && (bytes.len() > MOST_BYTES || !mentions_updates(bytes)) {
            self.index += 1;
            return;
        }
        let mut problems = Problems::new(&self.text.conditions.placeholders);
        problems.is_brief = self.text.gather < Gather::Bodies;
        if bytes.len() > MOST_BYTES {
            if is_found && !looks_like_declaration(bytes) {
                self.index += 1;
                return;
            }
            let kind = ProblemKind::TooLarge { bytes: bytes.len() };
            problems.push(Problem::new(kind, &Path::Root, 0..0));
            self.report(Judged { bytes, fixes: Cell::default(), problems, reading: None, root: None }, span.start);
            return;
        }
        let mut spare = std::mem::take(self.spare);
        let mut parsed = if self.is_json { document::parse_json(bytes, &mut spare) } else { document::parse(bytes, &mut spare) };
        let templates = &self.text.conditions.placeholders;
        parsed.faults.retain(|fault| !fault.text.as_ref().is_some_and(|text| templates.are_in(text)));
        let is_broken = !parsed.faults.is_empty();
        problems.list.extend(parsed.faults.into_iter().map(|fault| syntax(fault, parsed.syntax)));
        let root = parsed.document.as_ref().map(document::Document::root);
        let reading = root.and_then(|root| read::read(root, strictness, &mut problems));
        if is_found && reading.is_none() && !(is_broken && looks_like_declaration(bytes)) {
            self.out.is_near |= root.is_some_and(|root| root.member("Identifier").is_some() && root.member("Payload").is_some());
            self.index += 1;
        } else {
            self.report(Judged { bytes, fixes: Cell::default(), problems, reading, root }, span.start);
        }
        *self.spare = spare.again();
    }

    /// Says that the rest of an array is not read.
    fn give_up(&mut self) {
        if let Some(finding) = self.out.findings.last_mut() {
            finding.message.push_str("; so were a thousand before it, and the rest of the array is not read");
        }
    }

    /// Reports what is wrong between the elements of an array. It belongs to no declaration, and is counted with the last.
    fn between(&mut self, faults: Vec<SyntaxFault>) {
        let judged = Judged {
            bytes: self.text.bytes,
            fixes: Cell::default(),
            problems: Problems {
                list: faults.into_iter().map(|fault| syntax(fault, Syntax::Json)).collect(),
                ..Problems::default()
            },
            reading: None,
            root: None,
        };
        self.index = self.index.saturating_sub(1);
        if !judged.problems.list.is_empty() {
            self.out.documents += 1;
        }
        self.findings(&judged, 0);
    }

    /// Takes the results of one document, which begins at `base` of the text.
    fn report(&mut self, judged: Judged<'_>, base: usize) {
        self.out.documents += 1;
        self.out.placeholders += judged.problems.placeholders;
        self.findings(&judged, base);
        if let (Some(reading), Some(root)) = (judged.reading, judged.root) {
            match &reading.payload {
                Payload::Legacy(legacy) => self.seen(legacy),
                _ => self.declared(reading, root, base..base + judged.bytes.len()),
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
        self.out.declarations.push(Declared {
            identifier: None,
            is_named: false,
            is_template: false,
            kind: None,
            server_token: None,
            content: None,
            span: 0..0,
            index: self.index,
            start: Position::START,
            end: Position::START,
            body: Some(Body::Command),
            text: None,
        });
    }

    fn declared(&mut self, reading: Reading<'_>, root: Node<'_>, place: Range<usize>) {
        let (name, kind, server_token) = reading.envelope.map_or((None, None, None), |envelope| {
            let is_named = envelope.get(&keys::envelope::IDENTIFIER).is_some();
            let envelope = envelope.into_value();
            (envelope.identifier.filter(|_| is_named), envelope.kind, envelope.server_token)
        });
        let is_named = name.is_some();
        self.known += 1;
        let identifier = reading.identifier;
        let span = identifier.map_or(0..0, Node::span);
        let start = self.locator.position(place.start + span.start);
        let end = match identifier {
            // No string has a line feed, which anything else may have.
            Some(name) if name.as_plain_bytes().is_some() => start.along(name.text().as_bytes()),
            _ => self.locator.position(place.start + span.end),
        };
        self.out.unexamined += usize::from(matches!(reading.payload, Payload::Other));
        self.out.activations += usize::from(matches!(reading.payload, Payload::Activation(_)));
        let gather = self.text.gather;
        let templates = &self.text.conditions.placeholders;
        let body = (gather >= Gather::Bodies).then(|| body(reading.payload, templates));
        // Of settings the values are enough, and there may be very many.
        let is_kept = gather >= Gather::Texts && !matches!(body, Some(Body::Settings(Some(_))));
        let text = is_kept.then(|| publish::declaration(root, kind.as_ref()).into_boxed_str());
        if self.out.declarations.is_empty() {
            // Most files hold one, and room for more would be made for each of them.
            self.out.declarations.reserve_exact(1);
        }
        self.out.declarations.push(Declared {
            content: (gather > Gather::Names && identifier.is_some()).then(|| self.hashes.content(root)),
            span: self.text.origin.offset + place.start..self.text.origin.offset + place.end,
            // Most identifiers are right, and need not be looked at once more.
            is_template: !is_named && identifier.and_then(Node::as_str).is_some_and(|text| templates.are_in(&text)),
            identifier: name.map(Box::from).or_else(|| identifier.and_then(Node::as_str).map(Box::from)),
            is_named,
            kind,
            server_token,
            index: self.index,
            start,
            end,
            body,
            text,
        });
    }

    fn findings(&mut self, judged: &Judged<'_>, base: usize) {
        let mut faults = judged.faults(self.text.conditions);
        if faults.is_empty() {
            return;
        }
        faults.sort_by_key(|fault| fault.span.start);
        let envelope = judged.reading.as_ref().and_then(|reading| reading.envelope.as_ref());
        let text = |key| judged.root.and_then(|root| root.member(key)?.as_str());
        let legacy = judged.reading.as_ref().and_then(|reading| match &reading.payload {
            Payload::Legacy(legacy) => Some(legacy.document),
            _ => None,
        });
        let identifier = text(if legacy.is_some_and(LegacyType::is_profile) { "PayloadIdentifier" } else { "Identifier" });
        let identifier: Option<Arc<str>> = identifier.map(Arc::from);
        let declaration_type: Option<Arc<str>> = match legacy {
            Some(document) => Some(Arc::from(document.as_str())),
            None => text("Type").filter(|_| envelope.is_some()).map(Arc::from),
        };
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
            self.findings(&Judged { bytes: self.text.bytes, fixes: Cell::default(), problems, reading: None, root: None }, 0);
        }
    }

    fn finish(self) -> Linted {
        if self.out.documents == 0 { Linted { is_near: self.out.is_near, ..Linted::default() } } else { self.out }
    }
}

fn body(payload: Payload<'_>, templates: &Placeholders) -> Body {
    match payload {
        Payload::Settings(settings) => Body::Settings(settings.complete().map(Box::new)),
        Payload::Activation(activation) => {
            let references = activation.get(&keys::activation::STANDARD_CONFIGURATIONS);
            let reference = |name: &String| Reference { name: name.clone(), is_template: templates.are_in(name) };
            let predicate = activation.get(&keys::activation::PREDICATE).cloned();
            Body::Activation(references.map(|names| Activated { references: names.iter().map(reference).collect(), predicate }))
        }
        Payload::Enforcement(enforcement) => {
            let version = enforcement.get(&keys::enforcement::TARGET_OS_VERSION).cloned();
            let build = enforcement.get(&keys::enforcement::TARGET_BUILD_VERSION).cloned();
            enforcement.complete().map_or(Body::TemplateEnforcement(version, build), |whole| Body::Enforcement(Box::new(whole)))
        }
        Payload::Legacy(_) | Payload::Other | Payload::None => Body::Other,
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

/// A document that was read, as far as that went.
struct Judged<'d> {
    /// The text of the document.
    bytes: &'d [u8],
    /// For how many fixes of it a place was looked for.
    fixes: Cell<usize>,
    problems: Problems,
    reading: Option<Reading<'d>>,
    root: Option<Node<'d>>,
}

/// A fault with its place in the document.
struct Placed {
    fix: Option<Fix>,
    rule: &'static Rule,
    fault: Fault,
    pointer: String,
    span: Range<usize>,
    related: Vec<(String, String, Range<usize>)>,
}

impl Judged<'_> {
    fn faults(&self, conditions: &Conditions) -> Vec<Placed> {
        let mut placed = Vec::new();
        for problem in &self.problems.list {
            for (rule, fault) in rules::word(problem) {
                placed.push(self.place(rule, fault, &problem.pointer, &problem.span));
            }
        }
        match self.reading.as_ref().map(|reading| &reading.payload) {
            Some(Payload::Settings(settings)) => {
                rules::judge_settings(settings, |rule, fault| placed.push(self.place(rule, fault, "", &(0..0))));
            }
            Some(Payload::Enforcement(enforcement)) => {
                let enforced = Enforced { enforcement, conditions };
                rules::judge_enforcement(&enforced, |rule, fault| placed.push(self.place(rule, fault, "", &(0..0))));
            }
            Some(Payload::Legacy(legacy)) => self.legacy_faults(legacy, conditions, &mut placed),
            _ => {}
        }
        if (!conditions.targets.is_empty() || conditions.runs_optional)
            && let Some((kind, keys)) = self.reading.as_ref().and_then(|reading| reading.payload.named())
            && let Some(placement) = Placement::new(Owner::Declaration(kind), keys, true, &conditions.targets)
        {
            rules::judge_placement(&placement, |rule, fault| placed.push(self.place(rule, fault, "", &(0..0))));
        }
        #[cfg(feature = "cli")]
        self.judge_policies(conditions, &mut placed);
        placed
    }

    /// Applies the organisation's own rules, which look at the document itself. Of one that is broken nobody knows the rest.
    #[cfg(feature = "cli")]
    fn judge_policies(&self, conditions: &Conditions, placed: &mut Vec<Placed>) {
        let is_broken = self.problems.list.iter().any(|problem| matches!(problem.kind, ProblemKind::Syntax(_)));
        let (Some(reading), Some(root)) = (&self.reading, self.root) else { return };
        // A policy is about declarations.
        if conditions.policies.is_empty() || is_broken || matches!(reading.payload, Payload::Legacy(_)) {
            return;
        }
        let kind = match &reading.envelope {
            Some(envelope) => envelope.get(&keys::envelope::TYPE).cloned(),
            None => reading.payload.named().map(|(kind, _)| kind),
        };
        let is_payload = reading.envelope.is_none();
        for violation in policy::judge(&conditions.policies, root, kind.as_ref(), is_payload, &conditions.placeholders) {
            let policy::Violation { rule, help, pointer, span } = violation;
            let fault = Fault::new(rule.summary).help(help);
            placed.push(Placed { fix: None, rule, fault, pointer, span, related: Vec::new() });
        }
    }

    /// What is wrong with a legacy document, part by part.
    fn legacy_faults(&self, legacy: &Legacy<'_>, conditions: &Conditions, placed: &mut Vec<Placed>) {
        let is_plist = legacy.parts.first().is_some_and(|part| part.node.is_translated());
        let translate = |fault: &mut Fault| {
            legacy.dialect.translate(fault);
            if is_plist {
                fault.message = of_plist(&fault.message);
                fault.help = fault.help.take().map(|help| as_plist(&help));
            }
        };
        for placed in placed.iter_mut() {
            translate(&mut placed.fault);
        }
        for part in &legacy.parts {
            let mut take = |rule, mut fault: Fault| {
                translate(&mut fault);
                placed.push(self.place_in(Some(part), rule, fault, "", &(0..0)));
            };
            rules::judge_legacy(&LegacyPart { part, targets: &conditions.targets }, &mut take);
            if !conditions.targets.is_empty()
                && let Some(placement) =
                    Placement::new(Owner::Legacy(part.owner), part.named(), part.is_head(), &conditions.targets)
            {
                rules::judge_placement(&placement, take);
            }
        }
    }

    /// Finds the place of a fault of a declaration; `pointer` and `span` are those of the problem it tells of.
    fn place(&self, rule: &'static Rule, fault: Fault, pointer: &str, span: &Range<usize>) -> Placed {
        self.place_in(None, rule, fault, pointer, span)
    }

    /// Finds the place of a fault in a part of a legacy document, or in a declaration.
    fn place_in(
        &self,
        part: Option<&Part<'_>>,
        rule: &'static Rule,
        mut fault: Fault,
        pointer: &str,
        span: &Range<usize>,
    ) -> Placed {
        let related = std::mem::take(&mut fault.related);
        let related = related
            .into_iter()
            .map(|(message, spot)| {
                let (pointer, span) = self.resolve(part, &spot, pointer, span);
                (message, pointer, span)
            })
            .collect();
        let (pointer, span) = self.resolve(part, &fault.spot, pointer, span);
        // A fix is an edit of JSON.
        let takes_fixes = self.fixes.get() < MOST_FIXES && !self.root.is_some_and(Node::is_translated);
        let proposal = fault.fix.take().filter(|_| takes_fixes);
        self.fixes.set(self.fixes.get() + usize::from(proposal.is_some()));
        let fix = proposal.and_then(|proposal| fix::resolve(&proposal, self.bytes, self.root, &span));
        Placed { fix, rule, fault, pointer, span, related }
    }

    fn resolve(&self, part: Option<&Part<'_>>, spot: &Spot, pointer: &str, span: &Range<usize>) -> (String, Range<usize>) {
        match (spot, part) {
            (Spot::Problem, _) => return (pointer.to_owned(), span.clone()),
            (Spot::Bytes(span), _) => return (pointer.to_owned(), span.clone()),
            (_, None) => {}
            (Spot::Type, Some(part)) => {
                return in_part(part, if part.owner.is_profile() { "PayloadType" } else { "RequestType" });
            }
            // No key of a legacy document stands in a group.
            (Spot::Key(path), Some(part)) => return in_part(part, path.first().copied().unwrap_or_default()),
            (Spot::Payload, Some(part)) => return (part.pointer.clone(), part.node.span()),
        }
        match spot {
            Spot::Problem | Spot::Bytes(_) => (pointer.to_owned(), span.clone()),
            Spot::Type => match self.root.and_then(|root| root.member("Type")) {
                Some(kind) => ("/Type".to_owned(), kind.span()),
                None => (String::new(), self.root.map_or(0..0, Node::span)),
            },
            Spot::Payload => self.in_payload(&[]),
            Spot::Key(path) => self.in_payload(path),
        }
    }

    /// The place of a key of the payload.
    fn in_payload(&self, path: &[&str]) -> (String, Range<usize>) {
        let top = self.reading.as_ref().and_then(|reading| reading.payload_key.as_deref());
        let payload = self.root.and_then(|root| top.map_or(Some(root), |key| root.member(key)));
        let node = path.iter().fold(payload, |node, key| node.and_then(|node| node.member(key)));
        let pointer = top.iter().chain(path).fold(String::new(), |pointer, key| pointer + "/" + key);
        (pointer, node.map_or(0..0, Node::span))
    }
}

/// The place of a key of a part, or of the part if the key is not there.
fn in_part(part: &Part<'_>, key: &str) -> (String, Range<usize>) {
    match part.member(key) {
        Some((name, node)) => (format!("{}/{name}", part.pointer), node.span()),
        None => (part.pointer.clone(), part.node.span()),
    }
}

/// Whether a text that is no JSON was meant to be a declaration. Only for files found in a folder: somebody else's broken JSON is
/// none of this program's business.
fn looks_like_declaration(bytes: &[u8]) -> bool {
    let holds = |needle: &str| memchr::memmem::find(bytes, needle.as_bytes()).is_some();
    ["com.apple.configuration.", "com.apple.activation.", "com.apple.asset.", "com.apple.management."].into_iter().any(holds)
        || holds("\"Payload\"")
        // The same in UTF-16, whichever byte comes first.
        || holds("c\0o\0m\0.\0a\0p\0p\0l\0e\0.")
        || (Container::of(bytes).is_some() && mentions_updates(bytes))
}

/// Whether a property list names a command for software updates, or a payload with their settings. Binary ones and signed ones have their
/// texts as they are, in UTF-16 where need be.
fn mentions_updates(bytes: &[u8]) -> bool {
    // `ScheduleOSUpdate`, `OSUpdateStatus`, `com.apple.SoftwareUpdate`, `enforcedSoftwareUpdateDelay`, `allowRapidSecurityResponse…`
    const WORDS: [&str; 6] =
        ["OSUpdate", "SoftwareUpdate", "softwareupdate", "RapidSecurityResponse", "UpdateResults", "restrict-software-update"];
    let holds = |needle: &[u8]| memchr::memmem::find(bytes, needle).is_some();
    // Feeds and pages in XML may well speak of updates.
    if Container::of(bytes) == Some(Container::Xml) && !holds(b"<dict") && !holds(b"<key") {
        return false;
    }
    let wide = |word: &str| word.bytes().flat_map(|byte| [0, byte]).skip(1).collect::<Vec<u8>>();
    WORDS.into_iter().any(|word| holds(word.as_bytes()) || holds(&wide(word)))
}
