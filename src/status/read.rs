//! Reads status reports in the forms in which devices send them and servers keep or return them.
//!
//! The forms differ in what is around the parts of a report. So this reader looks for the parts, at any place that is not
//! too deep, also in a text that is JSON or base64.

use std::collections::BTreeMap;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use serde_json::{Map, Value as Json};

use super::fleet_detail;
use super::report::{CAPABILITIES, Given, Item, Report, Reported, Validity};
use crate::apple::{Family, StatusItem, StatusValue};
use crate::syntax::{self, Buffers, Container, Kind, Node};

/// The lists of `management.declarations`, and the family of their declarations.
pub(crate) const LISTS: [(&str, Family); 4] = [
    ("activations", Family::Activation),
    ("configurations", Family::Configuration),
    ("assets", Family::Asset),
    ("management", Family::Management),
];

/// The keys beside a report by which servers name the device.
const DEVICE_KEYS: [&str; 12] = [
    "udid",
    "UDID",
    "serial_number",
    "SerialNumber",
    "hardware_serial",
    "enrollment_id",
    "EnrollmentID",
    "host_uuid",
    "device_id",
    "device",
    "uuid",
    "id",
];

/// How deep a report may be in what a server returns.
const MAX_WRAPPERS: usize = 6;

/// Reads the reports of a document: none if it has nothing of the kind.
/// `is_sound` tells whether its syntax is right.
pub(crate) fn read(root: Node<'_>, is_sound: bool) -> Vec<Report> {
    let mut reader = Reader { reports: Vec::new(), is_sound };
    reader.find(root, None, 0);
    reader.reports
}

struct Reader {
    reports: Vec<Report>,
    /// Whether the text of a value is JSON.
    is_sound: bool,
}

impl Reader {
    /// Looks for reports in a value. `device` is the name that is known of the device.
    fn find(&mut self, node: Node<'_>, device: Option<&str>, depth: usize) {
        if depth > MAX_WRAPPERS {
            return;
        }
        match node.kind() {
            Kind::Array => self.list(node, device, depth),
            Kind::String | Kind::Data => self.text(node, device, depth),
            Kind::Object => {
                let named = DEVICE_KEYS.iter().find_map(|key| node.member(key)?.as_str());
                let device = named.as_deref().filter(|name| !name.is_empty()).or(device);
                if let Some(items) = node.member("StatusItems").filter(|items| items.kind() == Kind::Object) {
                    self.report(node, items, device);
                } else if is_items(node) {
                    self.report(node, node, device);
                } else {
                    for (key, value) in node.members() {
                        // KMFDDM answers with an object by the names of devices.
                        let own = key.as_str().filter(|_| value.kind() == Kind::Array && device.is_none());
                        self.find(value, own.as_deref().or(device), depth + 1);
                    }
                }
            }
            _ => {}
        }
    }

    /// A text that may be a document of its own: JSON, or base64 of it or of a check-in message.
    fn text(&mut self, node: Node<'_>, device: Option<&str>, depth: usize) {
        let Some(text) = node.as_str() else { return };
        let text = text.trim();
        let decoded;
        let bytes = if text.starts_with(['{', '[']) {
            text.as_bytes()
        } else {
            // The shortest report in base64 is longer.
            let Some(bytes) = Some(text).filter(|text| text.len() >= 24).and_then(|text| STANDARD.decode(text).ok()) else {
                return;
            };
            decoded = bytes;
            &decoded
        };
        let mut buffers = Buffers::default();
        let parsed = syntax::parse(bytes, &mut buffers);
        let is_sound = parsed.mistakes().next().is_none() && Container::of(bytes).is_none();
        if let Some(document) = &parsed.document {
            let outer = std::mem::replace(&mut self.is_sound, is_sound);
            self.find(document.root(), device, depth + 1);
            self.is_sound = outer;
        }
    }

