//! The HTML report of `check`: one file for a browser, with filters.

use std::io;
use std::sync::Arc;

use super::excerpt::{Excerpt, Mark, Numbered};
use super::json::docs;
use super::redact::Redaction;
use super::statistics::Statistics;
use super::view::{Excerpts, View};
use super::{About, Report, Summary, Texts};
use crate::diagnostic::{Diagnostic, Place, Related, Severity};
use crate::html::{self, Filter};
use crate::words::{capital, count, markup};

/// The width of the lines of an excerpt, in columns.
const WIDTH: usize = 120;

/// A page, written as the findings arrive. The summary is known only at the end; the style and the script place it at the top.
pub(crate) struct Html {
    schema: String,
    excerpts: Excerpts,
    statistics: Statistics,
    has_header: bool,
    /// The file of the last finding.
    file: Option<Arc<str>>,
}

impl Html {
    pub(crate) fn new(about: &About<'_>) -> Self {
        Self {
            schema: about.schema.to_owned(),
            excerpts: Excerpts::new(WIDTH),
            statistics: Statistics::default(),
            has_header: false,
            file: None,
        }
    }

    fn header(&mut self, out: &mut dyn io::Write) -> io::Result<()> {
        if std::mem::replace(&mut self.has_header, true) { Ok(()) } else { html::begin("check", "Findings", out) }
    }

    /// Begins the group of a file, if it is not that of the last finding.
    fn group(&mut self, file: &Arc<str>, out: &mut dyn io::Write) -> io::Result<()> {
        if self.file.as_ref() == Some(file) {
            return Ok(());
        }
        self.end_group(out)?;
        self.file = Some(file.clone());
        let name = markup(file);
        writeln!(out, "<section class=\"file\" data-group=\"{name}\" data-f2=\"{name}\">\n<h2 class=\"mono\">{name}</h2>")
    }

    fn end_group(&mut self, out: &mut dyn io::Write) -> io::Result<()> {
        if self.file.take().is_some() { writeln!(out, "</section>") } else { Ok(()) }
    }

    /// Renders a finding.
    fn finding(&self, finding: &Diagnostic, texts: Texts<'_>, redaction: &Redaction, out: &mut dyn io::Write) -> io::Result<()> {
        let view = self.excerpts.view(finding, texts, redaction);
        let (severity, rule, message) = (finding.severity, markup(&finding.rule.id), markup(&finding.message));
        write!(
            out,
            "<article data-item data-f0=\"{severity}\" data-f1=\"{rule}\">\n<h3><span class=\"tag {severity}\">{severity}</span> \
             {message}</h3>\n<p class=\"where\">"
        )?;
        match docs(&finding.rule) {
            Some(url) => write!(out, "<a href=\"{}\" rel=\"noreferrer\">{rule}</a>", markup(&url))?,
            None => write!(out, "{rule}")?,
        }
        let Place { start, pointer, .. } = &finding.place;
        write!(out, " · line {}, column {}", start.line, start.column)?;
        for text in [finding.identifier.as_deref(), Some(&**pointer).filter(|pointer| !pointer.is_empty())].into_iter().flatten()
        {
            write!(out, " · {}", markup(text))?;
        }
        writeln!(out, "</p>")?;
        if let Some(excerpt) = &view.excerpt {
            lines(excerpt, out)?;
        }
        if let Some(help) = &finding.help {
            writeln!(out, "<p><b>Help:</b> {}</p>", markup(help))?;
        }
        if let Some(fix) = finding.fix.as_ref().filter(|fix| !fix.is_private) {
            let flags = if fix.is_safe { "--fix" } else { "--fix --unsafe-fixes" };
            writeln!(out, "<p><b>Fix</b> ({flags}): {}</p>", markup(&fix.description))?;
        }
        self.related(&view, texts, out)?;
        writeln!(out, "</article>")
    }

    fn related(&self, view: &View<'_>, texts: Texts<'_>, out: &mut dyn io::Write) -> io::Result<()> {
        if view.related().is_empty() {
            return Ok(());
        }
        writeln!(out, "<ul class=\"plain\">")?;
        for related in view.related() {
            let Related { message, place: Place { file, start, .. } } = related;
            let file = if *file == view.finding.place.file { String::new() } else { format!("{}, ", markup(file)) };
            writeln!(
                out,
                "<li>{} <span class=\"quiet\">({file}line {}, column {})</span>",
                markup(message),
                start.line,
                start.column
            )?;
            if let Some(excerpt) = self.excerpts.other(related, view.finding, texts) {
                lines(&excerpt, out)?;
            }
            writeln!(out, "</li>")?;
        }
        writeln!(out, "</ul>")
    }

