//! Migrates commands.

use super::profile::simple;
use super::{Carried, Home, Migration, Outcome, Source};
use crate::apple::{BuildVersion, LocalDateTime, OsVersion, Platform};
use crate::apple::{ENFORCEMENT, SCHEDULE_OS_UPDATE_SCAN, Value, enforcement, is_improvement, update};
use crate::catalog::Catalog;
use crate::rules::impossible_release::{Impossible, Installers};
use crate::syntax::{Node, escaped};
use crate::validate::{Object, Part};
use crate::words::MASK;

/// Why a Background Security Improvement is not carried over.
const IMPROVEMENT: &str = "the command does not install Background Security Improvements";

impl Migration<'_> {
    /// Turns an update of a command into an enforcement.
    pub(super) fn update<'d>(&mut self, source: &Source<'_, 'd>, part: &Part<'d>) {
        let object = source.reading.part(part);
        let notation = object.notation();
        let order = self.order(source, part, object).and_then(|version| {
            let deadline = self.options.deadline.ok_or_else(|| failed("an enforcement needs a deadline: pass --deadline"))?;
            Ok((version, deadline))
        });
        if let Ok((version, deadline)) = &order {
            self.enforcements.insert(version.clone(), *deadline);
        }
        let number = part.pointer.rsplit('/').next().unwrap_or_default();
        for (name, node) in part.node.members() {
            let Some(written) = name.as_str() else { continue };
            let key = source.reading.schema.keys(part.rows).find(|(_, key)| notation.key(&key.name) == written);
            let key = key.map(|(_, key)| &*key.name);
            let outcome = match &order {
                Ok((version, deadline)) => became(key, object, version, *deadline),
                Err(outcome) => outcome.clone(),
            };
            let value = simple(node, source.reading.schema).filter(|_| key.is_some());
            let shown = if source.secrets.hides_key(&written) { MASK } else { &written };
            let shown = format!("{}[{number}].{shown}", notation.key("Updates"));
            self.note(source, format!("{}/{}", part.pointer, escaped(&written)), &shown, value, outcome);
        }
    }

    /// Records a query command, which has no equivalent.
    pub(super) fn query(&mut self, source: &Source<'_, '_>, part: &Part<'_>) {
        let name = &*source.reading.schema.kind(part.kind).name;
        let why = if name == SCHEDULE_OS_UPDATE_SCAN {
            "devices scan for updates on their own"
        } else {
            "devices report the state of updates in the status items softwareupdate.install-state and softwareupdate.pending-version"
        };
        let key = source.reading.notation.key("RequestType");
        let value = Some(Value::string(name.to_owned()));
        self.note(source, format!("{}/{key}", part.pointer), &key, value, Outcome::NoEquivalent(why.to_owned()));
    }

    /// Returns the version to enforce, or the outcome of an update that cannot be enforced.
    fn order(&self, source: &Source<'_, '_>, part: &Part<'_>, update: Object<'_, '_>) -> Result<OsVersion, Outcome> {
        let version = self.named(source, part, update)?;
        let support = self.schema.support_of(ENFORCEMENT);
        let installers = Installers { what: "enforcements", support, targets: &source.conditions.targets };
        match installers.refuse(&version, false) {
            Some(Impossible { message, help }) => Err(Outcome::Failed(format!("{message}; {help}"))),
            None => Ok(version),
        }
    }

    /// Returns the version that an update names, or the outcome of an update that does not install one.
    fn named(&self, source: &Source<'_, '_>, part: &Part<'_>, update: Object<'_, '_>) -> Result<OsVersion, Outcome> {
        let unread =
            |key: &str| Outcome::Failed(source.findings.why(&format!("{}/{}", part.pointer, update.notation().key(key))));
        match update.text(update::INSTALL_ACTION).as_deref() {
            Some(action @ ("DownloadOnly" | "NotifyOnly")) => {
                return Err(Outcome::NoEquivalent(format!("{action} does not install, but an enforcement always does")));
            }
            Some(_) => {}
            None if update.is_unknown(update::INSTALL_ACTION) => return Err(unread("InstallAction")),
            None => return Err(failed("InstallAction is missing, so the command does not say what to do")),
        }
        let improvement = || Outcome::NoEquivalent(IMPROVEMENT.to_owned());
        if update.has(update::PRODUCT_VERSION) {
            let written = update.find(update::PRODUCT_VERSION).and_then(Node::as_str);
            if written.is_some_and(|written| source.conditions.placeholders.are_in(&written)) {
                return Err(failed("ProductVersion contains a placeholder, so the version is unknown"));
            }
            let version = update.text(update::PRODUCT_VERSION).ok_or_else(|| unread("ProductVersion"))?;
            if is_improvement(&version) {
                return Err(improvement());
            }
            return version.parse::<OsVersion>().map_err(|invalid| {
                Outcome::Failed(format!("ProductVersion is not a valid version: {}", invalid.without_value()))
            });
        }
        match (update.text(update::PRODUCT_KEY), self.options.catalog.as_deref()) {
            (None, _) => Err(failed("ProductKey and ProductVersion are both missing")),
            (Some(key), _) if is_improvement(&key) => Err(improvement()),
            (Some(_), None) => Err(failed("a ProductKey does not name a version: pass the releases with --catalog")),
            (Some(key), Some(catalog)) => {
                resolve(catalog, &key).ok_or_else(|| failed("the catalogue has no release for this ProductKey"))
            }
        }
    }
}

