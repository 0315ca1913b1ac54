//! Which declarations can be active on one device, by the targets of their files and the predicates of activations.

use super::{Gathered, Member};
use crate::apple::Platform;
use crate::catalog::Platforms;

impl Gathered {
    /// For each declaration, the platforms of the devices on which it may be active.
    pub(crate) fn reach(&self) -> Vec<Platforms> {
        let mut reach: Vec<Platforms> = self.members.iter().map(|member| member.platforms).collect();
        let is_known = |activated: &&Option<super::Activated>| {
            activated.as_ref().is_some_and(|activated| activated.references.iter().all(|reference| !reference.is_template))
        };
        // An unknown reference may be to any declaration.
        if self.activations.keys().all(|who| self.members[*who].platforms == Platforms::ALL)
            || !self.activations.values().all(|activated| is_known(&activated))
        {
            return reach;
        }
        let known = self.by_identifier();
        let mut referenced = vec![None; self.members.len()];
        for (activation, activated) in &self.activations {
            let Member { platforms: own, channel, .. } = self.members[*activation];
            let names = activated.iter().flat_map(|activated| &activated.references).map(|reference| reference.name.as_str());
            let in_channel = |who: &&usize| self.members[**who].channel == channel;
            for who in names.filter_map(|name| known.get(name)).flatten().filter(in_channel) {
                let all = referenced[*who].get_or_insert(Platforms::NONE);
                *all = all.union(own);
            }
        }
        for (reach, referenced) in reach.iter_mut().zip(referenced) {
            // What no activation references may be activated by the server.
            *reach = reach.intersection(referenced.unwrap_or(Platforms::ALL));
        }
        reach
    }

    /// The parts of a set that can be active together, without repetitions. `reach` has the platforms of a declaration.
    pub(super) fn possible(&self, set: Vec<usize>, reach: &dyn Fn(usize) -> Platforms) -> Vec<Vec<usize>> {
        self.by_channel(set).into_iter().flat_map(|set| on_one_device(set, reach)).collect()
    }
}

/// The parts of a set that can be active on one device.
fn on_one_device(set: Vec<usize>, reach: &dyn Fn(usize) -> Platforms) -> Vec<Vec<usize>> {
    if set.iter().all(|who| reach(*who) == Platforms::ALL) {
        return vec![set];
    }
    let mut parts: Vec<Vec<usize>> = Vec::new();
    for platform in Platform::ALL {
        let part: Vec<usize> = set.iter().copied().filter(|who| reach(*who).contains(platform)).collect();
        if !part.is_empty() && !parts.contains(&part) {
            parts.push(part);
        }
    }
    parts
}
