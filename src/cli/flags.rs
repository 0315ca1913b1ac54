//! Flags that several commands share.

use std::path::PathBuf;

use clap::{Args, ValueEnum};

use crate::apple::LocalDateTime;
use crate::config::Flags;
use crate::set::Activations;

/// How the inputs are read.
#[derive(Debug, Clone, Default, Args)]
pub(super) struct InputFlags {
    /// The name of standard input in findings; its extension tells the format
    #[arg(long, value_name = "NAME")]
    pub(super) stdin_filename: Option<String>,

    /// The number of threads [default: one per processor]
    #[arg(short, long, value_name = "N", value_parser = clap::value_parser!(u16).range(1..=1024))]
    pub(super) jobs: Option<u16>,
}

/// What enforcements are judged by.
#[derive(Debug, Clone, Default, Args)]
pub(super) struct ReleaseFlags {
    /// The local time of devices by which deadlines are judged, and at which plans start [default: now]
    #[arg(long, value_name = "YYYY-MM-DDTHH:MM:SS", value_parser = super::parse_time)]
    pub(super) as_of: Option<LocalDateTime>,

    #[command(flatten)]
    pub(super) catalog: CatalogFlags,
}

impl From<ReleaseFlags> for Flags {
    fn from(ReleaseFlags { as_of, catalog }: ReleaseFlags) -> Self {
        Self { as_of, catalog: catalog.catalog, ..Self::default() }
    }
}

/// The flag for Apple's catalogue.
#[derive(Debug, Clone, Default, Args)]
pub(super) struct CatalogFlags {
    /// A file with the releases that Apple offers (GDMF or SOFA)
    #[arg(long, value_name = "FILE")]
    pub(super) catalog: Option<PathBuf>,
}

/// The flag for sets without all their activations.
#[derive(Debug, Clone, Default, Args)]
pub(super) struct ActivationFlags {
    /// Who activates the configurations that no activation references: nothing, or the MDM server (Fleet, Jamf, SimpleMDM,
    /// Zentral) [default: declared]
    #[arg(long, value_name = "WHO")]
    activations: Option<Who>,
}

impl ActivationFlags {
    pub(super) fn get(&self) -> Option<Activations> {
        self.activations.map(|who| match who {
            Who::Declared => Activations::Declared,
            Who::Server => Activations::Server,
        })
    }
}

#[derive(Debug, Clone, Copy, ValueEnum)]
enum Who {
    Declared,
    Server,
}
