//! `-D`, `-W`, `-N` and `-A`: the severities that a user sets. Of several for one rule, the last on the command line wins.

use clap::{Arg, ArgAction, ArgMatches, Args, Command, Error, FromArgMatches, value_parser};

use crate::finding::Severity;
use crate::policy;
use crate::rules::{RULES, Rule};
use crate::words::nearest;

/// The settings in the order in which they were given.
#[derive(Debug, Clone, Default)]
pub(super) struct Levels(Vec<(RuleName, Option<Severity>)>);

impl Levels {
    /// The rules and their severities; `None` is off.
    pub(super) fn in_order(&self) -> Vec<(&'static Rule, Option<Severity>)> {
        self.0.iter().map(|(rule, severity)| (rule.0, *severity)).collect()
    }
}

/// A rule, by its id.
#[derive(Debug, Clone, Copy)]
struct RuleName(&'static Rule);

impl std::str::FromStr for RuleName {
    type Err = String;

    fn from_str(id: &str) -> Result<Self, String> {
        if let Some(rule) = Rule::find(id).filter(|rule| !rule.is_adjustable()) {
            return Err(format!("the severity of {} cannot be changed", rule.id));
        }
        Rule::find(id).or_else(|| policy::by_id(id)).map(Self).ok_or_else(|| {
            match nearest(id, RULES.iter().map(|rule| rule.id)) {
                Some(near) => format!("there is no such rule; did you mean {near}?"),
                None => "there is no such rule; `ddmc rules` lists them".to_owned(),
            }
        })
    }
}

/// The flags: their long and short names, the severity they set, and their help.
const FLAGS: [(&str, char, Option<Severity>, &str); 4] = [
    ("deny", 'D', Some(Severity::Error), "Make a rule an error"),
    ("warn", 'W', Some(Severity::Warning), "Make a rule a warning"),
    ("note", 'N', Some(Severity::Note), "Make a rule a note"),
    ("allow", 'A', None, "Turn a rule off"),
];

impl Args for Levels {
    fn augment_args(command: Command) -> Command {
        command.args(FLAGS.map(|(name, short, _, help)| {
            Arg::new(name)
                .short(short)
                .long(name)
                .value_name("RULE")
                .action(ArgAction::Append)
                .value_parser(value_parser!(RuleName))
                .help(help)
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
        let mut given: Vec<(usize, RuleName, Option<Severity>)> = Vec::new();
        for (name, _, severity, _) in FLAGS {
            let rules = matches.get_many::<RuleName>(name).into_iter().flatten();
            let places = matches.indices_of(name).into_iter().flatten();
            given.extend(places.zip(rules).map(|(place, rule)| (place, *rule, severity)));
        }
        given.sort_by_key(|(place, ..)| *place);
        self.0 = given.into_iter().map(|(_, rule, severity)| (rule, severity)).collect();
        Ok(())
    }
}
