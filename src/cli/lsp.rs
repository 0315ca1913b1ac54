//! `ddmc lsp`

use std::io;
use std::path::Path;
use std::process::ExitCode;

use clap::Args;

use super::configure::{self, ConfigError};
use super::{catalogue, policies};
use crate::config::EffectiveConfig;
use crate::lsp::{self, Broken};

/// Run the language server for editors, on standard input and output
#[derive(Debug, Args)]
#[command(after_help = "Editors start it and stop it. docs/editors.md describes their settings:
https://github.com/ddmc/ddmc/blob/main/docs/editors.md")]
pub(super) struct Arguments {
    /// Use standard input and output; there is no other way, but some editors say so
    #[arg(long, hide = true)]
    stdio: bool,
}

/// Runs until the editor leaves. It should ask to shut down before.
pub(super) fn run(_: &Arguments) -> ExitCode {
    match lsp::run(load, io::stdin(), io::stdout().lock()) {
        Ok(true) => ExitCode::SUCCESS,
        Ok(false) | Err(_) => ExitCode::FAILURE,
    }
}

/// Loads the configuration of a folder, with everything that it names.
fn load(folder: &Path, text: Option<&[u8]>) -> Result<EffectiveConfig, Broken> {
    let effective = configure::of_folder(folder, text).and_then(policies::load);
    let effective = effective.and_then(|effective| catalogue::load(effective, true).map_err(ConfigError::Unreadable));
    effective.map_err(|error| match error {
        ConfigError::Unreadable(reason) => Broken { findings: Vec::new(), reason: Some(reason) },
        ConfigError::Invalid { findings, .. } => Broken { findings, reason: None },
    })
}
