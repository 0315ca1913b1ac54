//! The diagnostics for a version and a build that stand in one another's place.

use super::super::validator::Site;
use super::invalid_os_version;
use crate::apple::enforcement::{TARGET_BUILD_VERSION, TARGET_OS_VERSION};
use crate::apple::{BuildVersion, Format, Formatted, OsVersion, key_name};
use crate::diagnostic::{Draft, Proposal, Remedy, Spot};
use crate::syntax::{Node, Path};
use crate::words::shown;

/// What is wrong with a version or a build.
pub(in crate::validate) enum Mixed {
    /// This diagnostic says it.
    Said(Box<Draft>),
    /// The diagnostic for the version says it.
    Elsewhere,
}

/// Judges an invalid version or build of an enforcement together with the other one.
pub(in crate::validate) fn judge(site: Site<'_, '_>, format: Format, text: &str) -> Option<Mixed> {
    let Path::Key(parent, key) = site.path else { return None };
    let (version_key, build_key) = (key_name(TARGET_OS_VERSION), key_name(TARGET_BUILD_VERSION));
    if site.is_hidden() || ![version_key, build_key].contains(key) {
        return None;
    }
    let object = parent.find(site.root()?)?;
    let other = |key: &str| object.member(key).and_then(Node::as_str);
    match format {
        Format::BuildVersion if is_version(text) => {
            other(version_key).is_some_and(|version| is_build(&version)).then_some(Mixed::Elsewhere)
        }
        Format::OsVersion if is_build(text) => {
            let version = other(build_key).filter(|version| is_version(version))?;
            let build = object.member(build_key)?;
            let draft = invalid_os_version::RULE
                .at(site.spot(), format!("{version_key} is a build and {build_key} is a version: they are swapped"))
                .related("this is the version", Spot::at(Path::Key(parent, build_key).pointer(), build.span()));
            Some(said(draft, &version, Some(text)))
        }
        Format::OsVersion => {
            let (version, build) = text.split_once(['(', ' ']).map(|(version, build)| (version.trim(), bare(build)))?;
            if !is_version(version) || !is_build(build) {
                return None;
            }
            let message = format!("{version_key} is \"{}\", but a version does not contain the build", shown(text));
            let missing = object.member(build_key).is_none().then_some(build);
            Some(said(invalid_os_version::RULE.at(site.spot(), message), version, missing))
        }
        _ => None,
    }
}

/// Completes a diagnostic with what to write. The author decides: the version may be right and the build old.
fn said(draft: Draft, version: &str, build: Option<&str>) -> Mixed {
    let (version_key, build_key) = (key_name(TARGET_OS_VERSION), key_name(TARGET_BUILD_VERSION));
    let pairs: Vec<(&str, &str)> = [(version_key, version)].into_iter().chain(build.map(|build| (build_key, build))).collect();
    let written: Vec<String> = pairs.iter().map(|(key, value)| format!("\"{key}\": \"{value}\"")).collect();
    let members = pairs.into_iter().map(|(key, value)| (key.to_owned(), format!("\"{value}\""))).collect();
    let write = format!("write {}", written.join(" and "));
    Mixed::Said(Box::new(draft.help(write.clone()).fix(Proposal::unsafe_(Remedy::SetMembers(members), write))))
}

fn is_version(text: &str) -> bool {
    OsVersion::check(text).is_ok()
}

fn is_build(text: &str) -> bool {
    BuildVersion::check(text).is_ok()
}

/// A build without parentheses and white space around it.
fn bare(text: &str) -> &str {
    text.trim_matches(|c: char| c.is_whitespace() || matches!(c, '(' | ')'))
}
