//! What commands become.

use super::profile::shown;
use super::{Carried, Home, Migration, Outcome, Source};
use crate::catalog::Catalog;
use crate::keys::enforcement;
use crate::keys::legacy::command::update;
use crate::model::legacy::{InstallAction, ScheduledUpdate};
use crate::model::{BuildVersion, Enforcement, LegacyType, OsVersion, Platform};
use crate::read::{Object, Part};
use crate::rules::ineffective_key::is_improvement;

/// Why an update of this kind is not carried over.
const IMPROVEMENT: &str = "the command does not install Background Security Improvements";

/// What an update of a command asks for, in the words of declarations.
enum Order {
    Enforce(OsVersion),
    /// No declaration can say it.
    No(String),
    /// It should be said and cannot be.
    Failed(String),
}

impl Migration<'_> {
    /// An update becomes an enforcement.
    pub(super) fn update(&mut self, source: &Source<'_>, part: &Part<'_>, update: &Object<ScheduledUpdate>) {
        let order = self.order(source, part, update);
        let deadline = self.options.deadline;
        let home = match (&order, deadline) {
            (Order::Enforce(version), Some(deadline)) => {
                let home = Home::Enforcement(version.clone(), None);
                let enforcement = Enforcement {
                    target_os_version: version.clone(),
                    target_local_date_time: deadline,
                    target_build_version: None,
                    details_url: None,
                };
                self.enforcements.entry(home.clone()).or_insert(enforcement);
                Some(home)
            }
            _ => None,
        };
        for (name, node) in part.node.members() {
            let Some(written) = name.as_str() else { continue };
            let outcome = match (&order, &home) {
                (Order::No(why), _) => Outcome::NoEquivalent(why.clone()),
                (Order::Failed(why), _) => Outcome::Failed(why.clone()),
                (Order::Enforce(_), None) => Outcome::Failed("an enforcement needs a --deadline".to_owned()),
                (Order::Enforce(version), Some(home)) => {
                    let key = [update::PRODUCT_KEY.path, update::PRODUCT_VERSION.path, update::INSTALL_ACTION.path]
                        .into_iter()
                        .flatten()
                        .find(|key| part.dialect.is(name, key));
                    carried(key.copied(), update, version, home, deadline.map(|deadline| deadline.to_string()))
                        .unwrap_or_else(|| lost(&part.dialect.like_apple(&written)))
                }
            };
            let number = part.pointer.rsplit('/').next().unwrap_or_default();
            let key = format!("{}[{number}].{written}", part.dialect.write("Updates"));
            let is_known = [&update::PRODUCT_KEY.path, &update::PRODUCT_VERSION.path, &update::INSTALL_ACTION.path]
                .into_iter()
                .chain([&update::MAX_USER_DEFERRALS.path, &update::PRIORITY.path])
                .any(|path| part.dialect.is(name, path[0]));
            let value = shown(node).filter(|_| is_known);
            self.note(source, format!("{}/{written}", part.pointer), &key, value, outcome);
        }
    }

    /// A command that asks something has nothing to become.
    pub(super) fn query(&mut self, source: &Source<'_>, part: &Part<'_>) {
        let why = if part.owner == LegacyType::ScheduleOsUpdateScan {
            "devices look for updates by themselves"
        } else {
            "devices report the state of updates in the status items softwareupdate.install-state and softwareupdate.pending-version"
        };
        let value = Some(part.owner.as_str().into());
        let (key, _) = part.member("RequestType").unwrap_or_else(|| ("RequestType".to_owned(), part.node));
        self.note(source, format!("{}/{key}", part.pointer), &key, value, Outcome::NoEquivalent(why.to_owned()));
    }

    /// What an update asks for.
    fn order(&self, source: &Source<'_>, part: &Part<'_>, update: &Object<ScheduledUpdate>) -> Order {
        let why = |key: &str| source.faults.why(&format!("{}/{}", part.pointer, part.dialect.write(key)));
        let action = match update.get(&update::INSTALL_ACTION) {
            Some(action) => *action,
            None if update.is_unknown(&update::INSTALL_ACTION) => {
                return Order::Failed(why("InstallAction"));
            }
            None => return Order::Failed("InstallAction is missing, so nobody knows what was meant".to_owned()),
        };
        match action {
            InstallAction::DownloadOnly => {
                return Order::No("DownloadOnly installs nothing, and an enforcement always does".to_owned());
            }
            InstallAction::NotifyOnly => {
                return Order::No("NotifyOnly installs nothing, and an enforcement always does".to_owned());
            }
            InstallAction::Default
            | InstallAction::InstallASAP
            | InstallAction::InstallLater
            | InstallAction::InstallForceRestart => {}
        }
        let key = update.get(&update::PRODUCT_KEY);
        if update.has(&update::PRODUCT_VERSION) {
            let Some(version) = update.get(&update::PRODUCT_VERSION) else {
                return Order::Failed(why("ProductVersion"));
            };
            if source.conditions.placeholders.are_in(version) {
                return Order::Failed("a template fills in the version later".to_owned());
            }
            if is_improvement(version) {
                return Order::No(IMPROVEMENT.to_owned());
            }
            return match version.parse::<OsVersion>() {
                Ok(version) => Order::Enforce(version),
                Err(unfit) => Order::Failed(format!("ProductVersion is no version of a release: {}", unfit.without_value())),
            };
        }
        match (key, self.options.catalog.as_deref()) {
            (None, _) => Order::Failed("there is neither ProductKey nor ProductVersion".to_owned()),
            (Some(key), _) if is_improvement(key) => Order::No(IMPROVEMENT.to_owned()),
            (Some(_), None) => Order::Failed("a ProductKey alone names no version; give the releases with --catalog".to_owned()),
            (Some(key), Some(catalog)) => match resolve(catalog, key) {
                Some(version) => Order::Enforce(version),
                None => Order::Failed("the catalogue has no release for this ProductKey".to_owned()),
            },
        }
    }
}

