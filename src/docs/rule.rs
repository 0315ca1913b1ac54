//! The page of a rule.

use std::sync::Arc;

use super::page::{Block, Page};
use crate::conditions::Conditions;
use crate::diagnostic::Diagnostic;
use crate::lint;
use crate::rules::{Example, Rule};
use crate::validate::Strictness;
use crate::words::{list, sentence};

pub(crate) fn page(rule: &Rule) -> Page {
    let mut page = Page::new(&*rule.id);
    let default = if rule.is_optional { ", off by default" } else { "" };
    page.push(Block::Text(sentence(&rule.summary)));
    let also: Vec<String> = rule.also.iter().map(ToString::to_string).collect();
    let also = if also.is_empty() { String::new() } else { format!(" (in some cases {})", list(&also, "or")) };
    page.push(Block::Facts(vec![("severity", format!("{}{also}{default}", rule.severity))]));
    page.push(Block::Text(rule.explanation.split_whitespace().collect::<Vec<_>>().join(" ")));
    let uses =
        |needle: &str| rule.examples.iter().any(|example| example.document.contains(needle) || example.options.contains(&needle));
    if uses("TargetLocalDateTime") || uses("until") {
        page.push(Block::Text("The examples are checked as of 2026-01-01T00:00:00 unless they specify another time.".to_owned()));
    }
    if uses("gdmf.json") {
        page.push(Block::Text("The examples use the catalogue `docs/examples/gdmf.json`.".to_owned()));
    }
    for example in rule.examples {
        page.push(Block::Text(introduction(rule, example)));
        let language = if rule.is_about_configuration() { "toml" } else { example.language() };
        page.push(Block::Code(language, example.document.to_owned()));
        if !example.finds.is_empty() {
            // A finding without a pointer is about the text or the top of the document: show its line and message.
            let mut whole = findings(rule, example).into_iter().filter(|finding| finding.place.pointer.is_empty());
            let mut line = || match whole.next() {
                Some(finding) => format!("line {}: {}", finding.place.start.line, finding.message),
                None => "the document".to_owned(),
            };
            let places = example.finds.iter().map(|(pointer, severity)| match *pointer {
                "" => format!("{severity}: {}", line()),
                pointer => format!("{severity}: `{pointer}`"),
            });
            page.push(Block::List(places.collect()));
        }
    }
    if !rule.is_about_configuration() {
        // TOML requires quotes around a key with a slash.
        let key = if rule.is_policy() { format!("\"{}\"", rule.id) } else { rule.id.to_string() };
        page.push(Block::Text(format!(
            "`ddmc check -A {}`, or `{key} = \"off\"` under `[rules]` in `ddmc.toml`, turns the rule off. `[[ignore]]` suppresses it in one place.",
            rule.id
        )));
    }
    page
}

/// The findings of a rule in an example, without the options of the example.
fn findings(rule: &Rule, example: &Example) -> Vec<Diagnostic> {
    let (file, bytes) = (Arc::from(example.file()), example.document.as_bytes());
    let mut findings = lint::alone(&file, Strictness::Named, bytes, &Conditions::default());
    findings.retain(|finding| finding.rule.id == rule.id);
    findings
}

/// The text before the document of an example.
fn introduction(rule: &Rule, example: &Example) -> String {
    let file = (!rule.is_about_configuration()).then(|| example.file());
    let words: Vec<&str> = ["ddmc", "check"].into_iter().chain(example.options.iter().copied()).chain(file).collect();
    let result = if example.finds.is_empty() { "reports nothing for" } else { "reports findings in" };
    format!("`{}` {result}:", words.join(" "))
}
