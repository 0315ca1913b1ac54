//! What the rules say of one document, and where in it.

use std::cell::Cell;
use std::sync::Arc;

use crate::conditions::Conditions;
use crate::diagnostic::{Diagnostic, Draft, Region, Spot};
use crate::document::Node;
use crate::fix;
use crate::keys::{self, Owner};
#[cfg(feature = "cli")]
use crate::policy;
use crate::read::{Legacy, Part, Payload, ProblemKind, Problems, Reading};
use crate::rules::{self, Enforced, LegacyPart, Placement};
use crate::words::{as_plist, of_plist};

/// How many fixes a document gets at a time: each looks for its place, and a hostile document may have a million faults. Fixing reads the
/// result again, and comes to the others then.
const MOST_FIXES: usize = 100;

/// A document that was read, as far as that went.
pub(super) struct Judged<'d> {
    /// The text of the document.
    bytes: &'d [u8],
    problems: &'d Problems,
    reading: Option<&'d Reading<'d>>,
    root: Option<Node<'d>>,
    /// For how many fixes of it a place was looked for.
    fixes: Cell<usize>,
}

impl<'d> Judged<'d> {
    pub(super) fn new(bytes: &'d [u8], problems: &'d Problems, reading: Option<&'d Reading<'d>>, root: Option<Node<'d>>) -> Self {
        Self { bytes, problems, reading, root, fixes: Cell::default() }
    }

    /// The identifier of the document and its type, as far as findings can tell them.
    pub(super) fn names(&self) -> (Option<Arc<str>>, Option<Arc<str>>) {
        let text = |key| self.root.and_then(|root| root.member(key)?.as_str()).map(Arc::from);
        match self.reading {
            Some(Reading { payload: Payload::Legacy(legacy), .. }) => {
                let key = if legacy.document.is_profile() { "PayloadIdentifier" } else { "Identifier" };
                (text(key), Some(Arc::from(legacy.document.as_str())))
            }
            reading => (text("Identifier"), reading.and_then(|reading| reading.envelope.as_ref()).and_then(|_| text("Type"))),
        }
    }

    /// Everything that the rules find in it, in the order of its text.
    pub(super) fn diagnostics(&self, conditions: &Conditions) -> Vec<Diagnostic<Region>> {
        let mut drafts: Vec<Draft> = self.problems.list.iter().map(rules::word).collect();
        let mut diagnostics = match self.reading.map(|reading| &reading.payload) {
            Some(Payload::Legacy(legacy)) => self.legacy(drafts, legacy, conditions),
            payload => {
                self.judge(payload, conditions, &mut drafts);
                drafts.into_iter().map(|draft| self.locate(None, draft)).collect()
            }
        };
        if !diagnostics.is_empty() {
            diagnostics.sort_by_key(|diagnostic| diagnostic.place.span.start);
            let (identifier, declaration_type) = self.names();
            for diagnostic in &mut diagnostics {
                diagnostic.identifier.clone_from(&identifier);
                diagnostic.declaration_type.clone_from(&declaration_type);
            }
        }
        diagnostics
    }

    /// Applies the rules on declarations.
    fn judge(&self, payload: Option<&Payload<'_>>, conditions: &Conditions, drafts: &mut Vec<Draft>) {
        match payload {
            Some(Payload::Settings(settings)) => rules::judge_settings(settings, drafts),
            Some(Payload::Enforcement(enforcement)) => rules::judge_enforcement(&Enforced { enforcement, conditions }, drafts),
            _ => {}
        }
        if (!conditions.targets.is_empty() || conditions.runs_optional)
            && let Some((kind, keys)) = payload.and_then(Payload::named)
            && let Some(placement) = Placement::new(Owner::Declaration(kind), keys, true, &conditions.targets)
        {
            rules::judge_placement(&placement, drafts);
        }
        #[cfg(feature = "cli")]
        self.judge_policies(conditions, drafts);
    }

