//! The keys of `ddmc.toml`: one row each.

use chrono::NaiveDate;
use regex::Regex;

use super::Globs;
use super::read::{Located, Node, Reader};
use super::rule_id::RuleId;
use super::toml_value::TomlValue;
use crate::apple::{Channel, Identifier, LocalDateTime, Target};
use crate::diagnostic::Severity;
use crate::limits::MAX_ITEMS;
use crate::set::Activations;

/// One key of a section, with the type of its value.
pub(crate) struct Setting<D: 'static, T: 'static> {
    name: &'static str,
    /// Its meaning, in one line.
    meaning: &'static str,
    is_required: bool,
    set: fn(&mut D, Located<T>),
}

/// A [`Setting`] with the type of its value erased.
pub(crate) trait Row<D>: Sync {
    fn name(&self) -> &'static str;
    fn meaning(&self) -> &'static str;
    fn is_required(&self) -> bool;
    /// Whether its value is a table or an array of tables.
    fn is_table(&self) -> bool;
    /// The key with an example value.
    fn usage(&self) -> String;
    fn schema(&self) -> serde_json::Value;
    /// Reads the value into its field, or reports what is wrong with it.
    fn read(&self, node: &Node<'_, '_>, reader: &mut Reader<'_>, into: &mut D);
}

impl<D, T: TomlValue> Row<D> for Setting<D, T> {
    fn name(&self) -> &'static str {
        self.name
    }

    fn meaning(&self) -> &'static str {
        self.meaning
    }

    fn is_required(&self) -> bool {
        self.is_required
    }

    fn is_table(&self) -> bool {
        T::IS_TABLE
    }

    fn usage(&self) -> String {
        T::usage(self.name)
    }

    fn schema(&self) -> serde_json::Value {
        let mut schema = T::schema();
        schema["description"] = self.meaning.into();
        schema
    }

    fn read(&self, node: &Node<'_, '_>, reader: &mut Reader<'_>, into: &mut D) {
        if let Some(value) = T::read(node, reader) {
            (self.set)(into, Located { value, place: reader.place(node) });
        }
    }
}

/// A table of the file, with known keys.
pub(crate) trait Section: Default + 'static {
    /// The maximum number of such tables in a file.
    const MAX_ITEMS: usize = MAX_ITEMS;

    const ROWS: &'static [&'static dyn Row<Self>];
}

/// The levels of rules, in the order of the file; `None` is off.
#[derive(Debug, Default)]
pub(crate) struct Levels(pub(crate) Vec<Located<(RuleId, Option<Severity>)>>);

/// The top-level keys and tables of the file.
#[derive(Debug, Default)]
pub(crate) struct Top {
    pub(crate) exclude: Option<Located<Globs>>,
    pub(crate) targets: Option<Located<Vec<Target>>>,
    pub(crate) as_of: Option<Located<LocalDateTime>>,
    pub(crate) fail_on: Option<Located<Severity>>,
    pub(crate) placeholders: Option<Located<Vec<Regex>>>,
    pub(crate) catalog: Option<Located<CatalogPath>>,
    pub(crate) apple_schema: Option<Located<SchemaPath>>,
    pub(crate) activations: Option<Located<Activations>>,
    pub(crate) rules: Levels,
    pub(crate) keys: Keys,
    pub(crate) files: Vec<Located<Files>>,
    pub(crate) ignore: Vec<Located<Ignore>>,
    pub(crate) sets: Vec<Located<Set>>,
    pub(crate) policies: Vec<Located<PolicyFile>>,
}

