//! What the rules say of one document, and where in it.

use std::cell::Cell;
use std::ops::Range;
use std::sync::Arc;

use crate::conditions::Conditions;
use crate::document::Node;
use crate::finding::{Fault, Spot};
use crate::fix::{self, Fix};
use crate::keys::{self, Owner};
#[cfg(feature = "cli")]
use crate::policy;
use crate::read::{Legacy, Part, Payload, ProblemKind, Problems, Reading};
use crate::rules::{self, Enforced, LegacyPart, Placement, Rule};
use crate::words::{as_plist, of_plist};

/// How many fixes a document gets at a time: each looks for its place, and a hostile document may have a million faults. Mending reads the
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

/// A fault with its place in the document.
pub(super) struct Placed {
    pub(super) fix: Option<Fix>,
    pub(super) rule: &'static Rule,
    pub(super) fault: Fault,
    pub(super) pointer: String,
    pub(super) span: Range<usize>,
    pub(super) related: Vec<(String, String, Range<usize>)>,
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

    /// Everything that the rules find in it.
    pub(super) fn faults(&self, conditions: &Conditions) -> Vec<Placed> {
        let mut placed = Vec::new();
        for problem in &self.problems.list {
            for (rule, fault) in rules::word(problem) {
                placed.push(self.place(rule, fault, &problem.pointer, &problem.span));
            }
        }
        match self.reading.map(|reading| &reading.payload) {
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
            && let Some((kind, keys)) = self.reading.and_then(|reading| reading.payload.named())
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
        let (Some(reading), Some(root)) = (self.reading, self.root) else { return };
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
        let top = self.reading.and_then(|reading| reading.payload_key?.as_str());
        let payload = self.root.and_then(|root| top.as_deref().map_or(Some(root), |key| root.member(key)));
        let node = path.iter().fold(payload, |node, key| node.and_then(|node| node.member(key)));
        let pointer = top.as_deref().iter().chain(path).fold(String::new(), |pointer, key| pointer + "/" + key);
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
