//! A page as blocks, rendered for a terminal, as Markdown or as HTML.

use std::fmt::{self, Write};
use std::io;

use super::matrix::Matrix;
use super::timeline::Timeline;
use crate::words;

/// A page of the documentation. All texts are the program's own, except names in a schema that is read at run time and in
/// a plan. No line begins with one of these.
#[derive(Debug)]
pub(crate) struct Page {
    pub(crate) title: String,
    pub(crate) blocks: Vec<Block>,
    /// The heads of the columns by whose values HTML can be filtered.
    pub(crate) facets: &'static [&'static str],
}

#[derive(Debug)]
pub(crate) enum Block {
    Section(String),
    Text(String),
    /// Labels and values.
    Facts(Vec<(&'static str, String)>),
    /// A language and a document in it.
    Code(&'static str, String),
    Table(Vec<String>, Vec<Vec<String>>),
    List(Vec<String>),
    Timeline(Timeline),
    Matrix(Matrix),
}

impl Block {
    pub(crate) fn table(head: &[&str], rows: Vec<Vec<String>>) -> Self {
        Self::Table(head.iter().map(|name| (*name).to_owned()).collect(), rows)
    }

    /// The block with texts that are no Markdown, for Markdown.
    fn escaped(self) -> Self {
        let all = |texts: Vec<String>| texts.iter().map(|text| words::markdown(text)).collect();
        match self {
            Self::Section(title) => Self::Section(words::markdown(&title)),
            Self::Text(text) => Self::Text(words::markdown(text.trim())),
            Self::Facts(facts) => Self::Facts(facts.into_iter().map(|(label, value)| (label, words::markdown(&value))).collect()),
            Self::Code(language, code) => Self::Code(language, code),
            Self::Table(head, rows) => Self::Table(all(head), rows.into_iter().map(all).collect()),
            Self::List(items) => Self::List(all(items)),
            Self::Timeline(timeline) => timeline.plain().escaped(),
            Self::Matrix(matrix) => matrix.plain().escaped(),
        }
    }
}

impl Block {
    /// Appends the block for a terminal with this many columns.
    fn push_text(&self, text: &mut String, width: usize) {
        match self {
            Self::Section(title) => {
                text.push_str(title);
                text.push('\n');
            }
            Self::Text(words) => wrap(text, words, width, "", ""),
            Self::Facts(facts) => {
                let column = facts.iter().map(|(label, _)| label.len()).max().unwrap_or_default() + 2;
                for (label, value) in facts {
                    wrap(text, value, width, &format!("{label:column$}"), &" ".repeat(column));
                }
            }
            Self::Code(_, code) => code.trim_end().lines().for_each(|line| push_line(text, &format!("    {line}"))),
            Self::Table(head, rows) => table(text, head, rows, width),
            Self::List(items) => items.iter().for_each(|item| wrap(text, item, width, "  - ", "    ")),
            Self::Timeline(timeline) => timeline.plain().push_text(text, width),
            Self::Matrix(matrix) => matrix.plain().push_text(text, width),
        }
    }

    /// Appends the block as Markdown.
    fn push_markdown(&self, text: &mut String) -> fmt::Result {
        match self {
            Self::Section(title) => writeln!(text, "## {title}"),
            Self::Text(words) => writeln!(text, "{words}"),
            Self::Facts(facts) => facts.iter().try_for_each(|(label, value)| writeln!(text, "- **{label}**: {value}")),
            Self::Code(language, code) => writeln!(text, "```{language}\n{}\n```", code.trim_end()),
            Self::Table(head, rows) => {
                writeln!(text, "| {} |\n|{}", head.join(" | "), " --- |".repeat(head.len()))?;
                rows.iter().try_for_each(|row| writeln!(text, "| {} |", row.join(" | ")))
            }
            Self::List(items) => items.iter().try_for_each(|item| writeln!(text, "- {item}")),
            Self::Timeline(timeline) => timeline.plain().push_markdown(text),
            Self::Matrix(matrix) => matrix.plain().push_markdown(text),
        }
    }
}

impl Page {
    /// The page with texts that are no Markdown, for Markdown.
    #[must_use]
    pub(crate) fn escaped(self) -> Self {
        let (title, blocks) = (words::markdown(&self.title), self.blocks.into_iter().map(Block::escaped).collect());
        Self { title, blocks, ..self }
    }

    pub(crate) fn new(title: impl Into<String>) -> Self {
        Self { title: title.into(), blocks: Vec::new(), facets: &[] }
    }

    /// Lets HTML be filtered by the values of columns with these heads.
    #[must_use]
    pub(crate) fn filtered_by(self, facets: &'static [&'static str]) -> Self {
        Self { facets, ..self }
    }

    pub(crate) fn push(&mut self, block: Block) -> &mut Self {
        self.blocks.push(block);
        self
    }

    /// Renders the page for a terminal with this many columns.
    pub(crate) fn to_text(&self, width: usize) -> String {
        let mut text = format!("{}\n", self.title);
        for block in &self.blocks {
            text.push('\n');
            block.push_text(&mut text, width);
        }
        words::visible_lines(&text)
    }

    /// Writes the page, with texts that are no Markdown, as the HTML of a command: one file that requests nothing.
    pub(crate) fn write_html(&self, command: &str, out: &mut dyn io::Write) -> io::Result<()> {
        super::html::write(self, command, out)
    }

    /// Renders the page as Markdown.
    pub(crate) fn to_markdown(&self) -> String {
        let mut text = format!("# {}\n", self.title);
        for block in &self.blocks {
            text.push('\n');
            // Writing to a string cannot fail.
            let _ = block.push_markdown(&mut text);
        }
        words::without_commands(&text).into_owned()
    }
}

fn push_line(text: &mut String, line: &str) {
    text.push_str(line.trim_end());
    text.push('\n');
}

/// Appends words wrapped at a width, with `first` before the first line and `others` before the others.
fn wrap(text: &mut String, words: &str, width: usize, first: &str, others: &str) {
    if words.is_empty() {
        return push_line(text, first);
    }
    for line in words::wrap(&plain(words), width, first, others) {
        push_line(text, &line);
    }
}

/// Removes the backticks and the links of Markdown, which a terminal does not need.
fn plain(words: &str) -> String {
    let mut text = words.replace('`', "");
    while let Some(middle) = text.find("](") {
        let (Some(start), Some(length)) = (text[..middle].rfind('['), text[middle..].find(')')) else { break };
        text.replace_range(middle..=middle + length, "");
        text.remove(start);
    }
    text
}

/// Appends a table whose last column takes the remaining width. If little of it remains, each cell of a row but the
/// first is on lines of its own.
fn table(text: &mut String, head: &[String], rows: &[Vec<String>], width: usize) {
    let cells = |at: usize| rows.iter().filter_map(move |row| Some(plain(row.get(at)?).chars().count()));
    let columns: Vec<usize> =
        head.iter().enumerate().map(|(at, name)| cells(at).chain([name.chars().count()]).max().unwrap_or_default()).collect();
    let before_last: usize = columns.iter().take(columns.len().saturating_sub(1)).map(|column| column + 2).sum();
    // A column of 24 characters is still readable.
    if before_last + columns.last().map_or(0, |last| *last.min(&24)) > width {
        for row in rows {
            for (at, cell) in row.iter().enumerate().filter(|(_, cell)| !cell.is_empty()) {
                let (first, others) = if at == 0 { ("  ", "  ") } else { ("    - ", "      ") };
                wrap(text, cell, width, first, others);
            }
        }
        return;
    }
    let mut line = |row: &[String]| {
        let Some((last, most)) = row.split_last() else { return };
        let mut before = "  ".to_owned();
        for (cell, column) in most.iter().zip(&columns) {
            let _ = write!(before, "{:column$}  ", plain(cell));
        }
        wrap(text, last, width, &before, &" ".repeat(before.chars().count()));
    };
    line(head);
    for row in rows {
        line(row);
    }
}