    /// A list of reports, or of the rows in which a server keeps the parts of one.
    fn list(&mut self, list: Node<'_>, device: Option<&str>, depth: usize) {
        let mut rows = Report { device: device.map(Into::into), ..Report::default() };
        for element in list.elements() {
            if let Some((name, reported)) = declaration(element) {
                rows.has_rows = true;
                rows.declarations.entry(name).or_default().push(reported);
            } else if let (Some(path), Some(value)) = (element.member("path"), element.member("value")) {
                rows.has_rows |= value_row(path, value, &mut rows);
            } else if let (Some(path), Some(error)) = (element.member("path"), element.member("error")) {
                rows.has_rows |= error_row(path, error, &mut rows);
            } else {
                self.find(element, device, depth + 1);
            }
        }
        if rows.has_rows {
            if let Some(capabilities) = rows.items.remove(CAPABILITIES) {
                rows.capabilities = Some(capabilities.json().to_string().into());
            }
            rows.count();
            self.reports.push(rows);
        }
    }

    fn report(&mut self, node: Node<'_>, items: Node<'_>, device: Option<&str>) {
        let mut report = Report { is_full: full(node), ..Report::default() };
        for (key, value) in items.members() {
            let Some(key) = key.as_str() else { continue };
            item(&key, value, &mut report, self.is_sound, 0);
        }
        for error in node.member("Errors").into_iter().flat_map(Node::elements) {
            self::error(error, &mut report);
        }
        report.count();
        let own = report.text("device.identifier.udid").or_else(|| report.text("device.identifier.serial-number"));
        report.device = device.or(own).map(Into::into);
        self.reports.push(report);
    }
}

fn full(node: Node<'_>) -> bool {
    node.member("FullReport").and_then(Node::as_bool) == Some(true)
}

/// Whether an object holds status items: one of its keys begins a name of the table, and has an object or is the whole name.
fn is_items(node: Node<'_>) -> bool {
    node.members().any(|(key, value)| {
        let key = key.as_str().unwrap_or_default();
        let is_step = |item: &StatusItem| item.name.strip_prefix(&*key).is_some_and(|rest| rest.starts_with('.'));
        value.kind() == Kind::Object && StatusItem::all().any(is_step) && has_step(value, &key)
            || key.contains('.') && (StatusItem::find(&key).is_some() || key == DECLARATIONS)
    })
}

/// Whether an object has a key that follows `path` in a name of the table.
fn has_step(node: Node<'_>, path: &str) -> bool {
    node.members().any(|(key, _)| {
        let name = format!("{path}.{}", key.as_str().unwrap_or_default());
        StatusItem::all().any(|item| item.name.strip_prefix(&*name).is_some_and(|rest| rest.is_empty() || rest.starts_with('.')))
    })
}

const DECLARATIONS: &str = "management.declarations";

/// Reads the value at a path: a status item, or an object with some.
fn item(path: &str, value: Node<'_>, report: &mut Report, is_sound: bool, depth: usize) {
    if path == DECLARATIONS {
        return declarations(value, report);
    }
    if path == CAPABILITIES {
        let text = if is_sound { value.text().to_owned() } else { json(value).to_string() };
        report.capabilities = Some(text.into());
        return;
    }
    let known = StatusItem::find(path);
    if known.is_none() && value.kind() == Kind::Object && depth < MAX_WRAPPERS {
        for (key, value) in value.members() {
            item(&format!("{path}.{}", key.as_str().unwrap_or_default()), value, report, is_sound, depth + 1);
        }
        return;
    }
    let bytes = value.text().len();
    let is_list = known.is_none_or(|known| known.value == StatusValue::Array) && value.kind() == Kind::Array;
    let many = || {
        let elements: Option<Vec<_>> = value.elements().map(|element| Some((identifier(element)?, element))).collect();
        elements.filter(|elements| known.is_some() || !elements.is_empty())
    };
    let read = match is_list.then(many).flatten() {
        Some(all) => Item::Many(all.into_iter().map(|(name, element)| (name, (json(element), element.text().len()))).collect()),
        None => Item::One(json(value), bytes),
    };
    report.items.insert(path.into(), read);
}

