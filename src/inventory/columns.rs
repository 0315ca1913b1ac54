//! The columns of an inventory: what they say of a device, and which of them matter.

use std::collections::BTreeSet;
use std::fmt;
use std::str::FromStr;

use crate::apple::StatusItem;
use crate::hash::Map;
use crate::plan::{DEVICE_ID, MODEL};
use crate::words::{list, nearest, shown};

/// What a column says of a device.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub(crate) enum Column {
    Id,
    Platform,
    Version,
    Build,
    Enrollment,
    Supervised,
    /// A status item, or a key below one.
    Status(String),
    /// A property, or a key below one.
    Property(String),
}

/// The names of the columns with a fixed name. `model` is a status item.
const FIXED: [(&str, Column); 6] = [
    ("id", Column::Id),
    ("platform", Column::Platform),
    ("version", Column::Version),
    ("build", Column::Build),
    ("enrollment", Column::Enrollment),
    ("supervised", Column::Supervised),
];

/// Names that inventories have for a column besides its own.
const ALIASES: [(&str, &str); 2] = [("model", "status.device.model.identifier"), ("enrolment", "enrollment")];

/// What servers and spreadsheets call columns, in lower case and without other characters.
const HINTS: [(&str, &str); 8] = [
    ("os", "platform"),
    ("ostype", "platform"),
    ("operatingsystem", "platform"),
    ("serial", "id"),
    ("serialnumber", "id"),
    ("udid", "id"),
    ("hostname", "id"),
    ("enrollmenttype", "enrollment"),
];

impl Column {
    /// The column with a name. Fixed names may be in any case; a status item may lack `device.`, as in `--device`.
    fn named(name: &str) -> Option<Self> {
        let name = name.trim();
        let lower = if name.len() < 20 { name.to_ascii_lowercase() } else { String::new() };
        let name = ALIASES.iter().find(|(alias, _)| *alias == lower).map_or(name, |(_, name)| name);
        let lower = if name.len() < 20 { name.to_ascii_lowercase() } else { String::new() };
        if let Some((_, column)) = FIXED.into_iter().find(|(fixed, _)| *fixed == lower) {
            return Some(column);
        }
        if let Some(item) = name.strip_prefix("status.") {
            return StatusItem::full_name(item).map(Self::Status);
        }
        name.strip_prefix("property.").filter(|property| !property.is_empty()).map(|property| Self::Property(property.to_owned()))
    }

    /// What was probably meant by a name that is not a column's.
    fn near(name: &str) -> Option<String> {
        let name = name.trim();
        if let Some(item) = name.strip_prefix("status.") {
            return StatusItem::nearest(item).map(|near| format!("status.{near}"));
        }
        let names = FIXED.iter().map(|(fixed, _)| *fixed).chain(["model"]);
        // `OS Version`, `os_version` and `deviceSupervised` end with the name.
        let plain: String = name.chars().filter(char::is_ascii_alphanumeric).collect::<String>().to_ascii_lowercase();
        if let Some((_, hint)) = HINTS.iter().find(|(known, _)| *known == plain) {
            return Some((*hint).to_owned());
        }
        let ending = names.clone().filter(|fixed| fixed.len() > 2).find(|fixed| plain.ends_with(fixed));
        nearest(name, names).or(ending).map(str::to_owned)
    }
}

/// Its name in the header of an inventory.
impl fmt::Display for Column {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Status(name) => write!(f, "status.{name}"),
            Self::Property(name) => write!(f, "property.{name}"),
            _ => f.write_str(FIXED.iter().find(|(_, column)| column == self).map_or("", |(name, _)| name)),
        }
    }
}

/// Other names of columns: `id=Serial,version="OS Version"`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Mapping(Vec<(Column, String)>);

impl FromStr for Mapping {
    type Err = String;

    /// # Errors
    /// A column is unknown, or its other name is missing.
    fn from_str(text: &str) -> Result<Self, String> {
        let mut pairs = Vec::new();
        for pair in split(text)? {
            let Some((name, other)) = pair.split_once('=') else {
                return Err(format!(
                    "\"{}\" has no =; write COLUMN=NAME, and quote a name that has a comma, such as 'id=\"Serial, short\"'",
                    shown(pair)
                ));
            };
            let Some(column) = Column::named(name) else {
                let names: Vec<&str> = FIXED.iter().map(|(name, _)| *name).chain(["status.NAME", "property.NAME"]).collect();
                let help = match Column::near(name) {
                    Some(near) => format!("did you mean {near}?"),
                    None => format!("write {}", list(&names, "or")),
                };
                return Err(format!("there is no column \"{}\"; {help}", shown(name)));
            };
            let other = other.trim();
            let other = match other.strip_prefix('"') {
                Some(rest) => rest.strip_suffix('"').unwrap_or(rest).replace("\"\"", "\""),
                None => other.to_owned(),
            };
            if other.is_empty() {
                return Err(format!("the name of {column} is empty; write {column}=NAME"));
            }
            pairs.push((column, other));
        }
        Ok(Self(pairs))
    }
}

/// Splits a mapping at the commas that are not in quotes.
fn split(text: &str) -> Result<Vec<&str>, String> {
    let (mut parts, mut start, mut is_quoted) = (Vec::new(), 0, false);
    for (at, byte) in text.bytes().enumerate() {
        match byte {
            // A quotation mark inside of a name is a part of it.
            b'"' if is_quoted || text[..at].trim_end().ends_with('=') => is_quoted = !is_quoted,
            b',' if !is_quoted => {
                parts.push(&text[start..at]);
                start = at + 1;
            }
            _ => {}
        }
    }
    if is_quoted {
        return Err("a quotation mark is not closed; write one after the name".to_owned());
    }
    parts.push(&text[start..]);
    Ok(parts)
}

