//! Quick fixes: the fixes of findings, all safe ones, and an `[[ignore]]` entry.

use std::collections::BTreeMap;
use std::ops::Range;
use std::path::Path;

use serde_json::{Value as Json, json};
use similar::{DiffOp, TextDiff};

use super::document::is_large;
use super::linter::Linter;
use super::navigate;
use super::state::State;
use super::text::{Lines, Span};
use super::workspace::Workspace;
use crate::diagnostic::Diagnostic;
use crate::fix;
use crate::lint;
use crate::rules::invalid_configuration;
use crate::validate::Strictness;

/// How many findings at a place get quick fixes.
const MAX_FINDINGS: usize = 20;

/// The same in a large document.
const MAX_IN_LARGE: usize = 2;

/// The kind of the action that fixes all.
const FIX_ALL: &str = "source.fixAll.ddmc";

/// The kinds of actions that are offered.
pub(super) const KINDS: [&str; 2] = ["quickfix", FIX_ALL];

/// Whether a client wants actions of a kind.
fn wants(only: Option<&[String]>, kind: &str) -> bool {
    only.is_none_or(|only| {
        only.iter().any(|wanted| kind.strip_prefix(wanted).is_some_and(|rest| rest.is_empty() || rest.starts_with('.')))
    })
}

/// Answers `textDocument/codeAction`.
pub(super) fn answer(state: &State, path: &Path, span: Span, only: Option<&[String]>) -> Option<Json> {
    let document = state.documents.get(path)?;
    let lines = Lines::of(&document.text, state.client.encoding);
    let (start, end) = (lines.offset(span.start), lines.offset(span.end));
    let workspace = state.workspace(path);
    let linter = workspace.linter().filter(|_| document.is_linted());
    let all = state.findings(path);
    let is_here = |finding: &&Diagnostic| finding.place.start.offset <= end && start <= finding.place.end.offset;
    // Each fix is linted, and editors ask whenever the cursor moves.
    let is_large = is_large(&document.text);
    let here: Vec<&Diagnostic> = all.iter().filter(is_here).take(if is_large { MAX_IN_LARGE } else { MAX_FINDINGS }).collect();
    let mut actions = Vec::new();
    if wants(only, "quickfix") {
        let text = document.text.as_bytes();
        for finding in here.iter().filter(|_| linter.is_some()) {
            actions.extend(linter.and_then(|linter| quick_fix(state, path, linter, text, finding, &lines)));
        }
        for finding in here {
            actions.extend(ignore(state, path, workspace, finding, &lines));
        }
    }
    if wants(only, FIX_ALL)
        && (only.is_some() || !is_large)
        && let Some(edits) = linter.and_then(|linter| all_fixes(path, linter, document.text.as_bytes()))
    {
        let edit = navigate::edit(state, BTreeMap::from([(path.to_owned(), edits)]));
        actions.push(json!({ "title": "Fix all that is safe to fix", "kind": FIX_ALL, "edit": edit }));
    }
    Some(actions.into())
}

/// The findings of a document alone.
fn lint(path: &Path, linter: &Linter) -> impl Fn(&[u8]) -> Vec<Diagnostic> {
    let name = path.to_string_lossy().into();
    let config = linter.effective.for_file(&path.to_string_lossy());
    move |text: &[u8]| lint::alone(&name, Strictness::Named, text, &config.conditions)
}

/// The fix of a finding, unless it adds an error or copies a secret.
fn quick_fix(state: &State, path: &Path, linter: &Linter, text: &[u8], finding: &Diagnostic, lines: &Lines<'_>) -> Option<Json> {
    let fix = finding.fix.as_ref().filter(|fix| !fix.is_private)?;
    if !fix::adds_no_error(text, fix, lint(path, linter)) {
        return None;
    }
    let edits = fix.edits.iter().map(|edit| (edit.start..edit.end, edit.text.clone())).collect();
    let label = if fix.is_safe { "" } else { " (review: not certain)" };
    Some(json!({
        "title": format!("{}{label}", crate::words::capital(&fix.description)),
        "kind": "quickfix",
        "diagnostics": [reference(finding, lines)],
        "isPreferred": fix.is_safe,
        "edit": navigate::edit(state, BTreeMap::from([(path.to_owned(), edits)])),
    }))
}

/// The diagnostic that an action is about.
fn reference(finding: &Diagnostic, lines: &Lines<'_>) -> Json {
    let range = lines.span(&(finding.place.start.offset..finding.place.end.offset));
    json!({ "range": range, "code": finding.rule.id, "source": "ddmc", "message": finding.message })
}

