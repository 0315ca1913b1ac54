//! `ddmc schema`

use std::io::{self, Write};

use clap::Args;

use crate::config;

/// Print the JSON Schema of ddmc.toml
#[derive(Debug, Args)]
pub(super) struct Arguments {
    /// What the schema is of
    #[arg(value_name = "NAME", default_value = config::FILE_NAME, value_parser = [config::FILE_NAME])]
    name: String,
}

pub(super) fn run(_: &Arguments) -> io::Result<()> {
    let mut out = io::stdout().lock();
    serde_json::to_writer_pretty(&mut out, &config::schema())?;
    writeln!(out)
}
