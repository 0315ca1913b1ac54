//! Reads Apple's YAML. The program reads the same files with code of its own.

use std::cell::OnceCell;
use std::collections::{BTreeMap, HashMap};
use std::fs;
use std::ops::Deref;
use std::path::{Path, PathBuf};
use std::rc::Rc;

use saphyr_parser::{Event, Parser};

/// Apple's schema: the keys of every declaration, and the types.
pub(crate) struct Schema {
    pub(crate) envelope: Vec<Key>,
    pub(crate) types: Vec<Page>,
}

/// A file of the schema.
#[derive(Default)]
pub(crate) struct Page {
    pub(crate) payload: Head,
    pub(crate) payloadkeys: Keys,
}

#[derive(Default)]
pub(crate) struct Head {
    pub(crate) declarationtype: String,
    /// How several declarations apply: `single`, `multiple` or `combined`.
    pub(crate) apply: String,
    pub(crate) supported: Platforms,
}

/// A key, with Apple's words.
#[derive(Default)]
pub(crate) struct Key {
    pub(crate) name: String,
    pub(crate) kind: String,
    pub(crate) presence: Option<String>,
    pub(crate) range: Option<Range>,
    pub(crate) rangelist: Vec<String>,
    /// How often an item occurs in its array.
    pub(crate) repetition: Option<Range>,
    pub(crate) default: Option<String>,
    pub(crate) combine: Option<String>,
    pub(crate) supported: Platforms,
    pub(crate) subkeys: Keys,
    /// Valid values, if the type alone does not determine them.
    pub(crate) examples: Vec<String>,
}

/// Inclusive bounds.
#[derive(Default, Clone, Copy)]
pub(crate) struct Range {
    pub(crate) min: Option<i64>,
    pub(crate) max: Option<i64>,
}

/// Keys of one object. An alias in the YAML is the same list again, also inside itself.
#[derive(Clone, Default)]
pub(crate) struct Keys(Rc<OnceCell<Vec<Key>>>);

/// `supportedOS` as written at one place, by platform.
pub(crate) type Platforms = BTreeMap<String, Facts>;

/// What `supportedOS` says about a platform. Whatever is absent applies as in the enclosing key.
#[derive(Clone, Default)]
pub(crate) struct Facts {
    pub(crate) introduced: Option<String>,
    pub(crate) deprecated: Option<String>,
    pub(crate) removed: Option<String>,
    pub(crate) enrollments: Option<Vec<String>>,
    pub(crate) scopes: Option<Vec<String>>,
    /// The scopes on Shared iPad.
    pub(crate) shared: Option<Vec<String>>,
}

impl Schema {
    /// Reads a checkout of Apple's repository.
    pub(crate) fn read(checkout: &Path) -> Self {
        let folder = checkout.join("declarative/declarations");
        let mut files: Vec<PathBuf> = Vec::new();
        for part in ["activations", "assets", "configurations", "management"] {
            let entries = fs::read_dir(folder.join(part)).expect("the folder can be read");
            files.extend(entries.map(|entry| entry.expect("the folder can be read").path()));
        }
        // Folders hold the data that assets deliver, which are not declarations.
        files.retain(|path| path.is_file());
        files.sort();
        let envelope = Page::read(&folder.join("declarationbase.yaml")).payloadkeys.0;
        let mut envelope = Rc::into_inner(envelope).and_then(OnceCell::into_inner).expect("the envelope has keys");
        for key in envelope.iter_mut().filter(|key| key.name == "ServerToken") {
            // Required only on the wire: the server adds it.
            key.presence = None;
        }
        Self { envelope, types: files.iter().map(|path| Page::read(path)).collect() }
    }

    pub(crate) fn find(&self, declaration_type: &str) -> Option<&Page> {
        self.types.iter().find(|page| page.payload.declarationtype == declaration_type)
    }

    /// The names of all keys at all levels, except `ANY`.
    pub(crate) fn names(&self) -> Vec<&str> {
        fn collect<'s>(keys: &'s [Key], open: &mut Vec<*const Key>, names: &mut Vec<&'s str>) {
            if open.contains(&keys.as_ptr()) {
                return;
            }
            open.push(keys.as_ptr());
            for key in keys {
                names.extend(Some(&*key.name).filter(|name| *name != "ANY"));
                collect(&key.subkeys, open, names);
            }
            open.pop();
        }
        let mut names = Vec::new();
        for keys in self.types.iter().map(|page| &*page.payloadkeys).chain([&*self.envelope]) {
            collect(keys, &mut Vec::new(), &mut names);
        }
        names
    }
}

