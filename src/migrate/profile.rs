//! What settings of profiles become.

use serde_json::Value as Json;

use super::{Carried, Home, Migration, Outcome, Source};
use crate::document::Node;
use crate::keys::legacy::profile::{OURS, restrictions, software_update};
use crate::keys::{AnyKey, Key, Support, Value, Verdict, settings};
use crate::model::legacy::{Restrictions, SoftwareUpdate};
use crate::model::{Control, DeferralDays, LegacyType, Platform, Settings, Target};
use crate::read::{Legacy, Object, Part};
use crate::words::{list, speaks_of};

/// The platforms that have both the settings of profiles and those of declarations.
const PLATFORMS: [Platform; 3] = [Platform::Ios, Platform::MacOs, Platform::TvOs];

/// What a legacy key means in a declaration for a platform.
enum Meaning {
    /// This.
    Is(Change),
    /// Nothing, since it had no effect.
    Inactive(String),
    /// Nothing, since no declaration can say it.
    None(String),
}

/// A key of the settings, and its value.
struct Change {
    path: &'static [&'static str],
    value: Json,
    support: &'static Support,
    apply: Box<dyn Fn(&mut Settings)>,
    note: Option<String>,
}

fn is<T: Value>(key: &'static Key<Settings, T>, value: T) -> Meaning {
    let shown = value.to_json();
    let apply = Box::new(move |settings: &mut Settings| (key.field.set)(settings, value.clone()));
    Meaning::Is(Change { path: key.path, value: shown, support: &key.support, apply, note: None })
}

fn noted(meaning: Meaning, note: &str) -> Meaning {
    match meaning {
        Meaning::Is(change) => Meaning::Is(Change { note: Some(note.to_owned()), ..change }),
        other => other,
    }
}

fn none(why: &str) -> Meaning {
    Meaning::None(why.to_owned())
}

/// The platforms that a profile serves: those of the targets, or else those that its keys are for. A key that only Macs have says that the
/// profile is one for Macs.
pub(super) fn platforms(legacy: &Legacy<'_>, targets: &[Target]) -> Vec<Platform> {
    if !targets.is_empty() {
        return PLATFORMS
            .into_iter()
            .filter(|platform| targets.iter().any(|target| column(target.platform) == *platform))
            .collect();
    }
    let is_for_macs = |part: &Part<'_>| match part.owner {
        LegacyType::SoftwareUpdate => true,
        LegacyType::Restrictions => part
            .named()
            .iter()
            .any(|key| PLATFORMS.into_iter().filter(|platform| key.support().on(*platform).is_some()).eq([Platform::MacOs])),
        _ => false,
    };
    if legacy.parts.iter().any(is_for_macs) { vec![Platform::MacOs] } else { PLATFORMS.to_vec() }
}

/// What there is to say about the platforms that a profile was taken to serve.
pub(super) fn remark(legacy: &Legacy<'_>, targets: &[Target], platforms: &[Platform]) -> Option<String> {
    let serves_others = |part: &Part<'_>| {
        let others =
            |key: &&'static dyn AnyKey| key.support().retirement().is_some() && key.support().on(Platform::Ios).is_some();
        part.owner == LegacyType::Restrictions && part.named().iter().any(others)
    };
    let is_guess = targets.is_empty() && platforms == [Platform::MacOs] && legacy.parts.iter().any(serves_others);
    is_guess.then(|| "taken as a profile for Macs, as it has keys for Macs alone; --target names other devices".to_owned())
}

/// iOS and iPadOS are one platform here, as in Apple's schema.
pub(super) fn column(platform: Platform) -> Platform {
    if platform == Platform::IpadOs { Platform::Ios } else { platform }
}