fn identifier(node: Node<'_>) -> Option<Box<str>> {
    node.member("identifier")?.as_str().map(Into::into)
}

fn declarations(lists: Node<'_>, report: &mut Report) {
    for (key, list) in lists.members() {
        let family = LISTS.into_iter().find(|(name, _)| key.is_str(name)).map(|(_, family)| family);
        for element in list.elements() {
            let Some(identifier) = identifier(element) else { continue };
            if element.member("_removed").and_then(Node::as_bool) == Some(true) {
                report.removed.push((family, identifier));
            } else {
                report.declarations.entry((family, identifier)).or_default().push(reported(element));
            }
        }
    }
}

fn reported(node: Node<'_>) -> Reported {
    let text = |key: &str| node.member(key)?.as_str();
    Reported {
        token: text("server-token").or_else(|| text("unique_install_identifier")).map(Into::into),
        active: node.member("active").and_then(Node::as_bool),
        valid: text("valid").map_or(Validity::Unknown, |word| Validity::of(&word)),
        reasons: node.member("reasons").map(reasons).unwrap_or_default(),
        bytes: node.text().len(),
    }
}

/// A row of a server about a declaration: as in a report (KMFDDM, NanoHUB), with the state in `extra_info` (Zentral), or with
/// the reasons as a text (Fleet).
fn declaration(row: Node<'_>) -> Option<(super::report::Name, Reported)> {
    let text = |key: &str| row.member(key)?.as_str();
    let identifier = ["identifier", "declaration_identifier", "name"].into_iter().find_map(text)?;
    let family = text("ManifestType").and_then(|word| LISTS.into_iter().find(|(name, _)| *name == word));
    let name = (family.map(|(_, family)| family), identifier.as_ref().into());
    if let Some((detail, status)) = text("detail").zip(text("status")) {
        let reasons = fleet_detail::reasons(&detail);
        let has_failed = status == "failed";
        if has_failed && reasons.is_empty() && !detail.is_empty() {
            // Another kind of profile.
            return None;
        }
        let is_settled = matches!(&*status, "verified" | "failed");
        let valid = if has_failed {
            Validity::Invalid
        } else if status == "verified" {
            Validity::Valid
        } else {
            Validity::Unknown
        };
        return Some((name, Reported { active: is_settled.then_some(!has_failed), valid, reasons, ..Reported::default() }));
    }
    let state = row.member("extra_info").unwrap_or(row);
    state.member("valid").or_else(|| state.member("active"))?;
    Some((name, Reported { token: reported(row).token.or(reported(state).token), ..reported(state) }))
}

/// Whether an element of an array is a row of a server about a declaration or a part of a report.
pub(crate) fn is_row(element: Node<'_>) -> bool {
    let has = |key: &str| element.member(key).is_some();
    declaration(element).is_some() || has("path") && (has("value") || has("error"))
}

/// A row with a value at the path of a report (KMFDDM). Elements of an array are several rows.
fn value_row(path: Node<'_>, value: Node<'_>, report: &mut Report) -> bool {
    let Some(path) = path.as_str() else { return false };
    let Some(name) = path.trim_start_matches('.').strip_prefix("StatusItems.") else { return false };
    let above = |item: &&StatusItem| name.strip_prefix(item.name).is_some_and(|rest| rest.starts_with('.'));
    let (item, rest) = match StatusItem::all().find(above) {
        Some(item) => (item.name, Some(&name[item.name.len() + 1..])),
        None => (name, None),
    };
    let value = json(value);
    let entry = report.items.entry(item.into()).or_insert_with(|| Item::One(Json::Null, 0));
    let Item::One(at, bytes) = entry else { return true };
    *bytes += value.to_string().len();
    push_at(at, rest, value);
    true
}

