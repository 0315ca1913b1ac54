//! What a device reported: its status items, the state of its declarations, and what it could not report.

use std::collections::BTreeMap;

use serde_json::Value as Json;

use crate::apple::Family;
use crate::limits::MAX_REPORT_BYTES;

/// The state of a device after one or several of its reports.
#[derive(Debug, Default)]
pub(crate) struct Report {
    /// The name of the device: that of the server, else its UDID or serial number.
    pub(crate) device: Option<Box<str>>,
    /// Whether it holds all that the device has to report, and not only what changed.
    pub(crate) is_full: bool,
    /// Whether it was read from what a server keeps of reports in rows, which may be a part of them.
    pub(crate) has_rows: bool,
    /// `management.client-capabilities` as JSON text: the longest item, which a table of many devices does not need.
    pub(crate) capabilities: Option<Box<str>>,
    /// The other status items but `management.declarations`, by name. Items that the table does not know have the path to
    /// the value.
    pub(crate) items: BTreeMap<Box<str>, Item>,
    /// The declarations by family and identifier. A device may report several revisions of one.
    pub(crate) declarations: BTreeMap<Name, Vec<Reported>>,
    /// Why the device could not report a status item, by its name.
    pub(crate) errors: BTreeMap<Box<str>, Vec<Given>>,
    /// What an incremental report says is gone.
    pub(super) removed: Vec<Name>,
    /// The bytes of text that it was read from and that are kept.
    pub(crate) bytes: usize,
    /// Whether something was left out, because it would be too much to keep.
    pub(crate) is_truncated: bool,
}

/// The family of a declaration, if the report tells it, and its identifier.
pub(crate) type Name = (Option<Family>, Box<str>);

/// The value of a status item.
#[derive(Debug)]
pub(crate) enum Item {
    One(Json, usize),
    /// The elements of an array by their `identifier`, so that later reports can replace and remove them.
    Many(BTreeMap<Box<str>, (Json, usize)>),
}

/// What a device says about a declaration.
#[derive(Debug, Default)]
pub(crate) struct Reported {
    pub(crate) token: Option<Box<str>>,
    pub(crate) active: Option<bool>,
    pub(crate) valid: Validity,
    pub(crate) reasons: Vec<Given>,
    pub(super) bytes: usize,
}

/// The value of `valid`.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(crate) enum Validity {
    /// The device did not check the declaration, or the report does not tell.
    #[default]
    Unknown,
    Valid,
    Invalid,
    /// A word that Apple does not document.
    Other(Box<str>),
}

impl Validity {
    pub(super) fn of(word: &str) -> Self {
        match word {
            "valid" => Self::Valid,
            "invalid" => Self::Invalid,
            "unknown" => Self::Unknown,
            other => Self::Other(other.into()),
        }
    }

    pub(crate) fn as_str(&self) -> &str {
        match self {
            Self::Unknown => "unknown",
            Self::Valid => "valid",
            Self::Invalid => "invalid",
            Self::Other(word) => word,
        }
    }
}

/// A reason of a report.
#[derive(Debug, Clone, Default)]
pub(crate) struct Given {
    pub(crate) code: String,
    pub(crate) description: Option<String>,
    /// The details by name; a list has several texts.
    pub(crate) details: Vec<(String, Vec<String>)>,
}

impl Given {
    /// The texts of a detail.
    pub(crate) fn detail(&self, name: &str) -> &[String] {
        self.details.iter().find(|(key, _)| key == name).map_or(&[], |(_, texts)| texts)
    }

    /// The identifiers in a detail. Devices write a list of them as one text, separated by commas.
    pub(crate) fn identifiers(&self, name: &str) -> impl Iterator<Item = &str> {
        self.detail(name).iter().flat_map(|text| text.split(',')).map(str::trim).filter(|name| !name.is_empty())
    }
}

impl Item {
    fn bytes(&self) -> usize {
        match self {
            Self::One(_, bytes) => *bytes,
            Self::Many(all) => all.values().map(|(_, bytes)| bytes).sum(),
        }
    }

    /// The value in JSON.
    pub(crate) fn json(&self) -> Json {
        match self {
            Self::One(json, _) => json.clone(),
            Self::Many(all) => all.values().map(|(json, _)| json.clone()).collect(),
        }
    }

    /// The elements of an array.
    pub(crate) fn elements(&self) -> Vec<&Json> {
        match self {
            Self::One(Json::Array(all), _) => all.iter().collect(),
            Self::One(..) => Vec::new(),
            Self::Many(all) => all.values().map(|(json, _)| json).collect(),
        }
    }
}

impl Report {
    /// The value of a status item that is not an array.
    pub(crate) fn item(&self, name: &str) -> Option<&Json> {
        match self.items.get(name)? {
            Item::One(json, _) => Some(json),
            Item::Many(_) => None,
        }
    }

