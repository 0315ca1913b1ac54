//! From the values of a row to a device. Nothing is guessed: what cannot be read is a fault.

use std::fmt;

use super::columns::{Column, Columns, field};
use super::rows;
use crate::apple::{BuildVersion, Device, Formatted, MODEL_FAMILY, OsVersion, Platform, StatusValue, Target};
use crate::plan::MODEL;
use crate::predicate;
use crate::words::{shown, visible};

/// Why there is no plan for a row.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub(crate) struct Fault {
    /// What is wrong, without a value, so that rows can be counted by it.
    pub(crate) what: String,
    /// The value that is wrong.
    pub(crate) value: Option<String>,
}

/// Between the two in a key.
const SEPARATOR: char = '\u{1F}';

impl Fault {
    pub(crate) fn new(what: impl Into<String>) -> Self {
        Self { what: what.into(), value: None }
    }

    fn about(what: impl Into<String>, value: &str) -> Self {
        Self { what: what.into(), value: Some(shown(value)) }
    }

    /// Appends the key of a row with this fault.
    pub(super) fn push(&self, key: &mut Vec<u8>) {
        key.push(1);
        key.extend_from_slice(self.what.as_bytes());
        if let Some(value) = &self.value {
            key.extend_from_slice(format!("{SEPARATOR}{value}").as_bytes());
        }
    }

    /// The fault of a key that [`Fault::push`] wrote.
    pub(super) fn of(key: &[u8]) -> Self {
        let text = String::from_utf8_lossy(key.get(1..).unwrap_or_default());
        match text.split_once(SEPARATOR) {
            Some((what, value)) => Self { what: what.to_owned(), value: Some(value.to_owned()) },
            None => Self::new(text),
        }
    }
}

impl fmt::Display for Fault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&visible(&self.what))?;
        self.value.as_ref().map_or(Ok(()), |value| write!(f, ": \"{}\"", visible(value)))
    }
}

/// The device of a key.
pub(crate) fn device(columns: &Columns, key: &[u8]) -> Result<Device, Fault> {
    let cells = rows::cells(key)?;
    let mut texts = Vec::with_capacity(cells.len());
    for (column, cell) in columns.fields()[1..].iter().zip(cells) {
        let is_text = str::from_utf8(cell).map_err(|_| Fault::new(format!("{column} is not UTF-8")))?;
        texts.push(is_text);
    }
    // The identifier is not a part of the key.
    let text = |at: usize| texts[at - 1];
    let model = text(field::MODEL);
    let system = system(text(field::PLATFORM), text(field::VERSION), text(field::BUILD), model)?;
    let enrolment = enrolment(text(field::ENROLLMENT), text(field::SUPERVISED))?;
    let mut words = format!("{}={}", system.platform.name(), system.version);
    for word in enrolment.into_iter().chain(system.is_shared.then_some("shared")) {
        words = words + "," + word;
    }
    if !system.build.is_empty() {
        words = words + ",build=" + &system.build;
    }
    let mut device: Device = words.parse().map_err(|_| wrong(&system))?;
    let values = columns.fields()[field::MODEL..].iter().zip(&texts[field::MODEL - 1..]);
    for (column, value) in values.filter(|(_, value)| !value.is_empty()) {
        match column {
            Column::Status(name) if name != MODEL || columns.has_model => {
                device.status.insert(name.clone(), item(name, value)?);
            }
            Column::Property(name) => {
                device.properties.insert(name.clone(), property(value));
            }
            _ => {}
        }
    }
    if let Some(family) = system.family
        && columns.fields().iter().any(|column| *column == Column::Status(MODEL_FAMILY.to_owned()))
    {
        device.status.entry(MODEL_FAMILY.to_owned()).or_insert_with(|| family.to_owned());
    }
    Ok(device)
}

/// Why a platform, a version and a build do not fit each other.
fn wrong(system: &System) -> Fault {
    let System { platform, version, build, .. } = system;
    let parsed: Result<OsVersion, _> = OsVersion::parse(&padded(version));
    let Ok(parsed) = parsed else { return Fault::about("version is not a version such as 26.1", version) };
    if platform.lacks(&parsed).is_some() {
        return Fault::about(format!("{platform} has no such version"), version);
    }
    match BuildVersion::parse(build) {
        Ok(_) => Fault::about(format!("build is not one of {platform} {}", shown(version)), build),
        Err(_) => Fault::about("build is not a build such as 25B78", build),
    }
}

