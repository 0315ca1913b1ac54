//! `--policy`, and `[[policies]]` in `ddmc.toml`

use std::collections::HashMap;
use std::fs;
use std::path::Path;
use std::sync::Arc;

use super::configure::Broken;
use crate::config::{InForce, PolicySource};
use crate::policy::{self, MOST_BYTES, Policy};
use crate::rules::invalid_configuration;
use crate::source;
use crate::words::{nearest, shown, visible};

/// Reads the policies that the command line and the configuration name.
pub(super) fn load(in_force: InForce) -> Result<InForce, Broken> {
    let mut policies: Vec<(Option<usize>, Arc<Policy>)> = Vec::new();
    let mut files: HashMap<String, String> = HashMap::new();
    for PolicySource { path, name, entry } in in_force.policy_sources() {
        let unreadable = |reason: &str| Broken::Unreadable(format!("{}: {reason}", visible(&name)));
        if entry.is_some() && in_force.config().is_some_and(|config| leads_away(&path, &config.folder)) {
            return Err(unreadable("is not in the folder of the configuration; --policy takes any file"));
        }
        let text = source::read_small(&path, MOST_BYTES).map_err(|reason| unreadable(&reason))?;
        let read = policy::read(in_force.schema(), &Arc::from(name.as_str()), &text)
            .map_err(|findings| Broken::Wrong { findings, text })?;
        for policy in read {
            if let Some(other) = files.insert(policy.name().to_owned(), name.clone()) {
                let also = if other == name { "it".to_owned() } else { visible(&other) };
                return Err(unreadable(&format!("another policy is called {} too, in {also}: give each a name", policy.name())));
            }
            policies.push((entry, Arc::new(policy)));
        }
    }
    let in_force = in_force.with_policies(policies);
    match in_force.unknown_policies().into_iter().next() {
        None => Ok(in_force),
        Some((id, place)) => {
            let help = match nearest(id, in_force.policy_rules().map(|rule| &*rule.id)) {
                Some(near) => format!("did you mean {near}?"),
                None => "--policy and [[policies]] name the files that have policies".to_owned(),
            };
            let message = format!("there is no policy \"{}\"", shown(id));
            let Some(place) = place else { return Err(Broken::Unreadable(format!("{message}; {help}"))) };
            let text = in_force
                .config()
                .and_then(|config| source::read_small(&config.folder.join(file_name(&place.file)), MOST_BYTES).ok());
            Err(Broken::Wrong {
                findings: vec![invalid_configuration::RULE.at(place.clone(), message).help(help)],
                text: text.unwrap_or_default(),
            })
        }
    }
}

/// Whether a file is elsewhere than below a folder, or among git's own files. A configuration may be hostile, and mistakes of a
/// policy are shown with an excerpt.
fn leads_away(path: &Path, folder: &Path) -> bool {
    let (Ok(target), Ok(folder)) = (fs::canonicalize(path), fs::canonicalize(folder)) else { return false };
    target.strip_prefix(&folder).map_or(true, |rest| rest.iter().any(|step| step == ".git"))
}

/// The name of a file in its folder.
fn file_name(file: &str) -> &str {
    file.rsplit('/').next().unwrap_or(file)
}
