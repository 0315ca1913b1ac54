//! Migrates the settings of profiles.

use super::{Carried, Home, Migration, Outcome, Source};
use crate::apple::{
    ABOUT_UPDATES, Becomes, CADENCES, DEFERRALS, Deferral, Family, KeyPath, RESTRICTIONS_PROFILE, SETTINGS,
    SOFTWARE_UPDATE_PROFILE, SUCCESSORS, Schema, Support, Value, ValueType, Verdict, key_name, setting, settings,
    software_update,
};
use crate::apple::{Platform, Target};
use crate::syntax::{Kind, Node, escaped};
use crate::validate::{Object, Part, Reading};
use crate::words::{list, speaks_of};

/// The platforms that support update settings both in profiles and in declarations.
const PLATFORMS: [Platform; 3] = [Platform::Ios, Platform::MacOs, Platform::TvOs];

/// How a declaration differs from managed preferences that users can change.
const ONCE: &str = "Set-Once lets users change the value; a declaration does not";

/// The deferral in days of a profile that sets no delay.
const DEFAULT_DAYS: i64 = 30;

/// What a key of a profile means in a declaration for a platform.
enum Meaning {
    Is(Vec<Change>),
    /// The key had no effect.
    Inactive(String),
    /// Declarations have no equivalent.
    None(String),
    /// Declarations have an equivalent, but no target device supports it.
    Unsupported(String),
}

/// A settings key and its value.
struct Change {
    path: KeyPath,
    value: Value,
    /// How the behaviour differs, if it does.
    note: Option<&'static str>,
}

fn is(path: KeyPath, value: Value) -> Meaning {
    Meaning::Is(vec![Change { path, value, note: None }])
}

fn noted(path: KeyPath, value: Value, note: &'static str) -> Meaning {
    Meaning::Is(vec![Change { path, value, note: Some(note) }])
}

fn control(is_on: bool) -> Value {
    Value::string(if is_on { "AlwaysOn" } else { "AlwaysOff" })
}

/// Returns what a key means on a platform.
///
/// # Errors
/// Returns the key whose value could not be read.
fn meaning(
    becomes: &Becomes,
    platform: Platform,
    key: KeyPath,
    object: Object<'_, '_>,
    reading: &Reading<'_>,
) -> Result<Meaning, KeyPath> {
    let boolean = |key| object.boolean(key).ok_or(key);
    Ok(match becomes {
        Becomes::Control(path) => is(path, control(boolean(key)?)),
        Becomes::Same(path) => is(path, Value::Boolean(boolean(key)?)),
        Becomes::Opposite(path) => noted(path, Value::Boolean(!boolean(key)?), "the meaning is inverted"),
        Becomes::Off(_, why) if boolean(key)? => Meaning::Inactive((*why).to_owned()),
        Becomes::Off(path, _) => is(path, control(false)),
        Becomes::ConfigData => {
            let data = boolean(key)?;
            if object.boolean(software_update::CRITICAL_UPDATE_INSTALL) == Some(data) {
                noted(settings::INSTALL_SECURITY_UPDATE, control(data), "combined with CriticalUpdateInstall")
            } else {
                Meaning::None(
                    "declarations have no key for configuration data alone; InstallSecurityUpdate covers security updates too"
                        .to_owned(),
                )
            }
        }
        Becomes::Period { .. } => return period(platform, key, object, reading),
        Becomes::Cadence => {
            let number = object.integer(key).ok_or(key)?;
            let cadence = usize::try_from(number).ok().and_then(|number| CADENCES.get(number)).ok_or(key)?;
            is(settings::RECOMMENDED_CADENCE, Value::string(*cadence))
        }
        Becomes::Nothing(why) => Meaning::None((*why).to_owned()),
    })
}

/// The deferrals on a platform, with the paths of their periods in a declaration.
fn deferrals(platform: Platform) -> impl Iterator<Item = (&'static Deferral, KeyPath)> {
    DEFERRALS.iter().filter_map(move |deferral| {
        let (_, becomes) = SUCCESSORS.iter().find(|(key, _)| *key == deferral.switch)?;
        let Becomes::Period { mac, other, .. } = becomes else { return None };
        Some((deferral, if platform == Platform::MacOs { *mac } else { (*other)? }))
    })
}

