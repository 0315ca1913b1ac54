//! A run over declarations: takes texts one by one, and returns findings, the set to publish and plans. Findings have
//! the default severities of their rules; callers apply the configured ones.
//!
//! The library and every command use it. It does no input or output and has no configuration; it asks its [`Host`]
//! about files.

use std::borrow::Cow;
use std::collections::HashMap;
use std::ops::Range;
use std::sync::Arc;

use crate::apple::{Device, Identifier, LocalDateTime, Schema};
use crate::catalog::Catalog;
use crate::conditions::Conditions;
use crate::content::Hashes;
use crate::diagnostic::Diagnostic;
use crate::limits::MAX_LISTED;
use crate::lint::{self, Gather, Linted, Text};
use crate::locate;
use crate::merge::{self, Merged, Options};
use crate::plan::{self, Plan};
#[cfg(feature = "cli")]
use crate::policy::{self, Policies};
use crate::rules::{self, too_many_findings};
use crate::run::Seen;
use crate::set::{Activations, Declared, Gathered, Listed, Member, SetDrafts, Together};
use crate::syntax;
use crate::validate::Strictness;

/// The declarations of a run, in the order of reading.
pub(crate) struct Session {
    together: Together,
    /// What linting keeps of a declaration on the first reading.
    gather: Gather,
    /// Shared by all texts, so that the hashes of copies are equal.
    hashes: Hashes,
    seen: Seen,
    gathered: Gathered,
    has_activations: bool,
    has_assets: bool,
    /// The sets that files list.
    listed: Vec<Listed>,
    listed_items: usize,
}

/// What a session asks its caller about a file.
pub(crate) trait Host {
    /// Reads the text of the file again. `None` if it cannot be read again.
    fn text(&self, file: &str) -> Option<Cow<'_, [u8]>>;

    /// Reads a part of the text again.
    fn part(&self, file: &str, span: Range<usize>) -> Option<Vec<u8>> {
        Some(self.text(file)?.get(span)?.to_vec())
    }

    /// The indexes of the configured sets that contain the file.
    fn sets(&self, _file: &str) -> Vec<usize> {
        Vec::new()
    }

    /// The identifiers of the configured sets that contain the file, for merged declarations.
    fn bases(&self, _file: &str) -> Vec<Identifier> {
        Vec::new()
    }

    /// The policies that apply to the file.
    #[cfg(feature = "cli")]
    fn policies(&self, _file: &str) -> Policies {
        Policies::new()
    }
}

impl Session {
    /// Creates an empty run. If `gather` keeps only names, bodies are read later if [needed](Self::lacks_bodies).
    pub(crate) fn new(schema: &Arc<Schema>, hashes: Hashes, together: Together, gather: Gather) -> Self {
        let (seen, gathered) = (Seen::new(schema.clone()), Gathered::new(schema.clone()));
        Self {
            together,
            gather,
            hashes,
            seen,
            gathered,
            has_activations: false,
            has_assets: false,
            listed: Vec::new(),
            listed_items: 0,
        }
    }

    /// Says who activates the configurations that no activation references.
    pub(crate) fn activated_by(&mut self, activations: Activations) {
        self.gathered.activated_by = activations;
    }

    /// Reads the text of a file and returns its findings.
    pub(crate) fn read(&mut self, host: &impl Host, file: &Arc<str>, bytes: &[u8], conditions: &Conditions) -> Vec<Diagnostic> {
        let text = Text::whole(file, bytes, Strictness::Named, self.gather, conditions);
        let mut findings = Vec::new();
        lint::lint(&text, &self.hashes.clone(), |linted| findings.extend(self.take(host, file, linted)));
        findings
    }

    /// Reads the text of a file again for the bodies of its declarations.
    pub(crate) fn read_bodies(&mut self, host: &impl Host, file: &Arc<str>, bytes: &[u8], conditions: &Conditions) {
        let text = Text::whole(file, bytes, Strictness::Named, Gather::Bodies, conditions);
        lint::lint(&text, &self.hashes.clone(), |linted| self.gather(host, file, linted.declarations));
    }

    /// Takes the next linted part of a file and returns its findings, duplicate identifiers last.
    pub(crate) fn take(&mut self, host: &impl Host, file: &Arc<str>, linted: Linted) -> Vec<Diagnostic> {
        let Linted { mut findings, declarations, activations, assets, listed, .. } = linted;
        for listed in listed {
            // The paths of further sets are not looked at.
            self.listed_items += listed.len();
            self.listed.extend((self.listed_items <= MAX_LISTED).then_some(listed));
        }
        self.has_activations |= activations > 0;
        self.has_assets |= assets > 0;
        let sets = host.sets(file);
        let read = |file: &str, span| self.hashes.of_text(file, &host.part(file, span)?);
        self.seen.record(file, &sets, &declarations, self.together, read, &mut findings);
        if self.gather >= Gather::Bodies {
            self.gathered.add(file, &sets, declarations);
        }
        findings
    }