    /// Writes the table of the rules.
    fn rules(&self, out: &mut dyn io::Write) -> io::Result<()> {
        let rows = self.statistics.rows();
        if rows.is_empty() {
            return Ok(());
        }
        writeln!(
            out,
            "<details><summary>Findings by rule</summary>\n<div class=\"table\" role=\"group\" aria-label=\"Findings by rule\" tabindex=\"0\"><table>\
             <thead><tr><th scope=\"col\">rule</th><th scope=\"col\">severity</th><th scope=\"col\">findings</th><th scope=\"col\">files</th>\
             <th scope=\"col\">fixable</th></tr></thead>\n<tbody>"
        )?;
        for (severity, rule, numbers) in rows {
            write!(out, "<tr><th scope=\"row\">{}</th><td><span class=\"tag {severity}\">{severity}</span></td>", markup(rule))?;
            for number in numbers {
                write!(out, "<td>{number}</td>")?;
            }
            writeln!(out, "</tr>")?;
        }
        writeln!(out, "</tbody></table></div></details>")
    }
}

impl Report for Html {
    fn findings(&mut self, findings: &[Diagnostic], texts: Texts<'_>, out: &mut dyn io::Write) -> io::Result<()> {
        let drawn = self.draw(findings, texts);
        self.print(findings, texts, drawn, out)
    }

    fn draw(&self, findings: &[Diagnostic], texts: Texts<'_>) -> Vec<Option<Vec<u8>>> {
        let redaction = Redaction::of(findings.first().map_or("", |first| &first.place.file));
        let text = |finding| {
            let mut text = Vec::new();
            self.finding(finding, texts, &redaction, &mut text).ok().map(|()| text)
        };
        findings.iter().map(text).collect()
    }

    fn print(
        &mut self,
        findings: &[Diagnostic],
        _: Texts<'_>,
        drawn: Vec<Option<Vec<u8>>>,
        out: &mut dyn io::Write,
    ) -> io::Result<()> {
        self.header(out)?;
        for (finding, text) in findings.iter().zip(drawn) {
            self.statistics.add(finding);
            self.group(&finding.place.file, out)?;
            out.write_all(&text.unwrap_or_default())?;
        }
        Ok(())
    }

    fn finish(&mut self, summary: &Summary, out: &mut dyn io::Write) -> io::Result<()> {
        self.header(out)?;
        self.end_group(out)?;
        let checked = summary.checked().unwrap_or_else(|| "Nothing was checked".to_owned());
        writeln!(out, "<div class=\"late\">\n<p>{}.</p>", markup(&checked))?;
        let also = summary.also();
        if !also.is_empty() {
            writeln!(out, "<p class=\"quiet\">{}.</p>", markup(&capital(&also)))?;
        }
        let numbers = [(Severity::Error, summary.errors), (Severity::Warning, summary.warnings), (Severity::Note, summary.notes)];
        let boxes = numbers.map(|(severity, number)| (severity.to_string(), count(number, &severity.to_string())));
        let found: usize = numbers.iter().map(|(_, number)| number).sum();
        if found > 0 {
            self.rules(out)?;
            html::filters("findings", &[Filter::Boxes("Severity", &boxes), Filter::Select("Rule"), Filter::Select("File")], out)?;
        }
        writeln!(out, "</div>")?;
        html::end(&format!(", Apple's schema {}", self.schema), out)
    }

    fn needs_source(&self) -> bool {
        true
    }
}

/// Writes an excerpt: its lines with their numbers, and the places in them.
fn lines(excerpt: &Excerpt, out: &mut dyn io::Write) -> io::Result<()> {
    for block in excerpt.blocks() {
        let width = block.last().map_or(0, |last| last.number.to_string().len());
        write!(out, "<pre>")?;
        for (at, Numbered { number, text, marks }) in block.into_iter().enumerate() {
            write!(out, "{}<i>{number:width$}</i> ", if at == 0 { "" } else { "\n" })?;
            let mut from = 0;
            for Mark { span, is_own } in marks {
                let class = if is_own { "" } else { " class=\"also\"" };
                write!(out, "{}<mark{class}>{}</mark>", markup(&text[from..span.start]), markup(&text[span.clone()]))?;
                from = span.end;
            }
            write!(out, "{}", markup(&text[from..]))?;
        }
        writeln!(out, "</pre>")?;
    }
    Ok(())
}
