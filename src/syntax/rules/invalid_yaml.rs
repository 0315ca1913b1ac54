//! `invalid-yaml`

use std::ops::Range;

use crate::diagnostic::{Example, Rule, Severity, SyntaxDiagnostic};
use crate::limits::MAX_DEPTH;
use crate::syntax::language::next_token;
use crate::words::shown;

pub(crate) static RULE: Rule = Rule::new(
    "invalid-yaml",
    Severity::Error,
    "the text is not YAML, or not a declaration in YAML",
    "Servers and pipelines turn YAML into JSON, the only form that devices read. So only what JSON has too can be in a \
     declaration: strings as keys, and no tags of a program. Anchors, aliases and merge keys (<<) are replaced by what \
     they stand for; they hold within one declaration. After a mistake, the rest of the declaration is not read, but the \
     other declarations of the file are.",
    &[
        Example::new(
            "Type: com.apple.configuration.softwareupdate.settings
Identifier: com.example.settings
Payload:
  Notifications: false
\tDeferrals:
",
        )
        .in_yaml()
        .finds(&[("", Severity::Error)]),
        Example::new(
            "Type: com.apple.configuration.softwareupdate.settings
Identifier: com.example.settings
Payload:
  Notifications: false
",
        )
        .in_yaml(),
    ],
);

fn diagnostic(message: impl Into<String>, help: impl Into<String>, span: Range<usize>) -> SyntaxDiagnostic {
    RULE.at(span, message).help(help)
}

/// What the parser says, as a part of its message; a message and a help text.
const MISTAKES: &[(&str, &str, &str)] = &[
    (
        "unknown anchor",
        "this alias has no anchor before it in the same declaration",
        "write &NAME before the value in this declaration, or repeat the value",
    ),
    (" tab", "a tab cannot indent YAML", "indent with spaces"),
    ("tabs disallowed", "a tab cannot indent YAML", "indent with spaces"),
    ("tab cannot", "a tab cannot indent YAML", "indent with spaces"),
    ("unexpected end of stream", "a quotation mark is never closed", "write the same mark at the end of the string"),
    ("unexpected document indicator", "a quotation mark is never closed", "write the same mark at the end of the string"),
    (
        "trailing content after",
        "text follows a closing quotation mark",
        "write the mark that the string contains twice in '…', or as \\\" in \"…\"",
    ),
    (
        "mapping values are not allowed",
        "a colon does not belong here",
        "put a string with a colon and a space in quotes, or check the indentation",
    ),
    ("illegal placement of ':'", "a colon does not belong here", "put the string in quotes, or write a comma before the key"),
    ("expected ',' or '}'", "expected a comma or } here", "write a comma between the members, and } at the end"),
    ("expected ',' or ']'", "expected a comma or ] here", "write a comma between the items, and ] at the end"),
    ("did not find expected key", "expected a key here", "indent all keys of a mapping alike, and write a colon after each"),
    ("expected '-' indicator", "expected - here", "begin each item of the sequence with -, indented alike"),
    ("simple key expect", "a colon is missing after this key", "write a colon and a space after the key"),
    ("unknown escape", "this is not an escape of YAML", "write \\\\ for a backslash, or put the string in single quotes"),
    ("unexpected character", "no value can begin with this character", "put the value in quotes"),
    (
        "invalid indentation in quoted",
        "a string in quotes goes on in a line that is not indented",
        "write the closing quotation mark, or indent the line",
    ),
    ("invalid indentation", "this line is not indented enough", "indent it further than the key or dash above it"),
    ("nested more than", "nested more than 128 levels deep", "declarations have a few levels; check that this is the right file"),
    ("recursion limit", "nested more than 128 levels deep", "declarations have a few levels; check that this is the right file"),
    ("aliases expand", "the aliases expand to more than a million values", "write the values themselves"),
];

/// A mistake that the parser reports in its own words.
pub(in crate::syntax) fn syntax(text: &str, words: &str, span: Range<usize>) -> SyntaxDiagnostic {
    let end = text.get(span.start..).map_or(span.end, |rest| span.start + next_token(rest).len());
    let span = span.start..span.end.max(end).min(text.len());
    match MISTAKES.iter().find(|(part, ..)| words.contains(part)) {
        Some((_, message, help)) => diagnostic(*message, *help, span),
        None => diagnostic(
            format!("this is not YAML: {}", shown(words)),
            "check the indentation and the quotes of this line and the one before",
            span,
        ),
    }
}

/// A text without a value.
pub(in crate::syntax) fn empty() -> SyntaxDiagnostic {
    diagnostic("this YAML document is empty", "write Type, Identifier and Payload, or remove the file", 0..0)
}

/// An alias to a value that contains it.
pub(in crate::syntax) fn recursive(span: Range<usize>) -> SyntaxDiagnostic {
    diagnostic("this alias stands inside the value that it names, which would never end", "write the value itself", span)
}

/// Too many levels after aliases were followed.
pub(in crate::syntax) fn deep(span: Range<usize>) -> SyntaxDiagnostic {
    let message = format!("nested more than {MAX_DEPTH} levels deep");
    diagnostic(message, "declarations have a few levels; check that this is the right file", span)
}

/// The value of a merge key that has no members.
pub(in crate::syntax) fn merge(span: Range<usize>) -> SyntaxDiagnostic {
    diagnostic("the merge key << needs a mapping, or a sequence of mappings", "write an alias such as *defaults after it", span)
}

/// A key that is not a string. `is_template` says whether it stands in a second pair of braces.
pub(in crate::syntax) fn key(is_template: bool, span: Range<usize>) -> SyntaxDiagnostic {
    if is_template {
        return diagnostic("braces in braces are a mapping in YAML, not a placeholder", "put the placeholder in quotes", span);
    }
    diagnostic("a key must be a string", "write a name before the colon", span)
}

/// A value with a tag that cannot be applied.
pub(in crate::syntax) fn tag(name: Option<&str>, span: Range<usize>) -> SyntaxDiagnostic {
    let message = match name {
        Some(name) => format!("the tag {} does not give a value of JSON here", shown(name)),
        None => "the tag of this value does not give a value of JSON".to_owned(),
    };
    diagnostic(message, "write the value itself, without a tag", span)
}