/// Returns what a switch or a delay means on a platform. One delay may serve two switches.
///
/// # Errors
/// Returns the key whose value could not be read.
fn period(platform: Platform, key: KeyPath, object: Object<'_, '_>, reading: &Reading<'_>) -> Result<Meaning, KeyPath> {
    let exists = |key: &KeyPath| reading.schema.support_at(RESTRICTIONS_PROFILE, key).on(platform).is_some();
    let (mut changes, mut others, mut reasons) = (Vec::new(), Vec::new(), Vec::new());
    for (Deferral { switch, delays }, path) in deferrals(platform) {
        let is_switch = key == *switch;
        if !is_switch && !delays.contains(&key) {
            continue;
        }
        if !is_switch {
            object.integer(key).ok_or(key)?;
        }
        let delay = delays.iter().copied().filter(exists).find(|delay| reading.deferral(object, delay).has(delay));
        let payload = reading.deferral(object, switch);
        match payload.boolean(switch) {
            Some(true) => match delay {
                Some(delay) if is_switch || delay == key => {
                    let days = reading.deferral(object, delay).integer(delay).ok_or(delay)?;
                    changes.push(Change { path, value: Value::Integer(days), note: None });
                }
                Some(delay) => others.push(key_name(delay)),
                None => {
                    let note = Some("30 days, the default delay");
                    changes.push(Change { path, value: Value::Integer(DEFAULT_DAYS), note });
                }
            },
            Some(false) if is_switch => reasons.push("the deferral is switched off".to_owned()),
            Some(false) => reasons.push(format!("{} is false", key_name(switch))),
            None if payload.is_unknown(switch) => return Err(switch),
            None => reasons.push(format!("{} is missing", key_name(switch))),
        }
    }
    if !changes.is_empty() {
        return Ok(Meaning::Is(changes));
    }
    let used = (!others.is_empty()).then(|| format!("{platform} uses {} instead", list(&others, "and")));
    let reasons: Vec<&str> = used.iter().chain(&reasons).map(String::as_str).collect();
    Ok(Meaning::Inactive(list(&reasons, "and")))
}

/// The support of each key in the payloads of a profile.
fn supports<'d>(source: &Source<'_, 'd>) -> Vec<&'d Support> {
    let schema = source.reading.schema;
    let payloads = source.legacy.parts.iter().filter(|part| schema.kind(part.kind).family == Family::ProfilePayload);
    let settings = payloads.flat_map(|part| source.reading.part(part).settings());
    settings.map(|setting| schema.support(setting.key.support)).collect()
}

/// The platforms to migrate a profile for: those of the targets. Without targets, macOS if any key exists only there,
/// else all platforms.
pub(super) fn platforms(source: &Source<'_, '_>) -> Vec<Platform> {
    let targets = &source.conditions.targets;
    if !targets.is_empty() {
        let is_target = |platform: &Platform| targets.iter().any(|target| column(target.platform) == *platform);
        return PLATFORMS.into_iter().filter(is_target).collect();
    }
    let is_for_macs =
        |support: &Support| PLATFORMS.into_iter().filter(|platform| support.on(*platform).is_some()).eq([Platform::MacOs]);
    if supports(source).into_iter().any(is_for_macs) { vec![Platform::MacOs] } else { PLATFORMS.to_vec() }
}

/// Returns a remark if the platform of a profile is a guess.
pub(super) fn remark(source: &Source<'_, '_>, platforms: &[Platform]) -> Option<String> {
    let is_for_others = |support: &Support| support.retirement().is_some() && support.on(Platform::Ios).is_some();
    let is_guess = source.conditions.targets.is_empty() && platforms == [Platform::MacOs];
    (is_guess && supports(source).into_iter().any(is_for_others)).then(|| {
        "migrated for macOS only, because it has keys that only macOS supports; use --target for other devices".to_owned()
    })
}

/// Maps iPadOS to iOS, which are one platform in Apple's schema.
pub(crate) fn column(platform: Platform) -> Platform {
    if platform == Platform::IpadOs { Platform::Ios } else { platform }
}

impl Migration<'_> {
    /// Migrates the keys of a payload.
    pub(super) fn payload<'d>(&mut self, source: &Source<'_, 'd>, part: &Part<'d>, on: &[Platform]) {
        let schema = source.reading.schema;
        let mut settings: Vec<(Platform, Value)> = on.iter().map(|platform| (*platform, Value::EMPTY)).collect();
        let ignored = source.findings.of_payload(part);
        // Most restrictions do not concern updates.
        let is_about_updates =
            |name: &str| schema.kind(part.kind).name == SOFTWARE_UPDATE_PROFILE || speaks_of(name, ABOUT_UPDATES);
        let notation = source.reading.notation;
        let is_command = schema.kind(part.kind).family.is_command();
        for (name, node) in part.node.members() {
            let Some(written) = name.as_str() else { continue };
            let name = notation.like_apple(&written);
            let key = schema.find_key(part.rows, &name).map(|id| schema.key(id));
            // The keys that every payload or item has are not settings.
            let is_frame = if is_command { *name == *key_name(setting::ITEM) } else { name.starts_with("Payload") };
            if is_frame || (key.is_none() && !is_about_updates(&name)) {
                continue;
            }
            let pointer = format!("{}/{}", part.pointer, escaped(&written));
            let mut except = Vec::new();
            let outcome = match (key, ignored) {
                (_, Some(why)) => Outcome::Inactive(format!("devices ignore the payload: {why}")),
                _ if part.is_once && source.forced.contains(&(part.kind, written.to_string())) => {
                    Outcome::Inactive("Forced sets the key too, and users cannot change that value".to_owned())
                }
                (None, _) => Outcome::Inactive(source.findings.why(&pointer)),
                (Some(key), _) => outcome(source, part, &name, schema.support(key.support), &mut settings, &mut except),
            };
            // The value of an unknown key may be a secret.
            let value = simple(node, schema).filter(|value| key.is_some() && !holds_secret(value));
            self.note(source, pointer, &written, value, outcome);
            if let Some(entry) = self.entries.last_mut() {
                entry.except = except;
            }
        }
        for (platform, payload) in settings {
            if payload != Value::EMPTY {
                self.settings.entry(platform).or_default().push(payload);
            }
        }
    }
}