/// The edits of all safe fixes, as `ddmc check --fix` makes them. Those that copy a secret are left to it.
fn all_fixes(path: &Path, linter: &Linter, text: &[u8]) -> Option<Vec<(Range<usize>, String)>> {
    let name = path.to_string_lossy();
    let config = linter.effective.for_file(&name);
    let mut entries = crate::config::Entries::new(&linter.effective);
    let select = |findings: &mut Vec<Diagnostic>| {
        let _ = entries.drop_ignored(&name, findings);
        config.severities.apply(findings);
        findings.retain(|finding| finding.fix.as_ref().is_none_or(|fix| !fix.is_private));
    };
    let fixed = fix::apply(text, lint(path, linter), select, false)?;
    Some(edits(str::from_utf8(text).ok()?, str::from_utf8(&fixed.text).ok()?))
}

/// Lines up to this length are compared character by character, so that an edit holds nothing that stays, such as a secret.
const MAX_COMPARED: usize = 1 << 12;

/// The edits that make a text of another one.
fn edits(old: &str, new: &str) -> Vec<(Range<usize>, String)> {
    let by_line = changes(old, new, &TextDiff::from_lines(old, new));
    let finer = by_line.into_iter().flat_map(|(old_range, new_range)| {
        let (start, old, new) = (old_range.start, &old[old_range.clone()], &new[new_range.clone()]);
        if old.len().max(new.len()) > MAX_COMPARED {
            return vec![(old_range, new.to_owned())];
        }
        let by_character = changes(old, new, &TextDiff::from_chars(old, new)).into_iter();
        by_character.map(|(own, text)| (start + own.start..start + own.end, new[text].to_owned())).collect()
    });
    finer.collect()
}

/// The byte ranges of two texts that differ.
fn changes(old: &str, new: &str, diff: &TextDiff<'_, '_, '_, str>) -> Vec<(Range<usize>, Range<usize>)> {
    let starts = |parts: &[&str], text: &str| -> Vec<usize> {
        let lengths = parts.iter().scan(0, |at, part| Some(std::mem::replace(at, *at + part.len())));
        lengths.chain([text.len()]).collect()
    };
    let (olds, news) = (starts(diff.old_slices(), old), starts(diff.new_slices(), new));
    let changed = diff.ops().iter().filter(|op| !matches!(op, DiffOp::Equal { .. }));
    let ranges = changed.map(|op| {
        let (of_old, of_new) = (op.old_range(), op.new_range());
        (olds[of_old.start]..olds[of_old.end], news[of_new.start]..news[of_new.end])
    });
    ranges.collect()
}

/// What stands for a reason until the user writes one.
const REASON: &str = "TODO: say why this is accepted";

/// An action that adds an `[[ignore]]` entry for a finding to `ddmc.toml`.
fn ignore(state: &State, path: &Path, workspace: &Workspace, finding: &Diagnostic, lines: &Lines<'_>) -> Option<Json> {
    if *finding.rule.id == *invalid_configuration::RULE.id {
        return None;
    }
    let (root, own) = (workspace.root.as_ref()?, workspace.config_path()?);
    let file =
        path.strip_prefix(root).ok()?.components().map(|step| step.as_os_str().to_str()).collect::<Option<Vec<_>>>()?.join("/");
    let pointer = &finding.place.pointer;
    let pointer = if pointer.is_empty() { String::new() } else { format!("pointer = {}\n", quoted(pointer)) };
    let (rule, paths, reason) = (quoted(&finding.rule.id), quoted(&glob(&file)), quoted(REASON));
    let entry = format!("[[ignore]]\nrule = {rule}\npaths = {paths}\n{pointer}reason = {reason}\n");
    let title = format!("Ignore {} here, with a reason in ddmc.toml", finding.rule.id);
    let known = workspace.text(&state.documents, &own);
    let edit = match known {
        Some(text) => {
            let break_before = if text.is_empty() {
                ""
            } else if text.ends_with('\n') {
                "\n"
            } else {
                "\n\n"
            };
            navigate::edit(state, BTreeMap::from([(own, vec![(text.len()..text.len(), format!("{break_before}{entry}"))])]))
        }
        None if state.client.can_create_files && state.client.has_document_changes && own.symlink_metadata().is_err() => {
            let uri = state.uri(&own);
            let start = json!({ "line": 0, "character": 0 });
            let edits = json!([{ "range": { "start": start, "end": start }, "newText": entry }]);
            json!({ "documentChanges": [
                { "kind": "create", "uri": uri, "options": { "ignoreIfExists": true } },
                { "textDocument": { "uri": uri, "version": null }, "edits": edits },
            ] })
        }
        None => return None,
    };
    Some(
        json!({ "title": title, "kind": "quickfix", "diagnostics": [reference(finding, lines)], "isPreferred": false, "edit": edit }),
    )
}

/// A string of TOML.
fn quoted(text: &str) -> String {
    json!(text).to_string()
}

/// A pattern that matches only this path.
fn glob(path: &str) -> String {
    path.chars().flat_map(|c| "\\*?[]{}!".contains(c).then_some('\\').into_iter().chain([c])).collect()
}
