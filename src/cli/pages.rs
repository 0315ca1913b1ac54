//! How the commands whose result is a page print it.

use std::io::{self, BufWriter, Write};

use clap::ValueEnum;

use super::Status;
use super::terminal::width;
use crate::docs::Page;

/// The format of a page.
#[derive(Debug, Clone, Copy, ValueEnum)]
pub(super) enum PageFormat {
    Human,
    Json,
    Markdown,
    Html,
}

impl PageFormat {
    /// Prints the page of a command, made for a number of columns, or its JSON.
    pub(super) fn print(
        self,
        command: &str,
        page: impl FnOnce(usize) -> Page,
        json: impl FnOnce(&mut dyn Write) -> io::Result<()>,
    ) -> Status {
        let mut out = BufWriter::new(io::stdout().lock());
        super::finish(self.write(command, page, json, &mut out).and_then(|()| out.flush()))
    }

    /// Writes the page of a command, made for a number of columns, or its JSON.
    pub(super) fn write(
        self,
        command: &str,
        page: impl FnOnce(usize) -> Page,
        json: impl FnOnce(&mut dyn Write) -> io::Result<()>,
        out: &mut dyn Write,
    ) -> io::Result<()> {
        match self {
            Self::Human => {
                let width = width().clamp(60, 100);
                out.write_all(page(width).to_text(width).as_bytes())
            }
            Self::Json => json(out),
            Self::Markdown => out.write_all(page(80).escaped().to_markdown().as_bytes()),
            Self::Html => page(100).write_html(command, out),
        }
    }
}
