//! `--policy`, and `[[policies]]` in `ddmc.toml`

use std::collections::HashMap;
use std::sync::Arc;

use super::configure::{ConfigError, leaves_repository};
use crate::config::{EffectiveConfig, PolicySource};
use crate::limits::MAX_CONFIGURATION_BYTES;
use crate::policy::{self, Policy};
use crate::rules::invalid_configuration;
use crate::source;
use crate::words::{nearest, shown, visible};

/// Loads the policies named on the command line and in the configuration.
pub(super) fn load(effective: EffectiveConfig) -> Result<EffectiveConfig, ConfigError> {
    let mut policies: Vec<(Option<usize>, Arc<Policy>)> = Vec::new();
    let mut files: HashMap<String, String> = HashMap::new();
    for PolicySource { path, name, entry } in effective.policy_sources() {
        let unreadable = |reason: &str| ConfigError::Unreadable(format!("{}: {reason}", visible(&name)));
        if entry.is_some() && effective.config().is_some_and(|config| leaves_repository(config, &path)) {
            return Err(unreadable("is outside the repository; name it with --policy"));
        }
        let text = source::read_small(&path, MAX_CONFIGURATION_BYTES).map_err(|reason| unreadable(&reason))?;
        let read = policy::read(effective.schema(), &Arc::from(name.as_str()), &text)
            .map_err(|findings| ConfigError::Invalid { findings, text })?;
        for policy in read {
            if let Some(other) = files.insert(policy.name().to_owned(), name.clone()) {
                let place = if other == name { "this file".to_owned() } else { visible(&other) };
                return Err(unreadable(&format!(
                    "another policy in {place} is also called {}; give each a unique name",
                    policy.name()
                )));
            }
            policies.push((entry, Arc::new(policy)));
        }
    }
    let effective = effective.with_policies(policies);
    match effective.unknown_policies().into_iter().next() {
        None => Ok(effective),
        Some((id, place)) => {
            let help = match nearest(id, effective.policy_rules().map(|rule| &*rule.id)) {
                Some(near) => format!("did you mean {near}?"),
                None => "load its file with --policy or [[policies]]".to_owned(),
            };
            let message = format!("there is no policy \"{}\"", shown(id));
            let Some(place) = place else { return Err(ConfigError::Unreadable(format!("{message}; {help}"))) };
            let text = effective
                .config()
                .and_then(|config| source::read_small(&config.folder.join(file_name(&place.file)), MAX_CONFIGURATION_BYTES).ok());
            Err(ConfigError::Invalid {
                findings: vec![invalid_configuration::RULE.at(place.clone(), message).help(help)],
                text: text.unwrap_or_default(),
            })
        }
    }
}

/// The last segment of a path.
fn file_name(file: &str) -> &str {
    file.rsplit('/').next().unwrap_or(file)
}
