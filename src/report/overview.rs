//! The overview of the human report: groups of equal findings, statistics, and the last lines.

use std::borrow::Cow;
use std::collections::VecDeque;
use std::hash::BuildHasher;
use std::io;

use foldhash::quality::RandomState;

use super::statistics::Statistics;
use super::{About, Summary};
use crate::diagnostic::{Diagnostic, Severity};
use crate::hash::Map;
use crate::limits::MAX_GROUPS;
use crate::words::{visible, wrap};

/// The most findings of a rule that are all shown.
const MOST_OF_RULE: usize = 10;

/// How many equal findings of another rule are shown.
const MOST_OF_GROUP: usize = 3;

/// The size of the findings that wait until a rule has more than [`MOST_OF_RULE`], in bytes. If more wait, the first one
/// is shown, so that a long run shows findings while it finds others.
const MAX_WAITING: usize = 1 << 18;

/// What the human report of a run shows besides its findings, and which of these it shows.
pub(crate) struct Overview {
    shows_findings: bool,
    shows_summary: bool,
    statistics: Option<Statistics>,
    counts: Counts,
    queue: Queue,
    /// The groups of which some findings are not shown.
    hidden: Vec<Hidden>,
    /// A rule with a page for `explain`.
    example: Option<Cow<'static, str>>,
}

/// A group of which some findings are not shown.
struct Hidden {
    severity: Severity,
    rule: Cow<'static, str>,
    message: String,
    count: usize,
}

/// How many findings of each rule, and equal findings, there were so far.
#[derive(Default)]
struct Counts {
    hasher: RandomState,
    rules: Map<Cow<'static, str>, usize>,
    /// By the hash of everything but the place.
    groups: Map<u64, Group>,
}

#[derive(Default)]
struct Group {
    count: usize,
    /// Its index in `hidden`.
    hidden: Option<usize>,
}

/// Whether a finding is shown.
#[derive(Clone, Copy, PartialEq)]
enum Verdict {
    Shown,
    /// If the rule has at most [`MOST_OF_RULE`] findings in the end.
    Open,
    Hidden,
}

/// Rendered findings in their order, from the first whose verdict is open.
#[derive(Default)]
struct Queue {
    findings: VecDeque<Waiting>,
    bytes: usize,
}

struct Waiting {
    text: Vec<u8>,
    /// For an open verdict, what is counted if the finding is not shown.
    hidden: Option<(u64, Hidden)>,
}

impl Counts {
    fn group(&self, finding: &Diagnostic) -> u64 {
        self.hasher.hash_one((&*finding.rule.id, finding.severity, &finding.message, &finding.help))
    }

    /// Counts a finding.
    fn add(&mut self, finding: &Diagnostic) -> Verdict {
        let group = self.group(finding);
        let of_rule = self.rules.entry(finding.rule.id.clone()).or_default();
        *of_rule += 1;
        let has_room = self.groups.len() < MAX_GROUPS;
        if !has_room && !self.groups.contains_key(&group) {
            return Verdict::Shown;
        }
        let group = self.groups.entry(group).or_default();
        group.count += 1;
        match *of_rule > MOST_OF_RULE {
            _ if group.count <= MOST_OF_GROUP => Verdict::Shown,
            true => Verdict::Hidden,
            false => Verdict::Open,
        }
    }

    /// Whether a finding that follows will not be shown.
    fn hides(&self, finding: &Diagnostic) -> bool {
        self.has_many(&finding.rule.id) && self.groups.get(&self.group(finding)).is_some_and(|group| group.count >= MOST_OF_GROUP)
    }

    fn has_many(&self, rule: &str) -> bool {
        self.rules.get(rule).is_some_and(|count| *count > MOST_OF_RULE)
    }
}

impl Overview {
    pub(crate) fn new(about: &About<'_>) -> Self {
        Self {
            shows_findings: !(about.is_quiet && about.has_statistics),
            shows_summary: !about.is_quiet || about.has_statistics,
            statistics: about.has_statistics.then(Statistics::default),
            counts: Counts::default(),
            queue: Queue::default(),
            hidden: Vec::new(),
            example: None,
        }
    }

