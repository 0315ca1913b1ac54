//! The keys of `ddmc.toml`: one row each.

use chrono::NaiveDate;
use regex::Regex;

use super::Globs;
use super::form::Form;
use super::read::{Given, Located, Reader};
use super::rule_id::RuleId;
use crate::apple::{LocalDateTime, Target};
use crate::diagnostic::Severity;

/// One key of a table of the file.
pub(crate) struct Setting<D: 'static, T: 'static> {
    name: &'static str,
    /// What it does, in one line.
    meaning: &'static str,
    is_required: bool,
    set: fn(&mut D, Located<T>),
}

/// A row without the type of its value.
pub(crate) trait Row<D>: Sync {
    fn name(&self) -> &'static str;
    fn meaning(&self) -> &'static str;
    fn is_required(&self) -> bool;
    /// The key with a value, as it could stand there.
    fn usage(&self) -> String;
    fn schema(&self) -> serde_json::Value;
    /// Reads the value into its field, or says what is wrong with it.
    fn read(&self, given: &Given<'_, '_>, reader: &mut Reader<'_>, into: &mut D);
}

impl<D, T: Form> Row<D> for Setting<D, T> {
    fn name(&self) -> &'static str {
        self.name
    }

    fn meaning(&self) -> &'static str {
        self.meaning
    }

    fn is_required(&self) -> bool {
        self.is_required
    }

    fn usage(&self) -> String {
        T::usage(self.name)
    }

    fn schema(&self) -> serde_json::Value {
        let mut schema = T::schema();
        schema["description"] = self.meaning.into();
        schema
    }

    fn read(&self, given: &Given<'_, '_>, reader: &mut Reader<'_>, into: &mut D) {
        if let Some(value) = T::read(given, reader) {
            (self.set)(into, Located { value, place: reader.place(given) });
        }
    }
}

/// A table of the file whose keys are known.
pub(crate) trait Section: Default + 'static {
    /// How many such tables a file may have.
    const MOST: usize = 10_000;

    const ROWS: &'static [&'static dyn Row<Self>];
}

/// The severities that rules are given, in the order of the file; `None` is off.
#[derive(Debug, Default)]
pub(crate) struct Levels(pub(crate) Vec<Located<(RuleId, Option<Severity>)>>);

/// The file as a whole.
#[derive(Debug, Default)]
pub(crate) struct Top {
    pub(crate) exclude: Option<Located<Globs>>,
    pub(crate) targets: Option<Located<Vec<Target>>>,
    pub(crate) as_of: Option<Located<LocalDateTime>>,
    pub(crate) fail_on: Option<Located<Severity>>,
    pub(crate) placeholders: Option<Located<Vec<Regex>>>,
    pub(crate) catalog: Option<Located<FileName>>,
    pub(crate) rules: Levels,
    pub(crate) files: Vec<Located<Files>>,
    pub(crate) ignore: Vec<Located<Ignore>>,
    pub(crate) sets: Vec<Located<Set>>,
    pub(crate) policies: Vec<Located<PolicyFile>>,
}

impl Section for Top {
    const ROWS: &'static [&'static dyn Row<Self>] = &[
        &Setting {
            name: "exclude",
            meaning: "patterns of files and folders that are not read, unless they are named as inputs",
            is_required: false,
            set: |top: &mut Self, exclude| top.exclude = Some(exclude),
        },
        &Setting {
            name: "targets",
            meaning: "the devices that the declarations are meant for, as --target has them",
            is_required: false,
            set: |top: &mut Self, targets: Located<Vec<Target>>| top.targets = Some(targets),
        },
        &Setting {
            name: "as-of",
            meaning: "the local time that deadlines are judged by, instead of now",
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
            meaning: "regular expressions of further placeholders: a value in which one of them is found is filled in later and not judged",
            is_required: false,
            set: |top: &mut Self, placeholders: Located<Vec<Regex>>| top.placeholders = Some(placeholders),
        },
        &Setting {
            name: "catalog",
            meaning: "a file with the releases that Apple offers (GDMF or SOFA), from the folder of this file on",
            is_required: false,
            set: |top: &mut Self, catalog: Located<FileName>| top.catalog = Some(catalog),
        },
        &Setting {
            name: "rules",
            meaning: "the severity of rules, by their names",
            is_required: false,
            set: |top: &mut Self, rules: Located<Levels>| top.rules = rules.value,
        },
        &Setting {
            name: "files",
            meaning: "what holds for some files only; of several entries that match a file, the last one wins",
            is_required: false,
            set: |top: &mut Self, files: Located<Vec<Located<Files>>>| top.files = files.value,
        },
        &Setting {
            name: "ignore",
            meaning: "findings that are known and accepted",
            is_required: false,
            set: |top: &mut Self, ignore: Located<Vec<Located<Ignore>>>| top.ignore = ignore.value,
        },
        &Setting {
            name: "sets",
            meaning: "declarations that are active together on a device; those of a run are judged against one another",
            is_required: false,
            set: |top: &mut Self, sets: Located<Vec<Located<Set>>>| top.sets = sets.value,
        },
        &Setting {
            name: "policies",
            meaning: "rules of your organisation's own, as --policy has them",
            is_required: false,
            set: |top: &mut Self, policies: Located<Vec<Located<PolicyFile>>>| top.policies = policies.value,
        },
    ];
}

