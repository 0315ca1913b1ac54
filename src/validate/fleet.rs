//! Fleet's GitOps files: the updates that they enforce, and the files of the declarations that they name.

use super::Validator;
use super::rules::invalid_fleet_update::{self as rule, Fault};
use crate::apple::Format;
use crate::syntax::{Kind, Node, Path, Syntax};

/// The key of the settings of a team.
const CONTROLS: &str = "controls";

/// The keys of the updates of a platform, under `controls`.
const UPDATES: [&str; 3] = ["macos_updates", "ios_updates", "ipados_updates"];

/// The keys of the lists of profiles and declarations, under `controls`.
const PROFILES: [[&str; 2]; 2] = [["apple_settings", "configuration_profiles"], ["macos_settings", "custom_settings"]];

/// The version that stands for the newest release; then `deadline_days` says when.
const LATEST: &str = "latest";

/// The settings of a team in a file for Fleet's GitOps.
pub(crate) struct Fleet<'d>(Node<'d>);

/// The path of a file that Fleet sends to devices.
pub(crate) struct FleetPath<'d> {
    pub(crate) node: Node<'d>,
    pub(crate) pointer: String,
    /// Whether it is a pattern for paths.
    pub(crate) is_pattern: bool,
    /// Whether all devices of the team get the file, not only those with some label.
    pub(crate) is_for_all: bool,
}

impl<'d> Fleet<'d> {
    /// Whether a text has the keys of such a file.
    pub(crate) fn may_be_in(bytes: &[u8]) -> bool {
        let holds = |key: &str| memchr::memmem::find(bytes, key.as_bytes()).is_some();
        holds(CONTROLS) && UPDATES.into_iter().chain(PROFILES.map(|[group, _]| group)).any(holds)
    }

    /// The settings in a document, if it is such a file.
    pub(crate) fn find(root: Node<'d>) -> Option<Self> {
        let controls = root.member(CONTROLS).filter(|_| root.syntax() == Syntax::Yaml)?;
        // They may stand in another file, which is not read.
        let mut keys = UPDATES.into_iter().chain(PROFILES.map(|[group, _]| group)).chain(["path"]);
        keys.any(|key| controls.member(key).is_some()).then_some(Self(controls))
    }

    /// Reports what is wrong with the updates.
    pub(crate) fn judge(&self, validator: &mut Validator<'d>) {
        validator.root = Some(self.0);
        validator.notation.syntax = Syntax::Yaml;
        let controls = &Path::Key(&Path::Root, CONTROLS);
        for key in UPDATES {
            let Some(updates) = self.0.member(key).filter(|updates| !updates.is_null()) else { continue };
            let path = &Path::Key(controls, key);
            if updates.kind() != Kind::Object {
                validator.diagnostics.push(rule::diagnostic(validator.site(updates, path), Fault::NotAMapping));
                continue;
            }
            let value = |key: &str| {
                updates.member(key).filter(|node| !node.is_null() && node.as_str().is_none_or(|text| !text.is_empty()))
            };
            let (version, deadline, days) = (value("minimum_version"), value("deadline"), value("deadline_days"));
            let is_latest = version.is_some_and(|version| version.is_str(LATEST));
            let missing = match (version, deadline.or(days)) {
                (Some(_), None) => Some("deadline"),
                (None, Some(_)) => Some("minimum_version"),
                _ => None,
            };
            if let Some(missing) = missing.filter(|_| updates.is_complete()) {
                validator.diagnostics.push(rule::diagnostic(validator.site(updates, path), Fault::Missing(missing)));
            }
            for (key, node, is_right) in [
                ("minimum_version", version.filter(|_| !is_latest), is_version as fn(&str) -> bool),
                ("deadline", deadline, is_date),
            ] {
                let Some(node) = node else { continue };
                let is_template = |text: &str| validator.templates.are_in(text);
                if node.as_str().is_some_and(|text| is_right(&text) || is_template(&text)) || !node.is_complete() {
                    continue;
                }
                let fault = if key == "deadline" { Fault::Date } else { Fault::Version };
                validator.diagnostics.push(rule::diagnostic(validator.site(node, &Path::Key(path, key)), fault));
            }
        }
    }

    /// The paths of the profiles and declarations, and of their activations.
    pub(crate) fn paths(&self) -> Vec<FleetPath<'d>> {
        let mut paths = Vec::new();
        for [group, list] in PROFILES {
            let items = self.0.member(group).and_then(|group| group.member(list));
            for (at, item) in items.iter().flat_map(|items| items.elements()).enumerate() {
                let has_label = item.members().any(|(key, _)| key.as_str().is_some_and(|key| key.starts_with("labels_")));
                for key in ["path", "paths", "activation"] {
                    let Some(node) = item.member(key).filter(|node| node.kind() == Kind::String) else { continue };
                    let pointer = format!("/{CONTROLS}/{group}/{list}/{at}/{key}");
                    paths.push(FleetPath { node, pointer, is_pattern: key == "paths", is_for_all: !has_label });
                }
            }
        }
        paths
    }
}

fn is_version(text: &str) -> bool {
    Format::OsVersion.check(text).is_ok()
}

/// Whether this is a date such as `2026-03-20`.
fn is_date(text: &str) -> bool {
    text.len() == "2026-03-20".len() && Format::LocalDateTime.check(&format!("{text}T12:00:00")).is_ok()
}
