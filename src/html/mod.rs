//! The frame of every HTML page: one file with its style and script, which requests nothing. Knows no contents.
//!
//! The content security policy allows only this style and this script, by their hashes. So a page has no `style`
//! attributes, and markup that a document smuggled in could neither run nor load anything.

use std::io;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use sha2::{Digest, Sha256};

use crate::words::{capital, markup};

const STYLE: &str = concat!(include_str!("shared.css"), include_str!("page.css"));
const SCRIPT: &str = include_str!("page.js");

/// Writes the beginning of a page that a command makes. The contents follow, then [`end`].
pub(crate) fn begin(command: &str, title: &str, out: &mut dyn io::Write) -> io::Result<()> {
    let (title, style, script) = (markup(title), hash(STYLE), hash(SCRIPT));
    write!(
        out,
        "<!doctype html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n\
         <meta http-equiv=\"Content-Security-Policy\" content=\"default-src 'none'; style-src '{style}'; script-src '{script}'; \
         base-uri 'none'; form-action 'none'\">\n\
         <meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n<meta name=\"color-scheme\" content=\"light dark\">\n\
         <meta name=\"referrer\" content=\"no-referrer\">\n<title>{title} - ddmc</title>\n<style>{STYLE}</style>\n</head>\n<body>\n\
         <a class=\"skip\" href=\"#content\">Skip to the content</a>\n\
         <header class=\"top\"><strong>ddmc</strong> {command}</header>\n<main id=\"content\" tabindex=\"-1\">\n<h1>{title}</h1>\n"
    )
}

/// Writes the end of a page. `about` says what it was made from.
pub(crate) fn end(about: &str, out: &mut dyn io::Write) -> io::Result<()> {
    let (version, about) = (env!("CARGO_PKG_VERSION"), markup(about));
    write!(out, "</main>\n<footer class=\"bottom\">ddmc {version}{about}</footer>\n<script>{SCRIPT}</script>\n</body>\n</html>\n")
}

/// A control that filters the items of a page.
pub(crate) enum Filter<'f> {
    /// A list of the values that the items have.
    Select(&'f str),
    /// A box for each value, with its label.
    Boxes(&'f str, &'f [(String, String)]),
}

/// Writes the bar with the filters of a page, which the script shows. An item is an element with `data-item`, and has its
/// value for the filter with number N in `data-fN`, or its group has. `noun` names the items.
pub(crate) fn filters(noun: &str, filters: &[Filter<'_>], out: &mut dyn io::Write) -> io::Result<()> {
    writeln!(
        out,
        "<div class=\"filters\" role=\"search\" aria-label=\"Filter {noun}\" data-noun=\"{noun}\" hidden>\n\
         <div class=\"text\"><label for=\"filter\">Search</label><input type=\"search\" id=\"filter\" autocomplete=\"off\" \
         spellcheck=\"false\"></div>"
    )?;
    for (at, filter) in filters.iter().enumerate() {
        match filter {
            Filter::Select(name) => writeln!(
                out,
                "<div><label for=\"filter-{at}\">{}</label><select id=\"filter-{at}\" data-facet=\"data-f{at}\"><option value=\"\">all\
                 </option></select></div>",
                markup(&capital(name))
            )?,
            Filter::Boxes(name, values) => {
                write!(out, "<fieldset><legend>{}</legend><div>", markup(name))?;
                for (value, label) in *values {
                    let (value, label) = (markup(value), markup(label));
                    write!(
                        out,
                        "<label><input type=\"checkbox\" checked data-facet=\"data-f{at}\" value=\"{value}\">{label}</label>"
                    )?;
                }
                writeln!(out, "</div></fieldset>")?;
            }
        }
    }
    writeln!(out, "<div><button type=\"button\">Reset</button></div>\n<p role=\"status\"></p>\n</div>")
}

/// The hash of a style or a script for the policy.
fn hash(text: &str) -> String {
    format!("sha256-{}", STANDARD.encode(Sha256::digest(text)))
}