/// What holds for some files.
#[derive(Debug, Default)]
pub(crate) struct Files {
    pub(crate) paths: Option<Located<Globs>>,
    pub(crate) targets: Option<Located<Vec<Target>>>,
    pub(crate) as_of: Option<Located<LocalDateTime>>,
    pub(crate) rules: Levels,
}

impl Section for Files {
    const ROWS: &'static [&'static dyn Row<Self>] = &[
        &Setting {
            name: "paths",
            meaning: "patterns of the files, from the folder of the configuration file on; a folder stands for everything in it",
            is_required: true,
            set: |files: &mut Self, paths| files.paths = Some(paths),
        },
        &Setting {
            name: "targets",
            meaning: "the devices that these files are meant for",
            is_required: false,
            set: |files: &mut Self, targets: Located<Vec<Target>>| files.targets = Some(targets),
        },
        &Setting {
            name: "as-of",
            meaning: "the local time that deadlines in these files are judged by",
            is_required: false,
            set: |files: &mut Self, as_of| files.as_of = Some(as_of),
        },
        &Setting {
            name: "rules",
            meaning: "the severity of rules in these files",
            is_required: false,
            set: |files: &mut Self, rules: Located<Levels>| files.rules = rules.value,
        },
    ];
}

/// A rule that is silent in some places.
#[derive(Debug, Default)]
pub(crate) struct Ignore {
    pub(crate) rule: Option<Located<RuleId>>,
    pub(crate) paths: Option<Located<Globs>>,
    pub(crate) pointer: Option<Located<Pointer>>,
    pub(crate) reason: Option<Located<Reason>>,
    pub(crate) until: Option<Located<NaiveDate>>,
}

/// A JSON pointer: the place that it names, and everything in it.
#[derive(Debug, Clone)]
pub(crate) struct Pointer(pub(crate) String);

/// The path of a file.
#[derive(Debug, Clone)]
pub(crate) struct FileName(pub(crate) String);

/// Why something is accepted, for people.
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
            meaning: "patterns of the files in which they are accepted",
            is_required: true,
            set: |ignore: &mut Self, paths| ignore.paths = Some(paths),
        },
        &Setting {
            name: "pointer",
            meaning: "a JSON pointer, to accept only findings at this place of a declaration, or in it",
            is_required: false,
            set: |ignore: &mut Self, pointer: Located<Pointer>| ignore.pointer = Some(pointer),
        },
        &Setting {
            name: "reason",
            meaning: "why they are accepted, for the next reader",
            is_required: true,
            set: |ignore: &mut Self, reason: Located<Reason>| ignore.reason = Some(reason),
        },
        &Setting {
            name: "until",
            meaning: "the last day on which they are accepted",
            is_required: false,
            set: |ignore: &mut Self, until| ignore.until = Some(until),
        },
    ];
}

/// Declarations that are active together.
#[derive(Debug, Default)]
pub(crate) struct Set {
    pub(crate) paths: Option<Located<Globs>>,
}

impl Section for Set {
    // Each is judged as a whole, whatever it has in common with others.
    const MOST: usize = 200;

    const ROWS: &'static [&'static dyn Row<Self>] = &[&Setting {
        name: "paths",
        meaning: "patterns of the files whose declarations are active together",
        is_required: true,
        set: |set: &mut Self, paths| set.paths = Some(paths),
    }];
}

/// A file with rules of an organisation's own.
#[derive(Debug, Default)]
pub(crate) struct PolicyFile {
    pub(crate) file: Option<Located<FileName>>,
    pub(crate) paths: Option<Located<Globs>>,
}

impl Section for PolicyFile {
    // Each is read and examined, whatever is checked.
    const MOST: usize = 200;

    const ROWS: &'static [&'static dyn Row<Self>] = &[
        &Setting {
            name: "file",
            meaning: "a file with one policy or an array of them, from the folder of this file on",
            is_required: true,
            set: |policies: &mut Self, file: Located<FileName>| policies.file = Some(file),
        },
        &Setting {
            name: "paths",
            meaning: "patterns of the files that they hold for; without any, all files",
            is_required: false,
            set: |policies: &mut Self, paths| policies.paths = Some(paths),
        },
    ];
}
