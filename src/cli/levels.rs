//! `-D`, `-W`, `-N` and `-A`: set the severity of a rule. The last flag for a rule wins.

use clap::{Arg, ArgAction, ArgMatches, Args, Command, Error, FromArgMatches};

use crate::config::RuleId;
use crate::diagnostic::Severity;
use crate::rules::RULES;
use crate::words::nearest;

/// Rules and their severities, in the order of the flags; `None` is off.
#[derive(Debug, Clone, Default)]
pub(super) struct Levels(pub(super) Vec<(RuleId, Option<Severity>)>);

/// Finds a rule whose severity can be changed.
fn rule(id: &str) -> Result<RuleId, String> {
    match RuleId::find(id) {
        Some(rule) if rule.is_adjustable() => Ok(rule),
        Some(_) => Err(format!("the severity of {id} cannot be changed")),
        None => Err(match nearest(id, RULES.iter().map(|rule| &*rule.id)) {
            Some(near) => format!("there is no such rule; did you mean {near}?"),
            None => "there is no such rule; `ddmc rules` lists them".to_owned(),
        }),
    }
}

/// The flags: long name, short name, severity, help.
const FLAGS: [(&str, char, Option<Severity>, &str); 4] = [
    ("deny", 'D', Some(Severity::Error), "Make a rule an error"),
    ("warn", 'W', Some(Severity::Warning), "Make a rule a warning"),
    ("note", 'N', Some(Severity::Note), "Make a rule a note"),
    ("allow", 'A', None, "Turn a rule off"),
];

/// The names of the flags.
pub(super) fn names() -> impl Iterator<Item = &'static str> {
    FLAGS.iter().map(|(name, ..)| *name)
}

impl Args for Levels {
    fn augment_args(command: Command) -> Command {
        command.args(FLAGS.map(|(name, short, _, help)| {
            Arg::new(name).short(short).long(name).value_name("RULE").action(ArgAction::Append).value_parser(rule).help(help)
        }))
    }

    fn augment_args_for_update(command: Command) -> Command {
        Self::augment_args(command)
    }
}

impl FromArgMatches for Levels {
    fn from_arg_matches(matches: &ArgMatches) -> Result<Self, Error> {
        let mut levels = Self::default();
        levels.update_from_arg_matches(matches)?;
        Ok(levels)
    }

    fn update_from_arg_matches(&mut self, matches: &ArgMatches) -> Result<(), Error> {
        let mut flags: Vec<(usize, RuleId, Option<Severity>)> = Vec::new();
        for (name, _, severity, _) in FLAGS {
            let rules = matches.get_many::<RuleId>(name).into_iter().flatten();
            let places = matches.indices_of(name).into_iter().flatten();
            flags.extend(places.zip(rules).map(|(place, rule)| (place, rule.clone(), severity)));
        }
        flags.sort_by_key(|(place, ..)| *place);
        self.0 = flags.into_iter().map(|(_, rule, severity)| (rule, severity)).collect();
        Ok(())
    }
}
