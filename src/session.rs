//! A run over declarations: the texts of its inputs go in, one after the other; what is wrong with them, the set to publish and plans come
//! out. Severities are the rules' own: who shows the findings knows those in force.
//!
//! The library and every command go through it. It reads nothing and knows no configuration: what it asks about a file, its [`Host`] answers.

use std::borrow::Cow;
use std::collections::HashMap;
use std::ops::Range;
use std::sync::Arc;

use crate::apple::{Device, LocalDateTime, Schema};
use crate::catalog::Catalog;
use crate::conditions::Conditions;
use crate::content::Hashes;
use crate::diagnostic::Diagnostic;
use crate::lint::{self, Gather, Linted, Text};
use crate::locate;
use crate::merge::{self, Merged, Options};
use crate::plan::{self, Plan};
#[cfg(feature = "cli")]
use crate::policy::{self, Policies};
use crate::rules;
use crate::run::Seen;
use crate::set::{Declared, Gathered, SetDraft, Together};
use crate::validate::Strictness;

/// The declarations of a run, in the order of reading.
pub(crate) struct Session {
    together: Together,
    /// What linting keeps of a declaration at first.
    gather: Gather,
    /// The same for all texts, so that copies of a declaration are known as such.
    hashes: Hashes,
    seen: Seen,
    gathered: Gathered,
    has_activations: bool,
}

/// What a session asks its caller about a file, by its name.
pub(crate) trait Host {
    /// The text once more, if it can be had.
    fn text(&self, file: &str) -> Option<Cow<'_, [u8]>>;

    /// A part of the text once more.
    fn part(&self, file: &str, span: Range<usize>) -> Option<Vec<u8>> {
        Some(self.text(file)?.get(span)?.to_vec())
    }

    /// The sets that the user names, by their numbers, in which the file is active.
    fn sets(&self, _file: &str) -> Vec<usize> {
        Vec::new()
    }

    /// The organisation's own rules for the file.
    #[cfg(feature = "cli")]
    fn policies(&self, _file: &str) -> Policies {
        Policies::new()
    }
}

impl Session {
    /// A run over nothing yet. Where `gather` keeps only names, what declarations say is read later if it [matters](Self::lacks_bodies).
    pub(crate) fn new(schema: &Arc<Schema>, hashes: Hashes, together: Together, gather: Gather) -> Self {
        let (seen, gathered) = (Seen::new(schema.clone()), Gathered::new(schema.clone()));
        Self { together, gather, hashes, seen, gathered, has_activations: false }
    }

    /// Reads a whole text, and returns what is wrong with it.
    pub(crate) fn read(&mut self, host: &impl Host, file: &Arc<str>, bytes: &[u8], conditions: &Conditions) -> Vec<Diagnostic> {
        let text = Text::whole(file, bytes, Strictness::Named, self.gather, conditions);
        let mut findings = Vec::new();
        lint::lint(&text, &self.hashes.clone(), |linted| findings.extend(self.take(host, file, linted)));
        findings
    }

    /// Reads a whole text once more for what its declarations say.
    pub(crate) fn read_bodies(&mut self, host: &impl Host, file: &Arc<str>, bytes: &[u8], conditions: &Conditions) {
        let text = Text::whole(file, bytes, Strictness::Named, Gather::Bodies, conditions);
        lint::lint(&text, &self.hashes.clone(), |linted| self.gather(host, file, linted.declarations));
    }

    /// Takes the next part of a file that was linted, and returns what is wrong with it; repeated names come last.
    pub(crate) fn take(&mut self, host: &impl Host, file: &Arc<str>, linted: Linted) -> Vec<Diagnostic> {
        let Linted { mut findings, declarations, activations, .. } = linted;
        self.has_activations |= activations > 0;
        let sets = host.sets(file);
        let again = |file: &str, span| self.hashes.of_text(&host.part(file, span)?);
        self.seen.note(file, &sets, &declarations, self.together, again, &mut findings);
        if self.gather >= Gather::Bodies {
            self.gathered.add(file, &sets, declarations);
        }
        findings
    }