/// A version with a point.
fn padded(version: &str) -> String {
    if version.contains('.') { version.to_owned() } else { format!("{version}.0") }
}

/// The operating system of a device.
struct System {
    platform: Platform,
    is_shared: bool,
    /// The model family, if the name of the platform tells it.
    family: Option<&'static str>,
    version: String,
    build: String,
}

/// Joins what the columns say about the operating system: each may hold more than its own value, such as
/// `iPadOS 26.1 (23B85)`.
fn system(platform: &str, version: &str, build: &str, model: &str) -> Result<System, Fault> {
    let named = Named::read(platform, &Column::Platform)?;
    let released = Named::read(version, &Column::Version)?;
    let one = |what: &str, values: [&str; 2]| match values {
        [first, ""] => Ok(first.to_owned()),
        ["", second] => Ok(second.to_owned()),
        [first, second] if first == second => Ok(first.to_owned()),
        [first, second] => Err(Fault::about(format!("the columns differ about the {what}"), &format!("{first}, {second}"))),
    };
    let of_model = Platform::of_model_identifier(model).or_else(|| Platform::ALL.into_iter().find(|one| one.name() == model));
    let family = named.family.or(released.family);
    let target = match (named.target, released.target) {
        (Some(one), Some(other)) if one.platform != other.platform => {
            return Err(Fault::about("the columns differ about the platform", &format!("{}, {}", one.platform, other.platform)));
        }
        (Some(target), _) | (None, Some(target)) => target,
        (None, None) => match of_model.filter(|_| platform.is_empty() || named.is_ambiguous) {
            Some(platform) => Target::new(platform),
            None if named.is_ambiguous => {
                return Err(Fault::about("platform names several, and no model tells which", platform));
            }
            None if platform.is_empty() => return Err(Fault::new("platform is empty")),
            None => return Err(Fault::about("platform is not one of iOS, iPadOS, macOS, tvOS, visionOS and watchOS", platform)),
        },
    };
    // Many servers call the system of an iPad iOS.
    let is_ipad = target.platform == Platform::Ios && of_model == Some(Platform::IpadOs);
    let platform = if is_ipad { Platform::IpadOs } else { target.platform };
    let version = one("version", [&released.version, &named.version])?;
    if version.is_empty() {
        return Err(Fault::new("version is empty"));
    }
    let in_parentheses = one("build", [&released.build, &named.build])?;
    let build = one("build", [build, &in_parentheses])?;
    // What the text of a device separates by.
    if [&version, &build].iter().any(|text| text.contains([',', '='])) {
        let (column, value) = if version.contains([',', '=']) { ("version", &version) } else { ("build", &build) };
        return Err(Fault::about(format!("{column} has a comma or ="), value));
    }
    Ok(System { platform, is_shared: target.is_shared, family, version, build })
}

/// What a text says about the operating system: `iPadOS 26.1 (23B85)`, or a part of it.
#[derive(Default)]
struct Named {
    target: Option<Target>,
    family: Option<&'static str>,
    /// Whether it names several platforms.
    is_ambiguous: bool,
    version: String,
    build: String,
}

impl Named {
    fn read(text: &str, column: &Column) -> Result<Self, Fault> {
        let mut named = Self::default();
        let mut rest = text.trim();
        if let Some((before, build)) = rest.strip_suffix(')').and_then(|rest| rest.rsplit_once('(')) {
            let build = build.trim();
            let build = build.strip_prefix("Build ").or_else(|| build.strip_prefix("build ")).unwrap_or(build);
            // What a platform has in parentheses belongs to its name.
            if BuildVersion::parse(build).is_err() && *column == Column::Platform {
                return Ok(named);
            }
            if BuildVersion::parse(build).is_err() {
                return Err(Fault::about(format!("{column} has something other than a build in parentheses"), text));
            }
            build.clone_into(&mut named.build);
            rest = before.trim_end();
        }
        let is_version = |word: &str| word.starts_with(|c: char| c.is_ascii_digit());
        let (name, version) = match rest.rsplit_once(' ') {
            Some((name, version)) if is_version(version) => (name, version),
            None if *column == Column::Version || is_version(rest) => ("", rest),
            _ => (rest, ""),
        };
        version.clone_into(&mut named.version);
        let name = name.trim();
        // `Version 15.6.1 (Build 24G90)`, as macOS shows it.
        if name.is_empty() || (*column == Column::Version && name.eq_ignore_ascii_case("version")) {
            return Ok(named);
        }
        if let Some((target, family)) = Target::named(name) {
            (named.target, named.family) = (Some(target), family);
        }
        named.is_ambiguous = named.target.is_none() && {
            let parts = name.split(['/', '&', '|', '+']).map(|part| Target::named(part.trim()));
            let parts: Option<Vec<_>> = parts.collect();
            parts.is_some_and(|parts| parts.len() > 1)
        };
        if *column == Column::Version && named.target.is_none() {
            return Err(Fault::about("version is not a version such as 26.1", text));
        }
        Ok(named)
    }
}