    /// Tells which of some findings of a file need to be rendered.
    pub(crate) fn wanted(&self, findings: &[Diagnostic]) -> Vec<bool> {
        let mut here = Counts::default();
        let mut is_wanted =
            |finding: &Diagnostic| self.shows_findings && here.add(finding) != Verdict::Hidden && !self.counts.hides(finding);
        findings.iter().map(&mut is_wanted).collect()
    }

    /// Takes a finding, which `render` renders if needed. Prints the findings that are certainly shown.
    pub(crate) fn take(
        &mut self,
        finding: &Diagnostic,
        render: impl FnOnce() -> io::Result<Vec<u8>>,
        out: &mut dyn io::Write,
    ) -> io::Result<()> {
        if let Some(statistics) = &mut self.statistics {
            statistics.add(finding);
        }
        if !self.shows_findings {
            return Ok(());
        }
        if self.example.is_none() && !finding.rule.is_policy() {
            self.example = Some(finding.rule.id.clone());
        }
        let verdict = self.counts.add(finding);
        let hidden = || {
            let (severity, rule, message) = (finding.severity, finding.rule.id.clone(), finding.message.clone());
            (self.counts.group(finding), Hidden { severity, rule, message, count: 0 })
        };
        match verdict {
            Verdict::Hidden => {
                let (group, hidden) = hidden();
                self.hide(group, hidden);
            }
            Verdict::Open => {
                let hidden = Some(hidden());
                self.queue.push(Waiting { text: render()?, hidden });
            }
            Verdict::Shown => self.queue.push(Waiting { text: render()?, hidden: None }),
        }
        self.print(false, out)
    }

    /// Prints what is decided at the front of the queue, or everything.
    fn print(&mut self, is_end: bool, out: &mut dyn io::Write) -> io::Result<()> {
        while let Some(front) = self.queue.findings.front() {
            let is_hidden = front.hidden.as_ref().is_some_and(|(_, hidden)| self.counts.has_many(&hidden.rule));
            if front.hidden.is_some() && !is_hidden && !is_end && self.queue.bytes <= MAX_WAITING {
                break;
            }
            let Some(Waiting { text, hidden }) = self.queue.pop() else { break };
            match hidden {
                Some((group, hidden)) if is_hidden => self.hide(group, hidden),
                _ => out.write_all(&text)?,
            }
        }
        Ok(())
    }

    fn hide(&mut self, group: u64, hidden: Hidden) {
        let index = self.counts.groups.entry(group).or_default().hidden.get_or_insert_with(|| {
            self.hidden.push(hidden);
            self.hidden.len() - 1
        });
        self.hidden[*index].count += 1;
    }

    /// Prints the end of the report, in lines of at most `width` columns.
    pub(crate) fn finish(&mut self, summary: &Summary, width: usize, out: &mut dyn io::Write) -> io::Result<()> {
        self.print(true, out)?;
        for Hidden { severity, rule, message, count } in &self.hidden {
            lines(&format!("{severity}[{rule}]: {message}"), width, out)?;
            writeln!(out, "  and {count} more: --format concise lists them\n")?;
        }
        if let Some(statistics) = &self.statistics {
            statistics.print(out)?;
        }
        let Some(line) = summary.line().filter(|_| self.shows_summary) else { return Ok(()) };
        if let Some(rule) = &self.example {
            lines(&format!("More about a rule: ddmc explain {rule}"), width, out)?;
        }
        lines(&line, width, out)
    }
}

impl Queue {
    fn push(&mut self, finding: Waiting) {
        self.bytes += finding.text.len();
        self.findings.push_back(finding);
    }

    fn pop(&mut self) -> Option<Waiting> {
        let finding = self.findings.pop_front()?;
        self.bytes -= finding.text.len();
        Some(finding)
    }
}

/// Prints a text. A line that begins with a name from outside is indented, as are all but the first.
fn lines(text: &str, width: usize, out: &mut dyn io::Write) -> io::Result<()> {
    wrap(&visible(text), width, "", "    ").iter().try_for_each(|line| writeln!(out, "{line}"))
}