impl Page {
    fn read(path: &Path) -> Self {
        let text = fs::read_to_string(path).expect("a file of the schema can be read");
        let yaml = Yaml::parse(&text);
        let mut reader = Reader { yaml: &yaml, lists: HashMap::new(), file: path.display().to_string() };
        let root = 0;
        let head = yaml.get(root, "payload").expect("a file has a payload");
        let declarationtype = yaml.get(head, "declarationtype").map(|name| yaml.text(name)).unwrap_or_default();
        let supported = yaml.get(head, "supportedOS").map(|node| reader.platforms(node)).unwrap_or_default();
        let apply = yaml.get(head, "apply").map(|apply| yaml.text(apply)).unwrap_or_default();
        let payloadkeys = yaml.get(root, "payloadkeys").map(|list| reader.keys(list)).unwrap_or_default();
        Self { payload: Head { declarationtype, apply, supported }, payloadkeys }
    }
}

impl Key {
    pub(crate) fn is_required(&self) -> bool {
        self.presence.as_deref() == Some("required")
    }

    /// The item of this array, if Apple defines it. It is the only subkey, whose name does not occur in documents.
    pub(crate) fn item(&self) -> Option<&Self> {
        assert!(self.subkeys.len() <= 1, "{}: all items of an array have one type", self.name);
        self.subkeys.first()
    }
}

/// The key that stands for all keys, if an object can have any.
pub(crate) fn wildcard(keys: &[Key]) -> Option<&Key> {
    keys.iter().find(|key| key.name == "ANY")
}

impl Range {
    pub(crate) fn contains(self, number: i128) -> bool {
        self.min.is_none_or(|min| i128::from(min) <= number) && self.max.is_none_or(|max| number <= i128::from(max))
    }
}

impl From<Vec<Key>> for Keys {
    fn from(keys: Vec<Key>) -> Self {
        Self(Rc::new(OnceCell::from(keys)))
    }
}

impl Deref for Keys {
    type Target = [Key];

    fn deref(&self) -> &[Key] {
        self.0.get().map_or(&[], Vec::as_slice)
    }
}

impl Facts {
    /// These facts, and for the rest those of the enclosing key.
    pub(crate) fn inside(&self, outer: &Self) -> Self {
        Self {
            introduced: self.introduced.clone().or_else(|| outer.introduced.clone()),
            deprecated: self.deprecated.clone().or_else(|| outer.deprecated.clone()),
            removed: self.removed.clone().or_else(|| outer.removed.clone()),
            enrollments: self.enrollments.clone().or_else(|| outer.enrollments.clone()),
            scopes: self.scopes.clone().or_else(|| outer.scopes.clone()),
            shared: self.shared.clone().or_else(|| outer.shared.clone()),
        }
    }
}

/// Converts the nodes of a file to keys.
struct Reader<'y> {
    yaml: &'y Yaml,
    /// The lists of keys so far, complete or not.
    lists: HashMap<usize, Keys>,
    file: String,
}

