//! Reads keys and their value types.

use super::support::Columns;
use super::{File, MAX_ROWS};
use crate::apple::schema::{ANY, Combine, NewKey, NewValue, Scalar, Text};
use crate::syntax::yaml::NodeId;

/// The maximum nesting of keys, with aliases followed.
const MAX_LEVELS: usize = 64;

const KEY_ATTRIBUTES: &[&str] = &[
    "key",
    "supportedOS",
    "type",
    "assettypes",
    "asset-content-types",
    "presence",
    "rangelist",
    "range",
    "default",
    "repetition",
    "combinetype",
    "subkeys",
];

/// Attributes that only some value types allow.
const RESTRICTIONS: [(&str, &[&str]); 3] =
    [("range", &["<integer>"]), ("rangelist", &["<integer>", "<string>"]), ("subkeys", &["<array>", "<dictionary>"])];

/// A list of subkeys being read.
#[derive(Debug, Clone, Copy)]
pub(super) struct Level {
    list: NodeId,
    /// Whether the list holds the keys of an object rather than the items of an array or a map.
    is_object: bool,
}

/// A key, and the bounds of its repetition if it is an array item.
struct Item {
    key: NewKey,
    min: u32,
    max: u32,
}

impl File<'_> {
    /// Reads the keys of an object.
    pub(super) fn object(&mut self, list: NodeId, parent: &Columns) -> Vec<NewKey> {
        self.below(list, true, |file| file.items(list).into_iter().filter_map(|key| file.key(key, parent)).collect())
    }

    /// Calls `read` with a list of subkeys open.
    fn below<T>(&mut self, list: NodeId, is_object: bool, read: impl FnOnce(&mut Self) -> T) -> T {
        self.open.push(Level { list: self.tree.target(list), is_object });
        let result = read(self);
        self.open.pop();
        result
    }

    fn key(&mut self, node: NodeId, parent: &Columns) -> Option<NewKey> {
        let Item { key, min, max } = self.item(node, parent)?;
        if (min, max) != (0, u32::MAX) {
            self.complain(node, format!("`repetition` is not supported for {}, which is not an array item", key.name));
        }
        Some(key)
    }

    fn item(&mut self, node: NodeId, parent: &Columns) -> Option<Item> {
        self.spend(node, 1)?;
        if self.open.len() > MAX_LEVELS {
            self.complain(node, format!("the keys are nested more than {MAX_LEVELS} levels deep"));
            return None;
        }
        let attributes = self.attributes(node, "a key", KEY_ATTRIBUTES)?;
        let (Some(name), Some(kind)) = (attributes.get("key"), attributes.get("type")) else {
            self.complain(node, "a key must have a name and a type");
            return None;
        };
        let (name, kind_name) = (self.name(name)?, self.string(kind)?);
        let mut columns = parent.clone();
        if let Some(node) = attributes.get("supportedOS") {
            self.override_support(&mut columns, node);
        }
        for (attribute, kinds) in RESTRICTIONS {
            if let Some(node) = attributes.get(attribute)
                && !kinds.contains(&&*kind_name)
            {
                self.complain(node, format!("`{attribute}` is not supported for the type {kind_name}"));
            }
        }
        let (subkeys, numbers) = (attributes.get("subkeys"), attributes.get("range"));
        let words = attributes.get("rangelist");
        let value = match &*kind_name {
            "<boolean>" => NewValue::Boolean,
            "<integer>" => self.integer(words, numbers)?,
            "<real>" => NewValue::Real,
            "<string>" => match words {
                Some(node) => NewValue::Enum(self.texts(node)?),
                None => NewValue::String,
            },
            "<date>" => NewValue::Date,
            "<data>" => NewValue::Data,
            "<any>" => NewValue::Any,
            "<array>" => self.array(subkeys, &columns),
            "<dictionary>" => self.dictionary(subkeys, &columns),
            other => {
                self.complain(kind, format!("the type {other} is unknown"));
                NewValue::Any
            }
        };
        let (min, max) = match attributes.get("repetition") {
            Some(node) => self.bounds(node, "`repetition`").unwrap_or((None, None)),
            None => (None, None),
        };
        let key = NewKey {
            default: attributes.get("default").and_then(|node| self.default(node, &value)),
            name: Text::Owned(name),
            value,
            is_required: attributes.get("presence").and_then(|node| self.one_of(node, PRESENCE)).unwrap_or_default(),
            combine: attributes.get("combinetype").and_then(|node| self.one_of(node, &combine_rules())),
            support: columns.support(),
            assets: attributes.get("assettypes").map_or(Some(Vec::new()), |node| self.texts(node))?,
            media: attributes.get("asset-content-types").map_or(Some(Vec::new()), |node| self.texts(node))?,
        };
        Some(Item { key, min: min.unwrap_or(0), max: max.unwrap_or(u32::MAX) })
    }

    fn integer(&mut self, values: Option<NodeId>, range: Option<NodeId>) -> Option<NewValue> {
        if let Some(node) = values {
            let items = self.items(node);
            self.spend(node, items.len())?;
            let numbers = items.into_iter().filter_map(|item| self.parse(item, "an integer"));
            return Some(NewValue::Integers(numbers.collect()));
        }
        let (min, max) = range.and_then(|node| self.bounds(node, "`range`")).unwrap_or_default();
        Some(NewValue::Integer { min: min.unwrap_or(i64::MIN), max: max.unwrap_or(i64::MAX) })
    }

    /// Reads the bounds of a range. Both are optional.
    fn bounds<T: std::str::FromStr>(&mut self, node: NodeId, owner: &str) -> Option<(Option<T>, Option<T>)> {
        let bounds = self.attributes(node, owner, &["min", "max"])?;
        let mut bound = |name| bounds.get(name).and_then(|node| self.parse(node, "an integer"));
        Some((bound("min"), bound("max")))
    }

    fn texts(&mut self, node: NodeId) -> Option<Vec<Text>> {
        let texts = self.strings(node);
        self.spend(node, texts.len())?;
        Some(texts.into_iter().map(Text::Owned).collect())
    }

    fn array(&mut self, subkeys: Option<NodeId>, parent: &Columns) -> NewValue {
        let list = subkeys.map(|node| (node, self.items(node)));
        let item = match list {
            Some((list, items)) if items.len() == 1 => {
                if self.is_open(list) {
                    self.complain(list, "an array that contains itself is not supported");
                    anything(parent)
                } else {
                    let item = self.below(list, false, |file| file.item(items[0], parent));
                    item.unwrap_or_else(|| anything(parent))
                }
            }
            Some((list, _)) => {
                self.complain(list, "an array must have exactly one item type");
                anything(parent)
            }
            None => anything(parent),
        };
        NewValue::Array { item: Box::new(item.key), min: item.min, max: item.max }
    }

    fn dictionary(&mut self, subkeys: Option<NodeId>, parent: &Columns) -> NewValue {
        let Some(list) = subkeys else { return map(anything(parent)) };
        if let Some(levels) = self.levels_to(list) {
            return NewValue::Ancestor(levels);
        }
        if self.is_open(list) {
            self.complain(list, "this form of recursive keys is not supported");
            return map(anything(parent));
        }
        let items = self.items(list);
        if !items.iter().any(|item| self.is_any(*item)) {
            return NewValue::Object(self.object(list, parent));
        }
        let [only] = items[..] else {
            self.complain(list, "`ANY` beside other keys is not supported");
            return map(anything(parent));
        };
        map(self.below(list, false, |file| file.item(only, parent)).unwrap_or_else(|| anything(parent)))
    }

    fn is_any(&self, key: NodeId) -> bool {
        let is_key =
            |(name, value): &(NodeId, NodeId)| self.tree.scalar(*name) == Some("key") && self.tree.scalar(*value) == Some(ANY);
        self.tree.pairs(key).is_some_and(|pairs| pairs.iter().any(is_key))
    }

    fn is_open(&self, list: NodeId) -> bool {
        self.open.iter().any(|level| level.list == self.tree.target(list))
    }

    /// How many levels up the object with these keys is: 1 is the parent of the current key.
    fn levels_to(&self, list: NodeId) -> Option<usize> {
        let list = self.tree.target(list);
        let objects = self.open.iter().rev().filter(|level| level.is_object);
        objects.enumerate().find(|(_, level)| level.list == list).map(|(at, _)| at + 1)
    }

    fn default(&mut self, node: NodeId, value: &NewValue) -> Option<Scalar> {
        match value {
            NewValue::Boolean => self.parse(node, "a boolean").map(Scalar::Boolean),
            NewValue::Integer { .. } | NewValue::Integers(_) => self.parse(node, "an integer").map(Scalar::Integer),
            NewValue::Real => self.parse(node, "a number").map(Scalar::Real),
            NewValue::String | NewValue::Enum(_) => self.string(node).map(|text| Scalar::String(Text::Owned(text))),
            _ => {
                self.complain(node, "a default is not supported for this type");
                None
            }
        }
    }

    /// Counts upcoming rows. Complains once when there are too many.
    fn spend(&mut self, node: NodeId, rows: usize) -> Option<()> {
        let before = self.state.rows;
        self.state.rows = before.saturating_add(rows);
        if self.state.rows <= MAX_ROWS {
            return Some(());
        }
        if before <= MAX_ROWS {
            self.complain(node, format!("more than {MAX_ROWS} keys, values and names; the rest is left out"));
        }
        None
    }
}

const PRESENCE: &[(&str, bool)] = &[("required", true), ("optional", false)];

fn combine_rules() -> [(&'static str, Combine); 10] {
    Combine::ALL.map(|rule| (rule.name(), rule))
}

/// The item of an array or a map with any content.
fn anything(parent: &Columns) -> Item {
    let key = NewKey {
        name: Text::Borrowed(ANY),
        value: NewValue::Any,
        is_required: false,
        default: None,
        combine: None,
        support: parent.support(),
        assets: Vec::new(),
        media: Vec::new(),
    };
    Item { key, min: 0, max: u32::MAX }
}

fn map(item: Item) -> NewValue {
    NewValue::Map(Box::new(item.key))
}