/// The columns that matter for plans, and by which names the inventory has them.
#[derive(Debug)]
pub(crate) struct Columns {
    /// The fields of a row: those with a fixed name, then the model, then what predicates ask for.
    fields: Vec<Column>,
    /// The number of the field of each column, by its name in the inventory.
    by_name: Map<String, usize>,
    /// The names that the user maps, of fields that matter.
    mapped: Vec<String>,
    /// Whether the model itself matters, and not only the platform that it tells.
    pub(crate) has_model: bool,
}

/// The numbers of the fields with a fixed place.
pub(crate) mod field {
    pub(crate) const ID: usize = 0;
    pub(crate) const PLATFORM: usize = 1;
    pub(crate) const VERSION: usize = 2;
    pub(crate) const BUILD: usize = 3;
    pub(crate) const ENROLLMENT: usize = 4;
    pub(crate) const SUPERVISED: usize = 5;
    pub(crate) const MODEL: usize = 6;
}

/// What the name of a column stands for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Use {
    /// The field with this number.
    Field(usize),
    /// A JSON object of this name may hold columns that matter.
    Below,
    /// A known column that does not matter.
    Ignored,
    Unknown,
}

impl Columns {
    /// The columns for predicates that ask for these status items and properties. A catalogue asks for the model too.
    pub(crate) fn new(
        (status, properties): &(BTreeSet<String>, BTreeSet<String>),
        has_catalog: bool,
        mappings: &[Mapping],
    ) -> Result<Self, String> {
        let mut items: BTreeSet<&str> = status.iter().flat_map(|name| with_parents(name)).collect();
        items.retain(|name| StatusItem::full_name(name).is_some_and(|full| full == **name));
        if has_catalog {
            items.extend([DEVICE_ID, MODEL]);
        }
        let has_model = items.remove(MODEL);
        let properties: BTreeSet<&str> = properties.iter().flat_map(|name| with_parents(name)).collect();
        let fields: Vec<Column> = FIXED
            .into_iter()
            .map(|(_, column)| column)
            .chain([Column::Status(MODEL.to_owned())])
            .chain(items.into_iter().map(|name| Column::Status(name.to_owned())))
            .chain(properties.into_iter().map(|name| Column::Property(name.to_owned())))
            .collect();
        let mut columns = Self { by_name: Map::default(), mapped: Vec::new(), has_model, fields };
        for (column, other) in mappings.iter().flat_map(|mapping| &mapping.0) {
            let Some(at) = columns.fields.iter().position(|field| field == column) else { continue };
            if columns.by_name.values().any(|taken| *taken == at) {
                return Err(format!("--columns names {column} twice"));
            }
            if columns.by_name.insert(other.clone(), at).is_some() {
                return Err(format!("--columns takes \"{}\" for two columns", shown(other)));
            }
            columns.mapped.push(other.clone());
        }
        let mapped: BTreeSet<usize> = columns.by_name.values().copied().collect();
        for (at, field) in columns.fields.iter().enumerate().filter(|(at, _)| !mapped.contains(at)) {
            columns.by_name.entry(field.to_string()).or_insert(at);
        }
        Ok(columns)
    }

    /// The fields of a row.
    pub(crate) fn fields(&self) -> &[Column] {
        &self.fields
    }

    /// The names that the user maps to columns that matter.
    pub(crate) fn mapped(&self) -> &[String] {
        &self.mapped
    }

    /// The field with the exact name of a column.
    fn field(&self, name: &str) -> Option<usize> {
        self.by_name.get(name).copied()
    }

    /// What the name of a column stands for.
    pub(crate) fn uses(&self, name: &str) -> Use {
        if let Some(at) = self.field(name.trim()) {
            return Use::Field(at);
        }
        if self.by_name.keys().any(|known| known.strip_prefix(name).is_some_and(|rest| rest.starts_with('.'))) {
            return Use::Below;
        }
        let Some(column) = Column::named(name) else { return Use::Unknown };
        // A column that the user maps has another name.
        self.field(&column.to_string()).filter(|at| self.fields[*at] == column).map_or(Use::Ignored, Use::Field)
    }

    /// A remark about columns that are not known: what was probably meant, and how to map.
    pub(crate) fn unknown(names: &[String]) -> Option<String> {
        const MOST: usize = 5;
        let mut words: Vec<String> = Vec::new();
        // Those with a suggestion first.
        let near: Vec<(&String, Option<String>)> = names.iter().map(|name| (name, Column::near(name))).collect();
        for (name, near) in near.iter().filter(|(_, near)| near.is_some()).chain(near.iter().filter(|(_, near)| near.is_none())) {
            if words.len() == MOST {
                break;
            }
            words.push(match near {
                Some(near) => format!("\"{}\" (did you mean {near}?)", shown(name)),
                None => format!("\"{}\"", shown(name)),
            });
        }
        let more = names.len().saturating_sub(MOST);
        if more > 0 {
            words.push(format!("{more} more"));
        }
        let plural = if names.len() == 1 { "this column is" } else { "these columns are" };
        (!names.is_empty())
            .then(|| format!("{plural} not used: {}; --columns maps names, such as version=\"OS Version\"", list(&words, "and")))
    }
}

/// A name and those above it: `a.b.c`, `a.b`, `a`.
fn with_parents(name: &str) -> impl Iterator<Item = &str> {
    std::iter::successors(Some(name), |name| name.rsplit_once('.').map(|(above, _)| above))
}