/// The words of `enrollment`, with the qualifier of a device.
const ENROLMENTS: [(&[&str], &str); 4] = [
    (&["supervised", "automated", "automateddevice", "automateddeviceenrollment"], "supervised"),
    (&["device", "deviceenrollment", "unsupervised"], "unsupervised"),
    (&["user", "userenrollment"], "user-enrollment"),
    (&["local", "localenrollment"], "local-enrollment"),
];

/// The enrolment that two columns tell. `None` if neither does.
fn enrolment(enrolment: &str, supervised: &str) -> Result<Option<&'static str>, Fault> {
    let is_supervised = match supervised {
        "" => None,
        _ if supervised.eq_ignore_ascii_case("supervised") => Some(true),
        _ if supervised.eq_ignore_ascii_case("unsupervised") => Some(false),
        _ => Some(boolean(supervised).ok_or_else(|| Fault::about("supervised is neither true nor false", supervised))?),
    };
    let plain: String = enrolment.chars().filter(|c| !matches!(c, ' ' | '-' | '_')).collect();
    let plain = plain.to_ascii_lowercase().replace("enrolment", "enrollment");
    let qualifier = match plain.as_str() {
        "" => None,
        plain => {
            let found = ENROLMENTS.iter().find(|(words, _)| words.contains(&plain)).map(|(_, qualifier)| *qualifier);
            Some(found.ok_or_else(|| Fault::about("enrollment is not supervised, device, user or local", enrolment))?)
        }
    };
    match (qualifier, is_supervised) {
        (_, None) | (Some("user-enrollment" | "local-enrollment"), Some(false)) => Ok(qualifier),
        (None | Some("supervised"), Some(true)) => Ok(Some("supervised")),
        // A supervised device can use device enrolment too.
        (Some("unsupervised"), Some(true)) if plain != "unsupervised" => Ok(Some("supervised")),
        (None | Some("unsupervised"), Some(false)) => Ok(Some("unsupervised")),
        _ => Err(Fault::about("enrollment and supervised contradict each other", &format!("{enrolment}, {supervised}"))),
    }
}

/// The ways to write a boolean, in lower case.
const BOOLEANS: [(&str, bool); 12] = [
    ("true", true),
    ("yes", true),
    ("y", true),
    ("t", true),
    ("1", true),
    ("on", true),
    ("false", false),
    ("no", false),
    ("n", false),
    ("f", false),
    ("0", false),
    ("off", false),
];

fn boolean(text: &str) -> Option<bool> {
    let lower = text.to_ascii_lowercase();
    BOOLEANS.into_iter().find(|(word, _)| *word == lower).map(|(_, value)| value)
}

/// The value of a status item, as the text of a device has it.
fn item(name: &str, text: &str) -> Result<String, Fault> {
    let value = predicate::find(name).and_then(|found| found.shape.value);
    let is = |json: fn(&serde_json::Value) -> bool| serde_json::from_str(text).is_ok_and(|value| json(&value));
    let (is_right, what) = match value {
        Some(StatusValue::Boolean) => {
            let wrong = || Fault::about(format!("status.{name} is neither true nor false"), text);
            return boolean(text).map(|value| value.to_string()).ok_or_else(wrong);
        }
        Some(StatusValue::Integer) => (is(|json| json.is_i64() || json.is_u64()), "an integer"),
        Some(StatusValue::Real) => (is(serde_json::Value::is_number), "a number"),
        Some(StatusValue::Array) => (is(serde_json::Value::is_array), "an array in JSON"),
        Some(StatusValue::Object) => (is(serde_json::Value::is_object), "an object in JSON"),
        _ => (true, ""),
    };
    if is_right { Ok(text.to_owned()) } else { Err(Fault::about(format!("status.{name} is not {what}"), text)) }
}

/// The value of a property, as the text of a device has it. Spreadsheets write booleans in capitals.
fn property(text: &str) -> String {
    if ["true", "false"].iter().any(|word| text.eq_ignore_ascii_case(word)) { text.to_ascii_lowercase() } else { text.to_owned() }
}
