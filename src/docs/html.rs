//! A page as HTML.

use std::io;

use super::matrix::{Key, Matrix};
use super::page::{Block, Page};
use super::timeline::Timeline;
use crate::html::{self, Filter};
use crate::words::{markup, markup_lines};

/// The least number of rows of tables that need a filter.
const LEAST_ROWS: usize = 8;

/// The least number of sections that need a list of them.
const LEAST_SECTIONS: usize = 4;

/// What a value of a [facet](Page::facets) is marked as.
const MARKS: [(&str, &str); 3] = [("error", "error"), ("warning", "warning"), ("note", "note")];

/// Writes a page whose texts are not Markdown.
pub(super) fn write(page: &Page, command: &str, out: &mut dyn io::Write) -> io::Result<()> {
    html::begin(command, &page.title, out)?;
    let start = page.blocks.iter().position(|block| matches!(block, Block::Section(_))).unwrap_or(page.blocks.len());
    let (introduction, rest) = page.blocks.split_at(start);
    let mut writer = Writer { page, sections: 0, caption: &page.title, lanes: 0, out };
    introduction.iter().try_for_each(|block| writer.block(block))?;
    contents(rest, writer.out)?;
    if !page.facets.is_empty() || rows(&page.blocks) >= LEAST_ROWS {
        let facets: Vec<Filter<'_>> = page.facets.iter().map(|name| Filter::Select(name)).collect();
        html::filters("entries", &facets, writer.out)?;
    }
    rest.iter().try_for_each(|block| writer.block(block))?;
    if writer.sections > 0 {
        writeln!(out, "</section>")?;
    }
    html::end("", out)
}

fn rows(blocks: &[Block]) -> usize {
    let rows = blocks.iter().map(|block| match block {
        Block::Table(_, rows) => rows.len(),
        Block::Matrix(matrix) => matrix.keys.len(),
        _ => 0,
    });
    rows.sum()
}

/// The most characters of a word in a table that are not broken.
const LONGEST_WORD: usize = 32;

/// Escapes a text, and lets names break after their dots and slashes, and long words anywhere.
fn breaking(text: &str) -> String {
    let mut broken = String::with_capacity(text.len());
    let (mut start, mut length, mut previous) = (0, 0, ' ');
    for (at, character) in text.char_indices() {
        let is_name = matches!(previous, '.' | '/') && character.is_ascii_alphabetic();
        if is_name || (length >= LONGEST_WORD && character != ' ') {
            broken += &markup(&text[start..at]);
            broken += "<wbr>";
            (start, length) = (at, 0);
        }
        length = if character == ' ' { 0 } else { length + 1 };
        previous = character;
    }
    broken + &markup(&text[start..])
}

/// Writes the list of the sections, if there are several.
fn contents(blocks: &[Block], out: &mut dyn io::Write) -> io::Result<()> {
    let titles = blocks.iter().filter_map(|block| if let Block::Section(title) = block { Some(title) } else { None });
    if titles.clone().count() < LEAST_SECTIONS {
        return Ok(());
    }
    write!(out, "<nav class=\"contents\" aria-label=\"Sections\"><ul>")?;
    for (at, title) in titles.enumerate() {
        write!(out, "<li><a href=\"#section-{}\">{}</a></li>", at + 1, breaking(title))?;
    }
    writeln!(out, "</ul></nav>")
}

struct Writer<'p, 'o> {
    page: &'p Page,
    /// The number of sections so far.
    sections: usize,
    /// The title of the section, which is also the caption of its tables.
    caption: &'p str,
    /// The number of lanes of timelines so far.
    lanes: usize,
    out: &'o mut dyn io::Write,
}

