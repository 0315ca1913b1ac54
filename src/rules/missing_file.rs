//! `missing-file`

use crate::diagnostic::{Diagnostic, Example, Place, Rule, Severity};
use crate::words::visible;

pub(crate) static RULE: Rule = Rule::new(
    "missing-file",
    Severity::Error,
    "a file for Fleet's GitOps names a file that does not exist",
    "Fleet refuses the whole file. Paths are relative to the folder of the file that names them. What is outside the \
     repository is not looked at.",
    &[
        Example::new(
            "controls:
  apple_settings:
    configuration_profiles:
      - path: ../lib/macos/passcode.json
      - paths: ./*.yaml
",
        )
        .in_yaml()
        .finds(&[("/controls/apple_settings/configuration_profiles/0/path", Severity::Error)]),
        Example::new(
            "controls:
  apple_settings:
    configuration_profiles:
      - path: ./example.yaml
",
        )
        .in_yaml(),
    ],
);

/// Why a path does not lead to a file.
#[derive(Clone, Copy)]
pub(crate) enum Missing {
    File,
    Folder,
    /// It leads out of the repository.
    Outside,
}

pub(crate) fn diagnostic(place: Place, path: &str, missing: Missing) -> Diagnostic {
    let path = visible(&path[..path.floor_char_boundary(60)]);
    let (message, help) = match missing {
        Missing::File => (format!("there is no file {path}"), "correct the path, which is relative to the folder of this file"),
        Missing::Folder => {
            (format!("there is no folder for {path}"), "correct the pattern, which is relative to the folder of this file")
        }
        Missing::Outside => (format!("the path {path} leads out of the repository"), "name a file of this repository"),
    };
    RULE.at(place, message).help(help)
}