fn failed(why: &str) -> Outcome {
    Outcome::Failed(why.to_owned())
}

/// Returns the outcome of a key of an update that is enforced. `key` is `None` if Apple documents no such key.
fn became(key: Option<&str>, update: Object<'_, '_>, version: &OsVersion, deadline: LocalDateTime) -> Outcome {
    let none = |why: &str| Outcome::NoEquivalent(why.to_owned());
    let carried = |path, value: Value, note: Option<&str>| {
        let home = Home::Enforcement(version.clone());
        Outcome::Carried(vec![Carried { home, path, value, note: note.map(str::to_owned) }])
    };
    let release = |note| carried(enforcement::TARGET_OS_VERSION, Value::string(version.to_string()), note);
    match key {
        Some("ProductVersion") => release(None),
        Some("ProductKey") if update.has(update::PRODUCT_VERSION) => none("the enforcement uses ProductVersion"),
        Some("ProductKey") => release(Some("found in the catalogue")),
        Some("InstallAction") => {
            let effect = match update.text(update::INSTALL_ACTION).as_deref() {
                Some("InstallForceRestart") => "the device notifies the user before the forced restart",
                Some("InstallLater") => "the user can choose the time until then",
                _ => "the user can install it earlier",
            };
            carried(enforcement::TARGET_LOCAL_DATE_TIME, Value::string(deadline.to_string()), Some(effect))
        }
        Some("MaxUserDeferrals") => none("the user can postpone the update any number of times until the deadline"),
        Some("Priority") => none("the device chooses the priority of the download"),
        _ => none("Apple documents no such key"),
    }
}

/// Looks up the version of a product key by the build in it: `iOSUpdate17A576`, `MSU_UPDATE_23B74_patch_14.1`.
fn resolve(catalog: &Catalog, key: &str) -> Option<OsVersion> {
    let has_build = |build: &BuildVersion| {
        let is_part = key.split(['_', '-', ' ']).any(|part| part == build.as_str());
        is_part || key.strip_prefix("iOSUpdate").is_some_and(|part| part == build.as_str())
    };
    let mut found = Platform::ALL
        .into_iter()
        .flat_map(|platform| catalog.on(platform))
        .filter(|release| !release.is_supplemental && release.build.as_ref().is_some_and(has_build))
        .map(|release| release.version.clone());
    let version = found.next()?;
    found.all(|other| other == version).then_some(version)
}