impl Migration<'_> {
    pub(super) fn software_update(
        &mut self,
        source: &Source<'_>,
        part: &Part<'_>,
        object: &Object<SoftwareUpdate>,
        on: &[Platform],
    ) {
        let rows: Vec<&'static dyn AnyKey> = object.named();
        self.payload(source, part, &rows, on, |key, _| software_update(object, key));
    }

    pub(super) fn restrictions(&mut self, source: &Source<'_>, part: &Part<'_>, object: &Object<Restrictions>, on: &[Platform]) {
        let rows: Vec<&'static dyn AnyKey> = object.named();
        self.payload(source, part, &rows, on, |key, platform| restriction(object, key, platform));
    }

    /// Carries over the keys of a payload.
    fn payload(
        &mut self,
        source: &Source<'_>,
        part: &Part<'_>,
        rows: &[&'static dyn AnyKey],
        on: &[Platform],
        meaning: impl Fn(&'static dyn AnyKey, Platform) -> Result<Meaning, &'static str>,
    ) {
        let mut says: Vec<(Platform, Settings)> = on.iter().map(|platform| (*platform, Settings::default())).collect();
        let ignored = source.faults.of_payload(&part.pointer);
        for (name, node) in part.node.members() {
            let Some(name) = name.as_str() else { continue };
            let row = rows.iter().find(|row| row.name() == name);
            // What every payload has is no setting.
            if name.starts_with("Payload") || (row.is_none() && !is_ours(part, &name)) {
                continue;
            }
            let pointer = format!("{}/{name}", part.pointer);
            let mut except = Vec::new();
            let outcome = match (row, ignored) {
                (_, Some(why)) => Outcome::Inactive(format!("devices ignore the payload: {why}")),
                (None, _) => Outcome::Inactive(source.faults.why(&pointer)),
                (Some(row), _) => outcome(source, part, *row, &mut says, &mut except, &meaning),
            };
            // Of a key that Apple does not have nobody knows whether its value is a secret.
            let value = row.and_then(|_| shown(node)).filter(|value| !holds_secret(value));
            self.note(source, pointer, &name, value, outcome);
            if let Some(entry) = self.entries.last_mut() {
                entry.except = except;
            }
        }
        for (platform, settings) in says {
            if settings != Settings::default() {
                self.settings.entry(platform).or_default().push(settings);
            }
        }
    }
}

/// What becomes of one key on all platforms of its profile; `except` takes what differs on some, where it is carried over on others.
fn outcome(
    source: &Source<'_>,
    part: &Part<'_>,
    row: &'static dyn AnyKey,
    says: &mut [(Platform, Settings)],
    except: &mut Vec<String>,
    meaning: impl Fn(&'static dyn AnyKey, Platform) -> Result<Meaning, &'static str>,
) -> Outcome {
    let (mut carried, mut inactive, mut lost) = (Vec::new(), None, None);
    for (platform, settings) in says.iter_mut().filter(|(platform, _)| row.support().on(*platform).is_some()) {
        match meaning(row, *platform) {
            Err(key) => return Outcome::Failed(source.faults.why(&format!("{}/{key}", part.pointer))),
            Ok(Meaning::Inactive(why)) => {
                except.push(format!("had no effect on {platform}: {why}"));
                inactive = Some(why);
            }
            Ok(Meaning::None(why)) => {
                except.push(format!("has no equivalent on {platform}: {why}"));
                lost = Some(why);
            }
            Ok(Meaning::Is(change)) => {
                if let Some(why) = refusal(&change, *platform, &source.conditions.targets) {
                    except.push(format!("has no equivalent on {platform}: {why}"));
                    lost = Some(why);
                    continue;
                }
                (change.apply)(settings);
                let home = Home::Settings(*platform);
                carried.push(Carried { home, path: change.path, value: change.value, note: change.note });
            }
        }
    }
    if !carried.is_empty() {
        return Outcome::Carried(carried);
    }
    except.clear();
    match (lost, inactive) {
        (Some(why), _) => Outcome::NoEquivalent(why),
        (None, Some(why)) => Outcome::Inactive(why),
        (None, None) if says.is_empty() => {
            Outcome::NoEquivalent("no declaration has such settings for the named devices".to_owned())
        }
        (None, None) => {
            let names: Vec<&str> = says.iter().map(|(platform, _)| platform.name()).collect();
            Outcome::Inactive(format!("it does not exist on {}", list(&names, "or")))
        }
    }
}

/// Why no device of a platform takes a key, if none does.
fn refusal(change: &Change, platform: Platform, targets: &[Target]) -> Option<String> {
    let key = change.path.join(".");
    let Some(since) = change.support.on(platform) else { return Some(format!("{key} does not exist on {platform}")) };
    let targets: Vec<&Target> = targets.iter().filter(|target| column(target.platform) == platform).collect();
    let takes = targets.iter().any(|target| change.support.verdict(target) == Verdict::Available);
    if targets.is_empty() || takes {
        return None;
    }
    let is_late = targets.iter().any(|target| matches!(change.support.verdict(target), Verdict::Later(_)));
    Some(if is_late { format!("{key} needs {} {}", platform.name(), since.version) } else { format!("{key} needs supervision") })
}

/// Whether an address holds a password.
fn holds_secret(value: &Json) -> bool {
    value.as_str().is_some_and(|text| text.contains('@'))
}

/// Whether an unknown key of a payload is worth a word: in the restrictions most have nothing to do with updates.
fn is_ours(part: &Part<'_>, name: &str) -> bool {
    part.owner == LegacyType::SoftwareUpdate || speaks_of(name, OURS)
}

/// A value as the report shows it, if it is a simple one.
pub(super) fn shown(node: Node<'_>) -> Option<Json> {
    serde_json::from_str(node.text()).ok().filter(|value: &Json| !value.is_object() && !value.is_array())
}

fn control(is_on: bool) -> Control {
    if is_on { Control::AlwaysOn } else { Control::AlwaysOff }
}

/// What a key of `com.apple.SoftwareUpdate` means; or else the key whose value could not be read.
fn software_update(object: &Object<SoftwareUpdate>, key: &'static dyn AnyKey) -> Result<Meaning, &'static str> {
    use software_update as legacy;
    let value = |key: &'static Key<SoftwareUpdate, bool>| object.get(key).copied().ok_or(key.path[0]);
    let is_key = |other: &'static Key<SoftwareUpdate, bool>| key.path() == other.path;
    Ok(if is_key(&legacy::AUTOMATIC_DOWNLOAD) {
        is(&settings::DOWNLOAD, control(value(&legacy::AUTOMATIC_DOWNLOAD)?))
    } else if is_key(&legacy::AUTOMATICALLY_INSTALL_MAC_OS_UPDATES) {
        is(&settings::INSTALL_OS_UPDATES, control(value(&legacy::AUTOMATICALLY_INSTALL_MAC_OS_UPDATES)?))
    } else if is_key(&legacy::CRITICAL_UPDATE_INSTALL) {
        is(&settings::INSTALL_SECURITY_UPDATE, control(value(&legacy::CRITICAL_UPDATE_INSTALL)?))
    } else if is_key(&legacy::CONFIG_DATA_INSTALL) {
        let data = value(&legacy::CONFIG_DATA_INSTALL)?;
        if value(&legacy::CRITICAL_UPDATE_INSTALL) == Ok(data) {
            noted(is(&settings::INSTALL_SECURITY_UPDATE, control(data)), "together with CriticalUpdateInstall")
        } else {
            none("declarations have no key for configuration data alone; InstallSecurityUpdate covers security updates too")
        }
    } else if is_key(&legacy::REQUIRE_ADMIN_TO_INSTALL) {
        let inverted = !value(&legacy::REQUIRE_ADMIN_TO_INSTALL)?;
        noted(is(&settings::ALLOW_STANDARD_USER_OS_UPDATES, inverted), "the meaning is inverted")
    } else if is_key(&legacy::ALLOW_PRE_RELEASE_INSTALLATION) {
        if value(&legacy::ALLOW_PRE_RELEASE_INSTALLATION)? {
            Meaning::Inactive("devices allow beta releases anyway".to_owned())
        } else {
            is(&settings::PROGRAM_ENROLLMENT, Control::AlwaysOff)
        }
    } else if is_key(&legacy::AUTOMATIC_CHECK_ENABLED) {
        none("devices that are managed by declarations always look for updates")
    } else if is_key(&legacy::AUTOMATICALLY_INSTALL_APP_UPDATES) {
        none("it is about apps, and not about the system")
    } else {
        Meaning::None("Macs have ignored other catalogues since macOS 11".to_owned())
    })
}

/// What a key of `com.apple.applicationaccess` means on a platform; or else the key whose value could not be read.
fn restriction(object: &Object<Restrictions>, key: &'static dyn AnyKey, platform: Platform) -> Result<Meaning, &'static str> {
    use restrictions as legacy;
    let is_mac = platform == Platform::MacOs;
    let days = |key: &'static Key<Restrictions, DeferralDays>| object.get(key).copied().ok_or(key.path[0]);
    let is_on = |key: &'static Key<Restrictions, bool>| object.get(key).copied().ok_or(key.path[0]);
    // The switches of the delays: what each holds back, for how long, and where that is said.
    let minor = if is_mac && object.has(&legacy::MINOR_OS_DEFERRED_INSTALL_DELAY) {
        &legacy::MINOR_OS_DEFERRED_INSTALL_DELAY
    } else {
        &legacy::ENFORCED_SOFTWARE_UPDATE_DELAY
    };
    let minor_home = if is_mac { &settings::MINOR_PERIOD } else { &settings::COMBINED_PERIOD };
    let switches = [
        (&legacy::FORCE_DELAYED_SOFTWARE_UPDATES, minor, minor_home),
        (&legacy::FORCE_DELAYED_MAJOR_SOFTWARE_UPDATES, &legacy::MAJOR_OS_DEFERRED_INSTALL_DELAY, &settings::MAJOR_PERIOD),
        (&legacy::FORCE_DELAYED_APP_SOFTWARE_UPDATES, &legacy::NON_OS_DEFERRED_INSTALL_DELAY, &settings::SYSTEM_PERIOD),
    ];
    for (switch, delay, home) in switches {
        if key.path() == switch.path {
            if !is_on(switch)? {
                return Ok(Meaning::Inactive("it holds nothing back".to_owned()));
            }
            let meaning = is(home, if object.has(delay) { days(delay)? } else { DeferralDays::DEFAULT });
            return Ok(if object.has(delay) { meaning } else { noted(meaning, "30 days, as no delay is given") });
        }
        if key.path() == delay.path {
            let days = days(delay)?;
            return Ok(match object.get(switch) {
                Some(true) => is(home, days),
                _ if object.is_unknown(switch) => return Err(switch.path[0]),
                Some(false) => Meaning::Inactive(format!("{} is false", switch.name())),
                None => Meaning::Inactive(format!("{} is not there", switch.name())),
            });
        }
    }
    Ok(if key.path() == legacy::ENFORCED_SOFTWARE_UPDATE_DELAY.path {
        Meaning::Inactive(format!("{} counts on Macs", legacy::MINOR_OS_DEFERRED_INSTALL_DELAY.name()))
    } else if key.path() == legacy::ALLOW_RAPID_SECURITY_RESPONSE_INSTALLATION.path {
        is(&settings::ENABLE, is_on(&legacy::ALLOW_RAPID_SECURITY_RESPONSE_INSTALLATION)?)
    } else if key.path() == legacy::ALLOW_RAPID_SECURITY_RESPONSE_REMOVAL.path {
        is(&settings::ENABLE_ROLLBACK, is_on(&legacy::ALLOW_RAPID_SECURITY_RESPONSE_REMOVAL)?)
    } else {
        // Of the delays for Macs: no other platform has them.
        none("it does not exist on this platform")
    })
}