    /// Whether the run has declarations that reference others, so that bodies are needed, but did not keep them. Most
    /// runs have none and need one reading only.
    pub(crate) fn lacks_bodies(&self) -> bool {
        (self.has_activations || self.has_assets || !self.listed.is_empty()) && self.gather < Gather::Bodies
    }

    /// Takes the sets that files list.
    pub(crate) fn take_listed(&mut self) -> Vec<Listed> {
        std::mem::take(&mut self.listed)
    }

    /// Adds sets to those in the configuration. `of` returns the indexes of the new sets that contain a declaration. Returns the
    /// index that the first of them gets.
    pub(crate) fn add_sets(&mut self, of: impl Fn(&Member) -> Vec<usize>) -> usize {
        self.gathered.add_sets(of)
    }

    /// Takes the declarations of a file that was read again for their bodies.
    pub(crate) fn gather(&mut self, host: &impl Host, file: &Arc<str>, declarations: Vec<Declared>) {
        self.gathered.add(file, &host.sets(file), declarations);
    }

    /// Applies the rules on sets and returns the findings, file by file.
    pub(crate) fn judge(&self, host: &impl Host) -> Vec<Diagnostic> {
        let sets = self.gathered.sets(self.together);
        self.locate(host, &sets, rules::sets::judge(&self.gathered, &sets, self.together))
    }

    /// Returns the findings about combining the declarations, file by file.
    pub(crate) fn judge_merge(&self, host: &impl Host) -> Vec<Diagnostic> {
        let groups = merge::groups(&self.gathered);
        self.locate(host, &groups, merge::judge(&self.gathered, &groups))
    }

    /// Combines the declarations, which must have no errors, into the set to publish.
    ///
    /// # Errors
    /// If the requested identifier cannot be used, or a file changed since it was checked.
    pub(crate) fn merge(&mut self, host: &impl Host, options: &Options) -> Result<Merged, merge::Refused> {
        // Settings that are not combined are published unchanged, so their text is read again.
        let alone = merge::alone(&self.gathered);
        let Gathered { schema, members, .. } = &self.gathered;
        let mut texts = Vec::with_capacity(alone.len());
        for of_file in alone.chunk_by(|one, other| members[*one].file == members[*other].file) {
            let of_file: Vec<&Member> = of_file.iter().map(|who| &members[*who]).collect();
            let file = &of_file[0].file;
            let text = host.text(file).unwrap_or_default();
            for text in locate::texts(file, &text, &of_file, schema, &self.hashes) {
                texts.push(text.ok_or_else(|| merge::Refused::Changed(file.clone()))?);
            }
        }
        for (who, text) in alone.into_iter().zip(texts) {
            self.gathered.members[who].text = Some(Box::new(text));
        }
        merge::merge(&self.gathered, options, &|file| host.bases(file)).map_err(merge::Refused::Identifier)
    }

    /// Plans what a device does with the declarations, starting at a time: one plan, or one for each alternative if
    /// predicates cannot be decided.
    pub(crate) fn plans(&self, device: &Device, from: LocalDateTime, catalog: Option<&Catalog>) -> Vec<Plan> {
        plan::plans(&self.gathered, device, from, catalog)
    }

    /// Whether any declarations are known to be active together.
    pub(crate) fn has_sets(&self) -> bool {
        !self.gathered.sets(self.together).is_empty()
    }

    /// Apple's schema.
    pub(crate) fn schema(&self) -> &Schema {
        &self.gathered.schema
    }

    /// Which declarations are known to be active together.
    pub(crate) fn together(&self) -> Together {
        self.together
    }

    /// The declarations whose bodies were kept.
    pub(crate) fn gathered(&self) -> &Gathered {
        &self.gathered
    }

    /// Whether the run has activations.
    pub(crate) fn has_activations(&self) -> bool {
        self.has_activations
    }

    /// Applies policies on combined settings to the sets, and resolves the places of all diagnostics.
    #[cfg_attr(not(feature = "cli"), expect(unused_variables, reason = "there are no policies"))]
    fn locate(&self, host: &impl Host, sets: &[Vec<usize>], mut diagnostics: SetDrafts) -> Vec<Diagnostic> {
        #[cfg(feature = "cli")]
        diagnostics.absorb(policy::judge_combinations(&self.gathered, sets, |file| host.policies(file)), |_| true);
        let rest = diagnostics.rest();
        let mut findings = locate::findings(diagnostics.take(), &self.gathered, |file| host.text(file));
        let last = findings.last().map(|last| last.place.clone());
        findings.extend(self.seen.rest());
        findings.extend(rest.zip(last).map(|(rest, place)| too_many_findings::in_run(rest, place)));
        findings
    }
}

/// Texts in memory.
impl Host for HashMap<Arc<str>, Cow<'_, [u8]>> {
    fn text(&self, file: &str) -> Option<Cow<'_, [u8]>> {
        self.get(file).map(|text| syntax::decoded(text).0)
    }
}