impl Reader<'_> {
    fn keys(&mut self, list: usize) -> Keys {
        if let Some(keys) = self.lists.get(&list) {
            return keys.clone();
        }
        let keys = Keys::default();
        self.lists.insert(list, keys.clone());
        let read = self.yaml.items(list).iter().map(|key| self.key(*key)).collect();
        assert!(keys.0.set(read).is_ok(), "a list is read once");
        keys
    }

    fn key(&mut self, node: usize) -> Key {
        let yaml = self.yaml;
        let mut key = Key::default();
        for (name, value) in yaml.members(node) {
            let value = *value;
            match name.as_str() {
                "key" => key.name = yaml.text(value),
                "type" => key.kind = yaml.text(value),
                "presence" => key.presence = Some(yaml.text(value)),
                "range" => key.range = Some(self.range(value)),
                "repetition" => key.repetition = Some(self.range(value)),
                "rangelist" => key.rangelist = yaml.texts(value),
                "default" => key.default = Some(yaml.text(value)),
                "combinetype" => key.combine = Some(yaml.text(value)),
                "supportedOS" => key.supported = self.platforms(value),
                "subkeys" => key.subkeys = self.keys(value),
                "title" | "content" | "subkeytype" | "assettypes" | "asset-content-types" => {}
                other => panic!("{}: these tests do not know the attribute {other} of {}", self.file, key.name),
            }
        }
        key
    }

    fn range(&self, node: usize) -> Range {
        let bound = |name| self.yaml.get(node, name).map(|bound| self.yaml.text(bound).parse().expect("a bound is an integer"));
        Range { min: bound("min"), max: bound("max") }
    }

    fn platforms(&self, node: usize) -> Platforms {
        self.yaml.members(node).iter().map(|(platform, facts)| (platform.clone(), self.facts(*facts))).collect()
    }

    fn facts(&self, node: usize) -> Facts {
        let yaml = self.yaml;
        let mut facts = Facts::default();
        for (name, value) in yaml.members(node) {
            let value = *value;
            match name.as_str() {
                "introduced" => facts.introduced = Some(yaml.text(value)),
                "deprecated" => facts.deprecated = Some(yaml.text(value)),
                "removed" => facts.removed = Some(yaml.text(value)),
                "allowed-enrollments" => facts.enrollments = Some(yaml.texts(value)),
                "allowed-scopes" => facts.scopes = Some(yaml.texts(value)),
                "sharedipad" => {
                    assert_eq!(yaml.members(value).len(), 1, "{}: only the scopes of Shared iPad are known", self.file);
                    facts.shared = yaml.get(value, "allowed-scopes").map(|scopes| yaml.texts(scopes));
                }
                other => panic!("{}: these tests do not know the attribute {other} of a platform", self.file),
            }
        }
        facts
    }
}

/// A YAML file. An alias is the number of the node that it names, which may enclose it.
struct Yaml(Vec<Node>);

enum Node {
    Text(String),
    List(Vec<usize>),
    Mapping(Vec<(String, usize)>),
}

impl Yaml {
    fn parse(text: &str) -> Self {
        let mut nodes: Vec<Node> = Vec::new();
        let mut anchors = HashMap::new();
        // The open lists and mappings, and the key of a mapping whose value is next.
        let mut open: Vec<(usize, Option<String>)> = Vec::new();
        for event in Parser::new_from_str(text) {
            let (event, _) = event.expect("Apple's files are YAML");
            let (node, anchor) = match event {
                Event::Scalar(text, _, anchor, _) => (Some(Node::Text(text.into_owned())), anchor),
                Event::SequenceStart(anchor, _) => (Some(Node::List(Vec::new())), anchor),
                Event::MappingStart(anchor, _) => (Some(Node::Mapping(Vec::new())), anchor),
                Event::Alias(anchor) => (None, anchor),
                Event::SequenceEnd | Event::MappingEnd => {
                    open.pop();
                    continue;
                }
                _ => continue,
            };
            let at = if node.is_some() { nodes.len() } else { anchors[&anchor] };
            if let Some((parent, key)) = open.last_mut() {
                match (&mut nodes[*parent], key.take(), &node) {
                    (Node::List(items), ..) => items.push(at),
                    (Node::Mapping(members), Some(key), _) => members.push((key, at)),
                    (Node::Mapping(_), None, Some(Node::Text(name))) => {
                        *key = Some(name.clone());
                        continue;
                    }
                    _ => panic!("the name of a member is a text"),
                }
            }
            if let Some(node) = node {
                anchors.insert(anchor, at);
                if !matches!(node, Node::Text(_)) {
                    open.push((at, None));
                }
                nodes.push(node);
            }
        }
        Self(nodes)
    }

    fn text(&self, node: usize) -> String {
        let Node::Text(text) = &self.0[node] else { panic!("a text is expected") };
        text.clone()
    }

    fn items(&self, node: usize) -> &[usize] {
        let Node::List(items) = &self.0[node] else { panic!("a list is expected") };
        items
    }

    fn texts(&self, node: usize) -> Vec<String> {
        self.items(node).iter().map(|item| self.text(*item)).collect()
    }

    fn members(&self, node: usize) -> &[(String, usize)] {
        let Node::Mapping(members) = &self.0[node] else { panic!("a mapping is expected") };
        members
    }

    fn get(&self, node: usize, name: &str) -> Option<usize> {
        self.members(node).iter().find(|(member, _)| member == name).map(|(_, value)| *value)
    }
}