/// Where a key of an update went, if it went anywhere.
fn carried(
    key: Option<&'static str>,
    update: &Object<ScheduledUpdate>,
    version: &OsVersion,
    home: &Home,
    deadline: Option<String>,
) -> Option<Outcome> {
    let release = |note: Option<&str>| Carried {
        home: home.clone(),
        path: enforcement::TARGET_OS_VERSION.path,
        value: version.to_string().into(),
        note: note.map(str::to_owned),
    };
    let carried = match key? {
        "ProductVersion" => release(None),
        "ProductKey" if update.has(&update::PRODUCT_VERSION) => {
            return Some(Outcome::NoEquivalent("the version alone decides".to_owned()));
        }
        "ProductKey" => release(Some("found in the catalogue")),
        _ => Carried {
            home: home.clone(),
            path: enforcement::TARGET_LOCAL_DATE_TIME.path,
            value: deadline.unwrap_or_default().into(),
            note: Some(
                match update.get(&update::INSTALL_ACTION)? {
                    InstallAction::InstallForceRestart => "the user is told before the device restarts by force",
                    InstallAction::InstallLater => "until then the user may choose the time",
                    _ => "the user may install it earlier",
                }
                .to_owned(),
            ),
        },
    };
    Some(Outcome::Carried(vec![carried]))
}

/// Why a key of an update has no equivalent.
fn lost(key: &str) -> Outcome {
    Outcome::NoEquivalent(
        match key {
            "MaxUserDeferrals" => "the user may postpone until the deadline, as often as they like",
            "Priority" => "the device decides how it downloads",
            _ => "Apple has no such key",
        }
        .to_owned(),
    )
}

/// The version of a product key that names its build: `iOSUpdate17A576`, `MSU_UPDATE_23B74_patch_14.1`.
fn resolve(catalog: &Catalog, key: &str) -> Option<OsVersion> {
    let names = |build: &BuildVersion| {
        let rest = key.split(['_', '-', ' ']).any(|part| part == build.as_str());
        rest || key.strip_prefix("iOSUpdate").is_some_and(|part| part == build.as_str())
    };
    let mut found = Platform::ALL
        .into_iter()
        .flat_map(|platform| catalog.on(platform))
        .filter(|release| !release.is_supplemental && release.build.as_ref().is_some_and(names))
        .map(|release| release.version.clone());
    let version = found.next()?;
    found.all(|other| other == version).then_some(version)
}