/// Migrates one key on all platforms of its profile. If some carry it over, `except` gets the reasons for the others.
fn outcome<'d>(
    source: &Source<'_, 'd>,
    part: &Part<'d>,
    name: &str,
    support: &Support,
    settings: &mut [(Platform, Value)],
    except: &mut Vec<String>,
) -> Outcome {
    let Some((key, becomes)) = SUCCESSORS.iter().find(|(key, _)| key_name(key) == name) else {
        return Outcome::NoEquivalent("it does not concern updates".to_owned());
    };
    let object = source.reading.part(part);
    let (mut carried, mut inactive, mut lost, mut unsupported) = (Vec::new(), None, None, None);
    for (platform, payload) in settings.iter_mut().filter(|(platform, _)| support.on(*platform).is_some()) {
        let (platform, meaning) = (*platform, meaning(becomes, *platform, key, object, source.reading));
        let refused = |change: &Change| refusal(source.reading.schema, change, platform, &source.conditions.targets);
        let meanings = match meaning {
            Ok(Meaning::Is(changes)) => {
                changes.into_iter().map(|change| refused(&change).unwrap_or_else(|| Meaning::Is(vec![change]))).collect()
            }
            Ok(other) => vec![other],
            Err(key) => {
                let name = source.reading.notation.key(key_name(key));
                return Outcome::Failed(source.findings.why(&format!("{}/{name}", part.pointer)));
            }
        };
        for meaning in meanings {
            match meaning {
                Meaning::Inactive(why) => {
                    except.push(format!("had no effect on {platform}: {why}"));
                    inactive = Some(why);
                }
                Meaning::None(why) => {
                    except.push(format!("has no equivalent on {platform}: {why}"));
                    lost = Some(why);
                }
                Meaning::Unsupported(why) => {
                    except.push(format!("is left out on {platform}: {why}"));
                    unsupported = Some(why);
                }
                Meaning::Is(changes) => carried.extend(changes.into_iter().map(|Change { path, value, note }| {
                    payload.set(path, value.clone());
                    let notes: Vec<&str> = note.into_iter().chain(part.is_once.then_some(ONCE)).collect();
                    let note = (!notes.is_empty()).then(|| notes.join("; "));
                    Carried { home: Home::Settings(platform), path, value, note }
                })),
            }
        }
    }
    if !carried.is_empty() {
        return Outcome::Carried(carried);
    }
    except.clear();
    match (unsupported, lost, inactive) {
        (Some(why), ..) => Outcome::Unsupported(why),
        (None, Some(why), _) => Outcome::NoEquivalent(why),
        (None, None, Some(why)) => Outcome::Inactive(why),
        (None, None, None) if settings.is_empty() => {
            Outcome::NoEquivalent("declarations have no such settings for the target devices".to_owned())
        }
        (None, None, None) => {
            let names: Vec<&str> = settings.iter().map(|(platform, _)| platform.name()).collect();
            Outcome::Inactive(format!("it does not exist on {}", list(&names, "or")))
        }
    }
}

/// Returns what becomes of a settings key that no target device of a platform supports. `None` if one does.
fn refusal(schema: &Schema, change: &Change, platform: Platform, targets: &[Target]) -> Option<Meaning> {
    let key = change.path.join(".");
    let id = schema.find(SETTINGS).and_then(|kind| schema.at_path(schema.kind(kind).keys, change.path.iter().copied()));
    let support = id.map_or(&Support::NEVER, |id| schema.support(schema.key(id).support));
    let Some(since) = support.on(platform) else { return Some(Meaning::None(format!("{key} does not exist on {platform}"))) };
    let targets = targets.iter().filter(|target| column(target.platform) == platform);
    let verdicts: Vec<Verdict> = targets.map(|target| support.verdict(target)).collect();
    if verdicts.is_empty() || verdicts.contains(&Verdict::Available) {
        return None;
    }
    let is_late = verdicts.iter().any(|verdict| matches!(verdict, Verdict::Later(_)));
    let needs = if is_late { format!("{platform} {}", since.introduced) } else { "supervision".to_owned() };
    Some(Meaning::Unsupported(format!("{key} needs {needs}, which no target device has")))
}

/// Whether a value may be a URL with a password.
fn holds_secret(value: &Value) -> bool {
    value.as_str().is_some_and(|text| text.contains('@'))
}

/// Returns the value of a scalar node, for the report.
pub(super) fn simple(node: Node<'_>, schema: &Schema) -> Option<Value> {
    (!matches!(node.kind(), Kind::Array | Kind::Object)).then(|| Value::of(node, schema, ValueType::Any))
}