/// Sets a value at a path; further values at the same path make it an array.
fn push_at(mut at: &mut Json, path: Option<&str>, value: Json) {
    for step in path.into_iter().flat_map(|path| path.split('.')).take(MAX_WRAPPERS) {
        if !at.is_object() {
            *at = Json::Object(Map::new());
        }
        let Json::Object(members) = at else { return };
        at = members.entry(step).or_insert(Json::Null);
    }
    match at {
        Json::Null => *at = value,
        Json::Array(all) => all.push(value),
        one => *one = Json::Array(vec![one.take(), value]),
    }
}

/// A row with an error at the path of a report (KMFDDM): of a declaration, or of a status item.
fn error_row(path: Node<'_>, error: Node<'_>, report: &mut Report) -> bool {
    let Some(path) = path.as_str() else { return false };
    if let Some(list) = path.trim_start_matches('.').strip_prefix("StatusItems.management.declarations.") {
        let family = LISTS.into_iter().find(|(name, _)| *name == list).map(|(_, family)| family);
        let Some(identifier) = identifier(error) else { return false };
        report.declarations.insert((family, identifier), vec![reported(error)]);
        return true;
    }
    self::error(error, report)
}

/// An element of `Errors`, whose keys are capitalised.
fn error(error: Node<'_>, report: &mut Report) -> bool {
    let Some(item) = member(error, "StatusItem").and_then(Node::as_str) else { return false };
    let given = member(error, "Reasons").map(reasons).unwrap_or_default();
    report.errors.entry(item.as_ref().into()).or_default().extend(given);
    true
}

/// The member with a key, in any case.
fn member<'d>(node: Node<'d>, key: &str) -> Option<Node<'d>> {
    let is_key = |name: Node<'_>| name.as_str().is_some_and(|name| name.eq_ignore_ascii_case(key));
    node.members().filter(|(name, _)| is_key(*name)).last().map(|(_, value)| value)
}

fn reasons(list: Node<'_>) -> Vec<Given> {
    let given = |reason: Node<'_>| {
        let text = |key: &str| member(reason, key)?.as_str().map(std::borrow::Cow::into_owned);
        let details = member(reason, "details").into_iter().flat_map(Node::members);
        let details = details.filter_map(|(key, value)| Some((key.as_str()?.into_owned(), texts(value))));
        Given { code: text("code").unwrap_or_default(), description: text("description"), details: details.collect() }
    };
    list.elements().filter(|reason| reason.kind() == Kind::Object).map(given).collect()
}

/// The texts of a detail: those of a list, or one.
fn texts(value: Node<'_>) -> Vec<String> {
    match value.kind() {
        Kind::Array => value.elements().flat_map(texts).collect(),
        _ => vec![value.as_str().map_or_else(|| value.text().to_owned(), std::borrow::Cow::into_owned)],
    }
}

/// A value in JSON. The parser bounds its depth.
fn json(node: Node<'_>) -> Json {
    match node.kind() {
        Kind::Null => Json::Null,
        Kind::Boolean => Json::Bool(node.text() == "true"),
        Kind::Number => serde_json::from_str(node.text()).unwrap_or(Json::Null),
        Kind::String | Kind::Date | Kind::Data => Json::String(node.as_str().unwrap_or_default().into_owned()),
        Kind::Array => node.elements().map(json).collect(),
        Kind::Object => {
            let members = node.members().map(|(key, value)| (key.as_str().unwrap_or_default().into_owned(), json(value)));
            Json::Object(members.collect::<Map<_, _>>())
        }
    }
}

/// What each status item of a device is, by name, in the form that predicates compare.
pub(crate) fn values(report: &Report) -> BTreeMap<&str, Json> {
    let capabilities = report.capabilities().map(|json| (CAPABILITIES, json));
    report.items.iter().map(|(name, item)| (&**name, item.json())).chain(capabilities).collect()
}