impl Section for Top {
    const ROWS: &'static [&'static dyn Row<Self>] = &[
        &Setting {
            name: "exclude",
            meaning: "patterns of files and folders to skip, unless the command line names them",
            is_required: false,
            set: |top: &mut Self, exclude| top.exclude = Some(exclude),
        },
        &Setting {
            name: "targets",
            meaning: "the target devices of the declarations, written as for --target",
            is_required: false,
            set: |top: &mut Self, targets: Located<Vec<Target>>| top.targets = Some(targets),
        },
        &Setting {
            name: "as-of",
            meaning: "the local time to judge deadlines by, instead of now",
            is_required: false,
            set: |top: &mut Self, as_of| top.as_of = Some(as_of),
        },
        &Setting {
            name: "fail-on",
            meaning: "the lowest severity that makes the command fail",
            is_required: false,
            set: |top: &mut Self, fail_on: Located<Severity>| top.fail_on = Some(fail_on),
        },
        &Setting {
            name: "placeholders",
            meaning: "regular expressions of further placeholders: a value that contains one is filled in later and not checked",
            is_required: false,
            set: |top: &mut Self, placeholders: Located<Vec<Regex>>| top.placeholders = Some(placeholders),
        },
        &Setting {
            name: "catalog",
            meaning: "a file with the releases that Apple offers (GDMF or SOFA), relative to the folder of this file",
            is_required: false,
            set: |top: &mut Self, catalog: Located<CatalogPath>| top.catalog = Some(catalog),
        },
        &Setting {
            name: "apple-schema",
            meaning: "a checkout of Apple's device-management repository, whose schema is used instead of the built-in one, relative to the folder of this file",
            is_required: false,
            set: |top: &mut Self, folder: Located<SchemaPath>| top.apple_schema = Some(folder),
        },
        &Setting {
            name: "activations",
            meaning: "who activates the configurations that no activation references: \"declared\" if nothing does, \"server\" if the MDM server does (Fleet, Jamf, SimpleMDM, Zentral)",
            is_required: false,
            set: |top: &mut Self, activations: Located<Activations>| top.activations = Some(activations),
        },
        &Setting {
            name: "rules",
            meaning: "the severities of rules, by rule id",
            is_required: false,
            set: |top: &mut Self, rules: Located<Levels>| top.rules = rules.value,
        },
        &Setting {
            name: "keys",
            meaning: "keys that Apple's schema lacks",
            is_required: false,
            set: |top: &mut Self, keys: Located<Located<Keys>>| top.keys = keys.value.value,
        },
        &Setting {
            name: "files",
            meaning: "settings for some files only; if several entries match a file, the last one wins",
            is_required: false,
            set: |top: &mut Self, files: Located<Vec<Located<Files>>>| top.files = files.value,
        },
        &Setting {
            name: "ignore",
            meaning: "accepted findings",
            is_required: false,
            set: |top: &mut Self, ignore: Located<Vec<Located<Ignore>>>| top.ignore = ignore.value,
        },
        &Setting {
            name: "sets",
            meaning: "declarations that are active together on a device, to check against one another",
            is_required: false,
            set: |top: &mut Self, sets: Located<Vec<Located<Set>>>| top.sets = sets.value,
        },
        &Setting {
            name: "policies",
            meaning: "your organisation's own rules, as for --policy",
            is_required: false,
            set: |top: &mut Self, policies: Located<Vec<Located<PolicyFile>>>| top.policies = policies.value,
        },
    ];
}

/// A `[[files]]` entry: settings for some files.
#[derive(Debug, Default)]
pub(crate) struct Files {
    pub(crate) paths: Option<Located<Globs>>,
    pub(crate) targets: Option<Located<Vec<Target>>>,
    pub(crate) channel: Option<Located<Channel>>,
    pub(crate) as_of: Option<Located<LocalDateTime>>,
    pub(crate) rules: Levels,
}

impl Section for Files {
    const ROWS: &'static [&'static dyn Row<Self>] = &[
        &Setting {
            name: "paths",
            meaning: "patterns of the files, relative to the folder of the configuration file; a folder matches everything in it",
            is_required: true,
            set: |files: &mut Self, paths| files.paths = Some(paths),
        },
        &Setting {
            name: "targets",
            meaning: "the target devices of these files",
            is_required: false,
            set: |files: &mut Self, targets: Located<Vec<Target>>| files.targets = Some(targets),
        },
        &Setting {
            name: "channel",
            meaning: "the channel of the declarations in these files, unless they name it in PayloadScope: \"device\" or \"user\"",
            is_required: false,
            set: |files: &mut Self, channel: Located<Channel>| files.channel = Some(channel),
        },
        &Setting {
            name: "as-of",
            meaning: "the local time to judge deadlines in these files by",
            is_required: false,
            set: |files: &mut Self, as_of| files.as_of = Some(as_of),
        },
        &Setting {
            name: "rules",
            meaning: "the severities of rules in these files",
            is_required: false,
            set: |files: &mut Self, rules: Located<Levels>| files.rules = rules.value,
        },
    ];
}

/// The table `[keys]`.
#[derive(Debug, Default)]
pub(crate) struct Keys {
    pub(crate) allow: Option<Located<Vec<AllowedKey>>>,
}

/// The name of a key, or the JSON pointer to it.
#[derive(Debug, Clone)]
pub(crate) struct AllowedKey(pub(crate) String);

impl Section for Keys {
    const ROWS: &'static [&'static dyn Row<Self>] = &[&Setting {
        name: "allow",
        meaning: "names of keys, or JSON pointers to them, that are accepted although Apple's schema lacks them",
        is_required: false,
        set: |keys: &mut Self, allow: Located<Vec<AllowedKey>>| keys.allow = Some(allow),
    }];
}