impl<'p> Writer<'p, '_> {
    fn block(&mut self, block: &'p Block) -> io::Result<()> {
        match block {
            Block::Section(title) => {
                if self.sections > 0 {
                    writeln!(self.out, "</section>")?;
                }
                self.sections += 1;
                self.caption = title;
                let id = format!("section-{}", self.sections);
                writeln!(self.out, "<section>\n<h2 id=\"{id}\">{}</h2>", breaking(title))
            }
            Block::Text(text) => writeln!(self.out, "<p>{}</p>", markup(text.trim())),
            Block::Facts(facts) => {
                write!(self.out, "<dl class=\"facts\">")?;
                for (label, value) in facts {
                    write!(self.out, "<dt>{label}</dt><dd>{}</dd>", breaking(value))?;
                }
                writeln!(self.out, "</dl>")
            }
            Block::Code(_, code) => writeln!(self.out, "<pre>{}</pre>", markup_lines(code.trim_end())),
            Block::Table(head, rows) => self.table(head, rows),
            Block::List(items) => {
                writeln!(self.out, "<ul class=\"plain\">")?;
                for item in items {
                    writeln!(self.out, "<li>{}</li>", markup(item))?;
                }
                writeln!(self.out, "</ul>")
            }
            Block::Timeline(timeline) => self.timeline(timeline),
            Block::Matrix(matrix) => self.matrix(matrix),
        }
    }

    /// Begins a table, up to its rows.
    fn begin_table(&mut self, head: &[String]) -> io::Result<()> {
        let caption = markup(self.caption);
        write!(
            self.out,
            "<div class=\"table\" role=\"group\" aria-label=\"Table: {caption}\" tabindex=\"0\"><table data-group>"
        )?;
        write!(self.out, "<caption class=\"unseen\">{caption}</caption>\n<thead><tr>")?;
        for name in head {
            match &**name {
                "" => write!(self.out, "<th scope=\"col\" class=\"narrow\"><span class=\"unseen\">number</span></th>")?,
                name => write!(self.out, "<th scope=\"col\">{}</th>", breaking(name))?,
            }
        }
        writeln!(self.out, "</tr></thead>\n<tbody>")
    }

    fn table(&mut self, head: &[String], rows: &[Vec<String>]) -> io::Result<()> {
        self.begin_table(head)?;
        let facets: Vec<Option<usize>> = head.iter().map(|name| self.facet(name)).collect();
        for row in rows {
            write!(self.out, "<tr data-item")?;
            for (value, facet) in row.iter().zip(&facets).filter_map(|(value, facet)| Some((value, (*facet)?))) {
                write!(self.out, " data-f{facet}=\"{}\"", markup(value))?;
            }
            write!(self.out, ">")?;
            for (at, value) in row.iter().enumerate() {
                let (tag, scope) = if at == 0 { ("th", " scope=\"row\"") } else { ("td", "") };
                let mark = facets.get(at).copied().flatten().and_then(|_| MARKS.iter().find(|(name, _)| name == value));
                let text = breaking(value);
                match mark {
                    Some((_, class)) => write!(self.out, "<{tag}{scope}><span class=\"tag {class}\">{text}</span></{tag}>")?,
                    None => write!(self.out, "<{tag}{scope}>{text}</{tag}>")?,
                }
            }
            writeln!(self.out, "</tr>")?;
        }
        writeln!(self.out, "</tbody></table></div>")
    }

    /// The number of a facet.
    fn facet(&self, name: &str) -> Option<usize> {
        self.page.facets.iter().position(|facet| *facet == name)
    }

    fn timeline(&mut self, timeline: &Timeline) -> io::Result<()> {
        if timeline.is_empty() {
            return writeln!(self.out, "<p>none</p>");
        }
        let facet = self.facet("device");
        writeln!(self.out, "<div class=\"table\" role=\"group\" aria-label=\"Timeline\" tabindex=\"0\" data-group>")?;
        for lane in &timeline.lanes {
            self.lanes += 1;
            let name = markup(&lane.name);
            let value = facet.map(|facet| format!(" data-f{facet}=\"{name}\"")).unwrap_or_default();
            writeln!(self.out, "<div class=\"lane\" data-item{value}>\n<h3>{name}</h3>")?;
            if lane.events.is_empty() {
                writeln!(self.out, "<p class=\"quiet\">none</p>")?;
            } else {
                timeline.draw(lane, self.lanes, self.out)?;
            }
            writeln!(self.out, "</div>")?;
        }
        writeln!(self.out, "</div>")?;
        let (head, rows) = timeline.table();
        self.table(&head, &rows)
    }

    fn matrix(&mut self, matrix: &Matrix) -> io::Result<()> {
        self.begin_table(&matrix.head())?;
        for Key { name, value, rule, votes } in &matrix.keys {
            write!(
                self.out,
                "<tr data-item><th scope=\"row\">{}</th><td>{}</td><td class=\"quiet\">{}</td>",
                breaking(name),
                breaking(value),
                breaking(rule)
            )?;
            for vote in votes {
                match vote {
                    Some(vote) if vote.decides => {
                        write!(
                            self.out,
                            "<td><b>{}</b> <span class=\"tag good\">{}</span></td>",
                            breaking(&vote.value),
                            vote.verdict()
                        )?;
                    }
                    Some(vote) => {
                        write!(
                            self.out,
                            "<td><s>{}</s> <span class=\"quiet\">{}</span></td>",
                            breaking(&vote.value),
                            vote.verdict()
                        )?;
                    }
                    None => write!(self.out, "<td></td>")?,
                }
            }
            writeln!(self.out, "</tr>")?;
        }
        writeln!(self.out, "</tbody></table></div>")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const HOSTILE: &str = "</style><script>alert(1)</script>\" onload='x' &amp; \u{202e}";

    fn html(page: &Page) -> String {
        let mut out = Vec::new();
        page.write_html("plan", &mut out).expect("memory can be written to");
        String::from_utf8(out).expect("pages are UTF-8")
    }

    #[test]
    fn every_value_is_text() {
        let name = || HOSTILE.to_owned();
        let mut page = Page::new(HOSTILE).filtered_by(&["severity"]);
        page.push(Block::Section(name())).push(Block::Text(name())).push(Block::Facts(vec![("fact", name())]));
        page.push(Block::Code("text", name())).push(Block::List(vec![name()]));
        page.push(Block::Table(vec!["severity".to_owned(), name()], vec![vec![name(), name()]]));
        let html = html(&page);
        let (style, script) = (html.matches("<style>").count(), html.matches("<script").count());
        assert_eq!((style, script, html.matches("</style").count(), html.matches("</script").count()), (1, 1, 1, 1), "{html}");
        assert!(!html.contains("\" onload") && !html.contains('\u{202e}'), "{html}");
        // Two titles, a section, a text, a fact, code, an item, two captions, a head, a facet and two cells.
        assert_eq!(html.matches("&quot; onload=&apos;x&apos; &amp;amp; \\u{202e}").count(), 13, "{html}");
    }

    #[test]
    fn names_break_after_dots_and_long_words_anywhere() {
        assert_eq!(breaking("a.b/c 26.1 <"), "a.<wbr>b/<wbr>c 26.1 &lt;");
        assert_eq!(breaking("macOS=26.0,unsupervised"), "macOS=26.0,unsupervised");
        let (word, long) = ("&".repeat(LONGEST_WORD), "&amp;".repeat(LONGEST_WORD));
        assert_eq!(breaking(&format!("{word} {word}{word}a")), format!("{long} {long}<wbr>{long}<wbr>a"));
    }
}
