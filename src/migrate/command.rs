//! What commands become.

use super::profile::simple;
use super::{Carried, Home, Migration, Outcome, Source};
use crate::apple::{BuildVersion, LocalDateTime, OsVersion, Platform};
use crate::apple::{SCHEDULE_OS_UPDATE_SCAN, Value, enforcement, update};
use crate::catalog::Catalog;
use crate::rules::ineffective_key::is_improvement;
use crate::validate::{Object, Part};

/// Why an update of this kind is not carried over.
const IMPROVEMENT: &str = "the command does not install Background Security Improvements";

impl Migration<'_> {
    /// An update becomes an enforcement.
    pub(super) fn update<'d>(&mut self, source: &Source<'_, 'd>, part: &Part<'d>) {
        let object = source.reading.part(part);
        let notation = object.notation();
        let order = self.order(source, part, object).and_then(|version| {
            let deadline = self.options.deadline.ok_or_else(|| failed("an enforcement needs a --deadline"))?;
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
            let shown = format!("{}[{number}].{written}", notation.key("Updates"));
            self.note(source, format!("{}/{written}", part.pointer), &shown, value, outcome);
        }
    }

    /// A command that asks something has nothing to become.
    pub(super) fn query(&mut self, source: &Source<'_, '_>, part: &Part<'_>) {
        let name = &*source.reading.schema.kind(part.kind).name;
        let why = if name == SCHEDULE_OS_UPDATE_SCAN {
            "devices look for updates by themselves"
        } else {
            "devices report the state of updates in the status items softwareupdate.install-state and softwareupdate.pending-version"
        };
        let key = source.reading.notation.key("RequestType");
        let value = Some(Value::string(name.to_owned()));
        self.note(source, format!("{}/{key}", part.pointer), &key, value, Outcome::NoEquivalent(why.to_owned()));
    }

    /// The version that an update asks for, or what becomes of the update instead.
    fn order(&self, source: &Source<'_, '_>, part: &Part<'_>, update: Object<'_, '_>) -> Result<OsVersion, Outcome> {
        let unread = |key: &str| Outcome::Failed(source.faults.why(&format!("{}/{}", part.pointer, update.notation().key(key))));
        match update.text(update::INSTALL_ACTION).as_deref() {
            Some(action @ ("DownloadOnly" | "NotifyOnly")) => {
                return Err(Outcome::NoEquivalent(format!("{action} installs nothing, and an enforcement always does")));
            }
            Some(_) => {}
            None if update.is_unknown(update::INSTALL_ACTION) => return Err(unread("InstallAction")),
            None => return Err(failed("InstallAction is missing, so the command does not say what to do")),
        }
        let improvement = || Outcome::NoEquivalent(IMPROVEMENT.to_owned());
        if update.has(update::PRODUCT_VERSION) {
            let version = update.text(update::PRODUCT_VERSION).ok_or_else(|| unread("ProductVersion"))?;
            if source.conditions.placeholders.are_in(&version) {
                return Err(failed("a template fills in the version later"));
            }
            if is_improvement(&version) {
                return Err(improvement());
            }
            return version.parse::<OsVersion>().map_err(|invalid| {
                Outcome::Failed(format!("ProductVersion is not a version of a release: {}", invalid.without_value()))
            });
        }
        match (update.text(update::PRODUCT_KEY), self.options.catalog.as_deref()) {
            (None, _) => Err(failed("there is neither ProductKey nor ProductVersion")),
            (Some(key), _) if is_improvement(&key) => Err(improvement()),
            (Some(_), None) => Err(failed("a ProductKey alone names no version; give the releases with --catalog")),
            (Some(key), Some(catalog)) => {
                resolve(catalog, &key).ok_or_else(|| failed("the catalogue has no release for this ProductKey"))
            }
        }
    }
}

fn failed(why: &str) -> Outcome {
    Outcome::Failed(why.to_owned())
}

/// What became of a key of an update that is enforced; `None` is a key that Apple does not have.
fn became(key: Option<&str>, update: Object<'_, '_>, version: &OsVersion, deadline: LocalDateTime) -> Outcome {
    let none = |why: &str| Outcome::NoEquivalent(why.to_owned());
    let taken_over = |path, value: Value, note: Option<&str>| {
        let home = Home::Enforcement(version.clone());
        Outcome::Carried(vec![Carried { home, path, value, note: note.map(str::to_owned) }])
    };
    let release = |note| taken_over(enforcement::TARGET_OS_VERSION, Value::string(version.to_string()), note);
    match key {
        Some("ProductVersion") => release(None),
        Some("ProductKey") if update.has(update::PRODUCT_VERSION) => none("the version alone decides"),
        Some("ProductKey") => release(Some("found in the catalogue")),
        Some("InstallAction") => {
            let effect = match update.text(update::INSTALL_ACTION).as_deref() {
                Some("InstallForceRestart") => "the user is told before the device restarts by force",
                Some("InstallLater") => "until then the user may choose the time",
                _ => "the user may install it earlier",
            };
            taken_over(enforcement::TARGET_LOCAL_DATE_TIME, Value::string(deadline.to_string()), Some(effect))
        }
        Some("MaxUserDeferrals") => none("the user may postpone until the deadline, as often as they like"),
        Some("Priority") => none("the device decides how it downloads"),
        _ => none("Apple has no such key"),
    }
}

/// The version of a product key that names its build: `iOSUpdate17A576`, `MSU_UPDATE_23B74_patch_14.1`.
fn resolve(catalog: &Catalog, key: &str) -> Option<OsVersion> {
    let names = |build: &BuildVersion| {
        let is_part = key.split(['_', '-', ' ']).any(|part| part == build.as_str());
        is_part || key.strip_prefix("iOSUpdate").is_some_and(|part| part == build.as_str())
    };
    let mut found = Platform::ALL
        .into_iter()
        .flat_map(|platform| catalog.on(platform))
        .filter(|release| !release.is_supplemental && release.build.as_ref().is_some_and(names))
        .map(|release| release.version.clone());
    let version = found.next()?;
    found.all(|other| other == version).then_some(version)
}