/// An `[[ignore]]` entry: accepted findings of a rule.
#[derive(Debug, Default)]
pub(crate) struct Ignore {
    pub(crate) rule: Option<Located<RuleId>>,
    pub(crate) paths: Option<Located<Globs>>,
    pub(crate) pointer: Option<Located<Pointer>>,
    pub(crate) reason: Option<Located<Reason>>,
    pub(crate) until: Option<Located<NaiveDate>>,
}

/// A JSON pointer, which covers its value and everything in it.
#[derive(Debug, Clone)]
pub(crate) struct Pointer(pub(crate) String);

/// The path of a catalogue.
#[derive(Debug, Clone)]
pub(crate) struct CatalogPath(pub(crate) String);

/// The path of a checkout of Apple's schema.
#[derive(Debug, Clone)]
pub(crate) struct SchemaPath(pub(crate) String);

/// The path of a file with policies.
#[derive(Debug, Clone)]
pub(crate) struct PolicyPath(pub(crate) String);

/// Why a finding is accepted.
#[derive(Debug, Clone)]
pub(crate) struct Reason(pub(crate) String);

impl Section for Ignore {
    const ROWS: &'static [&'static dyn Row<Self>] = &[
        &Setting {
            name: "rule",
            meaning: "the rule whose findings are accepted",
            is_required: true,
            set: |ignore: &mut Self, rule: Located<RuleId>| ignore.rule = Some(rule),
        },
        &Setting {
            name: "paths",
            meaning: "patterns of the files in which the findings are accepted",
            is_required: true,
            set: |ignore: &mut Self, paths| ignore.paths = Some(paths),
        },
        &Setting {
            name: "pointer",
            meaning: "a JSON pointer: accept only findings at this place in a declaration or below it",
            is_required: false,
            set: |ignore: &mut Self, pointer: Located<Pointer>| ignore.pointer = Some(pointer),
        },
        &Setting {
            name: "reason",
            meaning: "why the findings are accepted",
            is_required: true,
            set: |ignore: &mut Self, reason: Located<Reason>| ignore.reason = Some(reason),
        },
        &Setting {
            name: "until",
            meaning: "the last day on which the findings are accepted",
            is_required: false,
            set: |ignore: &mut Self, until| ignore.until = Some(until),
        },
    ];
}

/// A `[[sets]]` entry: declarations that are active together.
#[derive(Debug, Default)]
pub(crate) struct Set {
    pub(crate) paths: Option<Located<Globs>>,
    pub(crate) identifier: Option<Located<SetIdentifier>>,
    pub(crate) channel: Option<Located<Channel>>,
}

/// The beginning of the identifiers of merged declarations.
#[derive(Debug, Clone)]
pub(crate) struct SetIdentifier(pub(crate) Identifier);

impl Section for Set {
    // Each set is checked as a whole, even if sets overlap.
    const MAX_ITEMS: usize = 200;

    const ROWS: &'static [&'static dyn Row<Self>] = &[
        &Setting {
            name: "paths",
            meaning: "patterns of the files whose declarations are active together",
            is_required: true,
            set: |set: &mut Self, paths| set.paths = Some(paths),
        },
        &Setting {
            name: "identifier",
            meaning: "the beginning of the identifiers that ddmc merge gives to merged declarations of the set",
            is_required: false,
            set: |set: &mut Self, identifier: Located<SetIdentifier>| set.identifier = Some(identifier),
        },
        &Setting {
            name: "channel",
            meaning: "the channel of the set's declarations, unless they or their [[files]] entry name it: \"device\" or \"user\"",
            is_required: false,
            set: |set: &mut Self, channel: Located<Channel>| set.channel = Some(channel),
        },
    ];
}

/// A `[[policies]]` entry: a file with an organisation's own rules.
#[derive(Debug, Default)]
pub(crate) struct PolicyFile {
    pub(crate) file: Option<Located<PolicyPath>>,
    pub(crate) paths: Option<Located<Globs>>,
}

impl Section for PolicyFile {
    // Every policy file is read and validated on each run.
    const MAX_ITEMS: usize = 200;

    const ROWS: &'static [&'static dyn Row<Self>] = &[
        &Setting {
            name: "file",
            meaning: "a file with one policy or an array of policies, relative to the folder of this file",
            is_required: true,
            set: |policies: &mut Self, file: Located<PolicyPath>| policies.file = Some(file),
        },
        &Setting {
            name: "paths",
            meaning: "patterns of the files that the policies apply to; without it, all files",
            is_required: false,
            set: |policies: &mut Self, paths| policies.paths = Some(paths),
        },
    ];
}