    /// Whether what the declarations say matters, as some are known to be active together, and was not kept: most runs have no activations,
    /// and are done after one reading.
    pub(crate) fn lacks_bodies(&self) -> bool {
        self.has_activations && self.gather < Gather::Bodies
    }

    /// Takes declarations of a file that was read once more for what they say.
    pub(crate) fn gather(&mut self, host: &impl Host, file: &Arc<str>, declarations: Vec<Declared>) {
        self.gathered.add(file, &host.sets(file), declarations);
    }

    /// What is wrong between the declarations, file by file.
    pub(crate) fn judge(&self, host: &impl Host) -> Vec<Diagnostic> {
        let sets = self.gathered.sets(self.together);
        self.locate(host, &sets, rules::sets::judge(&self.gathered, &sets, self.together))
    }

    /// What is wrong with combining the declarations, file by file.
    pub(crate) fn judge_merge(&self, host: &impl Host) -> Vec<Diagnostic> {
        let groups = merge::groups(&self.gathered);
        self.locate(host, &groups, merge::judge(&self.gathered, &groups))
    }

    /// Combines the declarations, which have no errors, into the set to publish.
    ///
    /// # Errors
    /// When the identifier that the user wants cannot be given.
    pub(crate) fn merge(&mut self, host: &impl Host, options: &Options) -> Result<Merged, String> {
        // Settings that are combined with no others are published as they stand, so they are read once more.
        let alone = merge::alone(&self.gathered);
        let Gathered { schema, members, .. } = &self.gathered;
        let of_files = alone.chunk_by(|one, other| members[*one].file == members[*other].file);
        let texts = of_files.flat_map(|all| {
            let file = &members[all[0]].file;
            let indexes: Vec<usize> = all.iter().map(|who| members[*who].index).collect();
            locate::texts(file, &host.text(file).unwrap_or_default(), &indexes, schema)
        });
        let texts: Vec<_> = texts.collect();
        for (who, text) in alone.into_iter().zip(texts) {
            self.gathered.members[who].text = text.map(Box::new);
        }
        merge::merge(&self.gathered, options)
    }

    /// Plans what a device does with the declarations from a time on.
    pub(crate) fn plan(&self, device: &Device, from: LocalDateTime, catalog: Option<&Catalog>) -> Plan {
        plan::plan(&self.gathered, device, from, catalog)
    }

    /// Whether any declarations are known to be active together.
    pub(crate) fn has_sets(&self) -> bool {
        !self.gathered.sets(self.together).is_empty()
    }

    /// What Apple publishes.
    pub(crate) fn schema(&self) -> &Schema {
        &self.gathered.schema
    }

    /// Which declarations are known to be active together.
    pub(crate) fn together(&self) -> Together {
        self.together
    }

    /// The declarations, as far as what they say was kept.
    pub(crate) fn gathered(&self) -> &Gathered {
        &self.gathered
    }

    /// Whether there are activations.
    pub(crate) fn has_activations(&self) -> bool {
        self.has_activations
    }

    /// Finds the places of what is wrong between declarations. Policies about what settings say together are applied to the sets.
    #[cfg_attr(not(feature = "cli"), expect(unused_mut, unused_variables, reason = "there are no policies"))]
    fn locate(&self, host: &impl Host, sets: &[Vec<usize>], mut diagnostics: Vec<SetDraft>) -> Vec<Diagnostic> {
        #[cfg(feature = "cli")]
        diagnostics.extend(policy::judge_combinations(&self.gathered, sets, |file| host.policies(file)));
        locate::findings(diagnostics, &self.gathered, |file| host.text(file))
    }
}

/// Texts that stay in memory.
impl Host for HashMap<Arc<str>, Cow<'_, [u8]>> {
    fn text(&self, file: &str) -> Option<Cow<'_, [u8]>> {
        self.get(file).map(|text| Cow::Borrowed(&**text))
    }
}
