//! The language server: what `check`, `explain` and `--fix` know, while a document is written.
//!
//! It reads messages from one stream and writes to another. It reads files of the folders of the client only, and knows
//! neither arguments nor the environment.

mod across;
mod actions;
mod client;
mod complete;
mod diagnostics;
mod document;
mod edit;
mod hover;
mod linter;
mod navigate;
mod notifications;
mod published;
mod pull;
mod requests;
mod server;
mod state;
mod symbols;
mod text;
mod token;
mod toml;
mod tree;
mod uri;
mod wire;
mod worker;
mod workspace;

pub(crate) use server::run;
pub(crate) use workspace::Broken;
