//! Applies the rules to one document and resolves the places of their findings.

use std::cell::OnceCell;
use std::collections::HashMap;
use std::sync::Arc;

use super::references;
use crate::apple::activation::{PREDICATE, STANDARD_CONFIGURATIONS};
use crate::apple::{ACTIVATION, ENFORCEMENT, SETTINGS, STATUS_SUBSCRIPTIONS, Target};
use crate::conditions::Conditions;
use crate::diagnostic::{Diagnostic, Draft, Drafts, Region, Spot, drop_repeated, named};
use crate::fix;
#[cfg(feature = "cli")]
use crate::policy;
use crate::rules::{
    self, Circumstances, Condition, Enforced, LegacyPart, Placement, Subscriptions, oversized_document, too_many_findings,
};
use crate::secrets::Secrets;
use crate::syntax::Node;
use crate::validate::{Part, Reading};

/// A parsed document; `root` and `reading` are `None` if it could not be parsed or validated.
pub(super) struct Judged<'d> {
    /// The text of the document.
    pub(super) bytes: &'d [u8],
    pub(super) root: Option<Node<'d>>,
    pub(super) reading: Option<&'d Reading<'d>>,
    /// Whether it has syntax errors, so that parts may be missing.
    pub(super) is_broken: bool,
    /// Found when a finding needs them.
    pub(super) secrets: OnceCell<Secrets>,
}