    /// The text of a status item; `None` if it is absent, empty or not a string.
    pub(crate) fn text(&self, name: &str) -> Option<&str> {
        self.item(name)?.as_str().filter(|text| !text.is_empty())
    }

    /// The value of `management.client-capabilities`.
    pub(crate) fn capabilities(&self) -> Option<Json> {
        serde_json::from_str(self.capabilities.as_deref()?).ok()
    }

    /// Whether the report lists every declaration of the device: it says so, or it is the first, which has the
    /// capabilities.
    pub(crate) fn lists_all(&self) -> bool {
        self.is_full || !self.has_rows && self.capabilities.is_some()
    }

    /// Takes a later report of the same device: a full one replaces everything, others only what they name.
    pub(crate) fn update(&mut self, later: Self) {
        let device = self.device.take().or_else(|| later.device.clone());
        if later.is_full {
            *self = later.settled();
            self.device = device;
            return;
        }
        self.device = device;
        self.is_truncated |= later.is_truncated;
        for name in later.removed {
            let gone = self.declarations.remove(&name);
            self.bytes -= gone.iter().flatten().map(|reported| reported.bytes).sum::<usize>();
        }
        for (name, reported) in later.declarations {
            let old = self.declarations.get(&name).into_iter().flatten().map(|reported| reported.bytes).sum::<usize>();
            let new = reported.iter().map(|reported| reported.bytes).sum::<usize>();
            if self.makes_room(old, new) {
                self.declarations.insert(name, reported);
            }
        }
        if let Some(capabilities) = later.capabilities
            && self.makes_room(self.capabilities.as_ref().map_or(0, |old| old.len()), capabilities.len())
        {
            self.capabilities = Some(capabilities);
        }
        for (name, item) in later.items {
            self.errors.remove(&name);
            match (self.items.get_mut(&name), item) {
                (Some(Item::Many(_)), Item::Many(elements)) => self.elements(&name, elements),
                (old, item) => {
                    let old = old.map_or(0, |old| old.bytes());
                    if self.makes_room(old, item.bytes()) {
                        self.items.insert(name, item.without_removed());
                    }
                }
            }
        }
        for (name, reasons) in later.errors {
            if self.errors.len() < MAX_ERRORS || self.errors.contains_key(&name) {
                self.errors.insert(name, reasons);
            } else {
                self.is_truncated = true;
            }
        }
    }

    /// Takes the changed elements of an array.
    fn elements(&mut self, name: &str, elements: BTreeMap<Box<str>, (Json, usize)>) {
        for (identifier, (json, bytes)) in elements {
            let Some(Item::Many(all)) = self.items.get_mut(name) else { return };
            if is_removed(&json) {
                self.bytes -= all.remove(&identifier).map_or(0, |(_, bytes)| bytes);
                continue;
            }
            let old = all.get(&identifier).map_or(0, |(_, bytes)| *bytes);
            if self.makes_room(old, bytes)
                && let Some(Item::Many(all)) = self.items.get_mut(name)
            {
                all.insert(identifier, (json, bytes));
            }
        }
    }

    /// Counts bytes that replace others. False if there would be too many.
    fn makes_room(&mut self, old: usize, new: usize) -> bool {
        let bytes = self.bytes - old + new;
        if bytes > MAX_REPORT_BYTES {
            self.is_truncated = true;
            return false;
        }
        self.bytes = bytes;
        true
    }

    /// Removes what a first report says is gone.
    pub(super) fn settled(mut self) -> Self {
        for name in std::mem::take(&mut self.removed) {
            self.declarations.remove(&name);
        }
        self.items = self.items.into_iter().map(|(name, item)| (name, item.without_removed())).collect();
        self.count();
        self
    }

    /// Counts the bytes anew.
    pub(super) fn count(&mut self) {
        let declarations = self.declarations.values().flatten().map(|reported| reported.bytes).sum::<usize>();
        let capabilities = self.capabilities.as_ref().map_or(0, |text| text.len());
        self.bytes = declarations + capabilities + self.items.values().map(Item::bytes).sum::<usize>();
    }
}

impl Item {
    fn without_removed(mut self) -> Self {
        if let Self::Many(all) = &mut self {
            all.retain(|_, (json, _)| !is_removed(json));
        }
        self
    }
}

/// The most status items with errors that are kept. Apple has 63 items.
const MAX_ERRORS: usize = 1000;

/// The status item with what the device knows.
pub(super) const CAPABILITIES: &str = "management.client-capabilities";

/// Whether an element of an array only says that it is gone.
fn is_removed(element: &Json) -> bool {
    element.get("_removed") == Some(&Json::Bool(true))
}
