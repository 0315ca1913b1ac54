//! The devices that a change concerns.

use super::{Comparison, Kind};
use crate::apple::{KeyId, Platform, Target, TypeId, Verdict};
use crate::plan::refusal;

/// The devices that a change concerns.
pub(super) struct Reach {
    /// The targets; `None` if none are known.
    targets: Option<Vec<Target>>,
    /// The platforms that know the subject.
    platforms: Vec<Platform>,
    /// Why no target is concerned.
    reason: Option<String>,
}

impl Reach {
    /// The targets in the form of `--target`.
    pub(super) fn names(&self) -> Vec<String> {
        self.targets.iter().flatten().map(Target::to_flag).collect()
    }

    /// Why no target is concerned.
    pub(super) fn refused(&self) -> Option<String> {
        self.reason.clone()
    }

    /// The devices in a sentence: `Macs`, or `Devices` if there are several kinds.
    pub(super) fn devices(&self) -> String {
        let mut platforms = match &self.targets {
            Some(targets) if !targets.is_empty() => targets.iter().map(|target| target.platform).collect(),
            _ => self.platforms.clone(),
        };
        platforms.sort_unstable();
        platforms.dedup();
        let name = |platform: &Platform| match platform {
            Platform::Ios => "iPhones",
            Platform::IpadOs => "iPads",
            Platform::MacOs => "Macs",
            Platform::TvOs => "Apple TVs",
            Platform::VisionOs => "Apple Vision Pros",
            Platform::WatchOs => "Apple Watches",
        };
        match platforms.as_slice() {
            [one] => name(one).to_owned(),
            [one, other] => format!("{} and {}", name(one), name(other)),
            _ => "Devices".to_owned(),
        }
    }
}

impl Comparison<'_> {
    /// The devices that a key of a declaration concerns, or the declaration without one. `platforms` are those of the
    /// contexts; `None` is any.
    pub(super) fn reach(
        &self,
        side: usize,
        who: usize,
        kind: Option<TypeId>,
        key: Option<KeyId>,
        platforms: &[Option<Platform>],
    ) -> Reach {
        let schema = &self.sides[side].set.schema;
        let member = self.member(side, who);
        let supports = [kind.map(|kind| schema.kind(kind).support), key.map(|key| schema.key(key).support)];
        let supports: Vec<_> = supports.into_iter().flatten().map(|support| schema.support(support)).collect();
        let is_here = |platform: Platform| {
            self.contexts.reach(side, who).contains(platform)
                && platforms.iter().any(|wanted| wanted.is_none_or(|wanted| wanted == platform))
        };
        let is_known = |platform: &Platform| is_here(*platform) && supports.iter().all(|support| support.on(*platform).is_some());
        let known = Platform::ALL.into_iter().filter(is_known).collect();
        let all: Vec<Target> = (self.sides[side].targets)(&member.file)
            .into_iter()
            .filter(|target| is_here(target.platform))
            .map(|target| Target { channel: member.channel, ..target })
            .collect();
        if all.is_empty() {
            return Reach { targets: None, platforms: known, reason: None };
        }
        let takes = |target: &Target| supports.iter().all(|support| support.verdict(target) == Verdict::Available);
        let targets: Vec<Target> = all.iter().filter(|target| takes(target)).cloned().collect();
        let refused = || all.iter().find_map(|target| supports.iter().find_map(|support| refusal(support, target)));
        let reason = if targets.is_empty() { refused() } else { None };
        Reach { targets: Some(targets), platforms: known, reason }
    }
}

impl Kind {
    /// What happens to something that is there before and after.
    pub(super) fn of(was_there: bool, is_there: bool) -> Self {
        match (was_there, is_there) {
            (false, _) => Self::Added,
            (true, false) => Self::Removed,
            (true, true) => Self::Changed,
        }
    }
}