impl<'d> Judged<'d> {
    /// Returns the findings of the rules and `drafts`, which come from parsing and validation, in text order.
    pub(super) fn diagnostics(&self, mut drafts: Drafts, conditions: &'d Conditions) -> Vec<Diagnostic<Region>> {
        let mut diagnostics = Vec::new();
        let mut locate = |part: Option<&Part<'d>>, drafts: &mut Drafts| {
            let mut drafts = drafts.take();
            keep_apart(&mut drafts);
            diagnostics.extend(drafts.into_iter().map(|draft| self.locate(part, draft)));
        };
        match self.reading.map(|reading| (reading, &reading.legacy)) {
            Some((reading, Some(legacy))) => {
                locate(None, &mut drafts);
                for part in &legacy.parts {
                    rules::judge_legacy(&LegacyPart { reading, part, targets: &conditions.targets }, &mut drafts);
                    if !conditions.targets.is_empty() {
                        let (kind, object) = (reading.schema.kind(part.kind), reading.part(part));
                        let placement = Placement::new(kind, object, part.pointer.clone(), &conditions.targets);
                        rules::judge_placement(&placement, &mut drafts);
                    }
                    locate(Some(part), &mut drafts);
                }
                // A frame reads what is in it too, and several parts may share the name of their type.
                drop_repeated(&mut diagnostics);
            }
            Some((reading, None)) => {
                self.judge(reading, conditions, &mut drafts);
                #[cfg(feature = "cli")]
                self.judge_policies(reading, conditions, &mut drafts);
                locate(None, &mut drafts);
            }
            None => locate(None, &mut drafts),
        }
        if !diagnostics.is_empty() {
            diagnostics.sort_by_key(|diagnostic| diagnostic.place.span.start);
            let last = diagnostics.last().map(|last| last.place.clone());
            diagnostics.extend(drafts.rest().zip(last).map(|(rest, last)| too_many_findings::in_document(rest, last)));
            let (identifier, declaration_type) = self.names();
            for diagnostic in &mut diagnostics {
                diagnostic.identifier.clone_from(&identifier);
                diagnostic.declaration_type.clone_from(&declaration_type);
            }
        }
        diagnostics
    }

    /// The identifier and the type of the document, if known.
    fn names(&self) -> (Option<Arc<str>>, Option<Arc<str>>) {
        // A string of a broken document may continue into the next ones, such as `com.example","Token": "…`.
        let is_whole = |text: &str| text.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"._-".contains(&byte));
        let is_shown = |text: &str| !self.is_broken || is_whole(text) || !self.secrets().is_doubtful();
        let name =
            |node: Option<Node<'_>>| node.and_then(Node::as_str).filter(|text| is_shown(text)).and_then(|text| named(&text));
        let text = |key| name(self.root.and_then(|root| root.member(key)));
        match self.reading {
            Some(Reading { legacy: Some(legacy), schema, .. }) => {
                let kind = schema.kind(legacy.kind);
                let key = if kind.family.is_profile() { "PayloadIdentifier" } else { "Identifier" };
                (text(key), Some(Arc::from(&*kind.name)))
            }
            Some(reading) if reading.is_of_api => (name(reading.identifier), text("type")),
            reading => (text("Identifier"), reading.filter(|reading| reading.is_enveloped).and_then(|_| text("Type"))),
        }
    }

    /// Applies the rules on declarations.
    fn judge(&self, reading: &'d Reading<'d>, conditions: &'d Conditions, drafts: &mut Drafts) {
        let Some(payload) = reading.payload() else { return };
        let Conditions { targets, as_of, catalog, placeholders, .. } = conditions;
        // A declaration can name the channel itself.
        let in_channel = |channel| targets.iter().map(|target| Target { channel, ..target.clone() }).collect();
        let scoped: Option<Vec<Target>> =
            if targets.is_empty() { None } else { reading.channel().or(conditions.channel).map(in_channel) };
        let targets = scoped.as_deref().unwrap_or(targets);
        if reading.is(SETTINGS) {
            rules::judge_settings(payload, drafts);
        } else if reading.is(ENFORCEMENT) {
            let circumstances = Circumstances { targets, as_of: *as_of, catalog: catalog.as_deref() };
            rules::judge_enforcement(&Enforced::new(payload, circumstances), drafts);
        }
        let names = payload.get(STANDARD_CONFIGURATIONS).filter(|_| reading.is(ACTIVATION));
        drafts.extend(names.and_then(references::surplus).map(|name| oversized_document::names(Spot::at("", name.span()))));
        if references::is_oversized(reading) {
            drafts.push(oversized_document::payload(Spot::at("", payload.node.span())));
        }
        // These rules repeat values, and a secret may stand in the place of any.
        if self.is_broken && self.secrets().is_doubtful() {
            return;
        }
        rules::judge_prose(reading, targets, placeholders, drafts);
        let key = reading.payload_key.and_then(Node::as_str);
        let pointer = || key.as_deref().map_or_else(String::new, |key| format!("/{key}"));
        if let Some(kind) = reading.kind.filter(|_| reading.is(STATUS_SUBSCRIPTIONS)) {
            let support = reading.schema.support(reading.schema.kind(kind).support);
            let subscriptions = Subscriptions { payload, pointer: pointer(), support, targets, placeholders };
            rules::judge_subscriptions(&subscriptions, drafts);
        }
        if let Some(node) = payload.get(PREDICATE).filter(|_| reading.is(ACTIVATION))
            && let Some(text) = node.as_str()
        {
            let place = (node, format!("{}/{}", pointer(), PREDICATE.join("/")));
            rules::judge_predicate(&Condition::new(&text, place, self.bytes, targets, placeholders), drafts);
        }
        if let Some(kind) = reading.kind.filter(|_| !targets.is_empty() || conditions.runs_optional) {
            let placement = Placement::new(reading.schema.kind(kind), payload, pointer(), targets);
            rules::judge_placement(&placement, drafts);
        }
    }

    /// Applies the organisation's policies. Skips documents with syntax errors, as parts of them are unknown.
    #[cfg(feature = "cli")]
    fn judge_policies(&self, reading: &Reading<'_>, conditions: &Conditions, drafts: &mut Drafts) {
        let (Some(root), false) = (self.root, conditions.policies.is_empty() || self.is_broken) else { return };
        let name = reading.type_name();
        let is_payload = !reading.is_enveloped;
        drafts.extend(policy::judge(&conditions.policies, root, name.as_deref(), is_payload, &conditions.placeholders));
    }

    /// Resolves the span and the fix of a draft. `part` is the part of a legacy document that it is about.
    fn locate(&self, part: Option<&Part<'d>>, draft: Draft) -> Diagnostic<Region> {
        let hidden = |region: Region| Region { pointer: self.secrets().pointer(region.pointer), ..region };
        draft
            .locate(|spot| hidden(self.region(part, spot)))
            .map_fix(|proposal, place| fix::resolve(&proposal, self.bytes, self.root, &place.span, self.secrets()))
    }

    fn secrets(&self) -> &Secrets {
        let broken = self.is_broken.then_some(self.bytes);
        self.secrets.get_or_init(|| self.root.map(|root| Secrets::of(root, broken)).unwrap_or_default())
    }

    fn region(&self, part: Option<&Part<'d>>, spot: Spot) -> Region {
        match (spot, part) {
            (Spot::At(region), _) => region,
            (Spot::Type, Some(Part { named: Some(region), .. })) => region.clone(),
            (Spot::Type, Some(part)) => {
                let is_profile = self.reading.is_some_and(|reading| reading.schema.kind(part.kind).family.is_profile());
                self.in_part(part, &[if is_profile { "PayloadType" } else { "RequestType" }])
            }
            (Spot::Key(path), Some(part)) => self.in_part(part, path),
            (Spot::Payload, Some(part)) => Region { pointer: part.pointer.clone(), span: part.node.span() },
            (Spot::Type, None) => match self.root.and_then(|root| root.member("Type")) {
                Some(kind) => Region { pointer: "/Type".to_owned(), span: kind.span() },
                None => Region { pointer: String::new(), span: self.root.map_or(0..0, Node::span) },
            },
            (Spot::Key(path), None) => self.in_payload(path),
            (Spot::Payload, None) => self.in_payload(&[]),
        }
    }

    /// The region of a key of the payload.
    fn in_payload(&self, path: &[&str]) -> Region {
        let top = self.reading.and_then(|reading| reading.payload_key?.as_str());
        let payload = self.root.and_then(|root| top.as_deref().map_or(Some(root), |key| root.member(key)));
        let pointer = top.as_deref().map_or_else(String::new, |key| format!("/{key}"));
        let Some(payload) = payload else { return Region { pointer, span: 0..0 } };
        let found = self.descend(payload, &pointer, path);
        found.unwrap_or_else(|| Region { pointer: path.iter().fold(pointer, |pointer, key| pointer + "/" + key), span: 0..0 })
    }

    /// The region of a key of a part, or of the part if it does not have the key.
    fn in_part(&self, part: &Part<'d>, path: &[&str]) -> Region {
        let found = self.descend(part.node, &part.pointer, path);
        found.unwrap_or_else(|| Region { pointer: part.pointer.clone(), span: part.node.span() })
    }

    /// The region of a key below a value, as it is written.
    fn descend(&self, from: Node<'d>, pointer: &str, path: &[&str]) -> Option<Region> {
        let (node, pointer) = path.iter().try_fold((from, pointer.to_owned()), |(node, pointer), step| {
            let (key, value) = self.reading?.member(node, step)?;
            Some((value, format!("{pointer}/{}", key.as_str()?)))
        })?;
        Some(Region { pointer, span: node.span() })
    }
}

/// Drops fixes that would make the same key: only the author knows which of them is right.
fn keep_apart(drafts: &mut [Draft]) {
    let mut makers: HashMap<String, usize> = HashMap::new();
    for made in drafts.iter().filter_map(|draft| draft.fix.as_ref()?.makes.clone()) {
        *makers.entry(made).or_default() += 1;
    }
    for draft in drafts {
        draft.fix = draft.fix.take().filter(|fix| fix.makes.as_ref().is_none_or(|made| makers.get(made) == Some(&1)));
    }
}