    /// Applies the organisation's own rules, which look at the document itself. A broken document is not judged: its rest is unknown.
    #[cfg(feature = "cli")]
    fn judge_policies(&self, conditions: &Conditions, drafts: &mut Vec<Draft>) {
        let is_broken = self.problems.list.iter().any(|problem| matches!(problem.kind, ProblemKind::Syntax(_)));
        let (Some(reading), Some(root)) = (self.reading, self.root) else { return };
        if conditions.policies.is_empty() || is_broken {
            return;
        }
        let kind = match &reading.envelope {
            Some(envelope) => envelope.get(&keys::envelope::TYPE).cloned(),
            None => reading.payload.named().map(|(kind, _)| kind),
        };
        let kind = kind.as_ref().map(crate::model::DeclarationType::as_str);
        let is_payload = reading.envelope.is_none();
        drafts.extend(policy::judge(&conditions.policies, root, kind, is_payload, &conditions.placeholders));
    }

    /// What is wrong with a legacy document, part by part, in the words of its own keys and syntax.
    fn legacy(&self, drafts: Vec<Draft>, legacy: &Legacy<'_>, conditions: &Conditions) -> Vec<Diagnostic<Region>> {
        let mut diagnostics: Vec<Diagnostic<Region>> = drafts.into_iter().map(|draft| self.locate(None, draft)).collect();
        for part in &legacy.parts {
            let mut drafts = Vec::new();
            rules::judge_legacy(&LegacyPart { part, targets: &conditions.targets }, &mut drafts);
            if !conditions.targets.is_empty()
                && let Some(placement) =
                    Placement::new(Owner::Legacy(part.owner), part.named(), part.is_head(), &conditions.targets)
            {
                rules::judge_placement(&placement, &mut drafts);
            }
            diagnostics.extend(drafts.into_iter().map(|draft| self.locate(Some(part), draft)));
        }
        let is_plist = legacy.parts.first().is_some_and(|part| part.node.is_translated());
        for diagnostic in &mut diagnostics {
            legacy.dialect.translate(diagnostic);
            if is_plist {
                diagnostic.message = of_plist(&diagnostic.message);
                diagnostic.help = diagnostic.help.take().map(|help| as_plist(&help));
            }
        }
        diagnostics
    }

    /// Finds the bytes that a draft is about, in a part of a legacy document or in a declaration, and the edits that it proposes.
    fn locate(&self, part: Option<&Part<'_>>, draft: Draft) -> Diagnostic<Region> {
        draft.locate(|spot| self.region(part, spot)).map_fix(|proposal, place| {
            // A fix is an edit of JSON.
            if self.fixes.get() >= MOST_FIXES || self.root.is_some_and(Node::is_translated) {
                return None;
            }
            self.fixes.set(self.fixes.get() + 1);
            fix::resolve(&proposal, self.bytes, self.root, &place.span)
        })
    }

    fn region(&self, part: Option<&Part<'_>>, spot: Spot) -> Region {
        match (spot, part) {
            (Spot::At(region), _) => region,
            (Spot::Type, Some(part)) => in_part(part, if part.owner.is_profile() { "PayloadType" } else { "RequestType" }),
            // No key of a legacy document stands in a group.
            (Spot::Key(path), Some(part)) => in_part(part, path.first().copied().unwrap_or_default()),
            (Spot::Payload, Some(part)) => Region { pointer: part.pointer.clone(), span: part.node.span() },
            (Spot::Type, None) => match self.root.and_then(|root| root.member("Type")) {
                Some(kind) => Region { pointer: "/Type".to_owned(), span: kind.span() },
                None => Region { pointer: String::new(), span: self.root.map_or(0..0, Node::span) },
            },
            (Spot::Key(path), None) => self.in_payload(path),
            (Spot::Payload, None) => self.in_payload(&[]),
        }
    }

    /// The place of a key of the payload.
    fn in_payload(&self, path: &[&str]) -> Region {
        let top = self.reading.and_then(|reading| reading.payload_key?.as_str());
        let payload = self.root.and_then(|root| top.as_deref().map_or(Some(root), |key| root.member(key)));
        let node = path.iter().fold(payload, |node, key| node.and_then(|node| node.member(key)));
        let pointer = top.as_deref().iter().chain(path).fold(String::new(), |pointer, key| pointer + "/" + key);
        Region { pointer, span: node.map_or(0..0, Node::span) }
    }
}

/// The place of a key of a part, or of the part if the key is not there.
fn in_part(part: &Part<'_>, key: &str) -> Region {
    match part.member(key) {
        Some((name, node)) => Region { pointer: format!("{}/{name}", part.pointer), span: node.span() },
        None => Region { pointer: part.pointer.clone(), span: part.node.span() },
    }
}
