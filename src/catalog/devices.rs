//! The devices that a release runs on.

use std::collections::BTreeSet;
use std::sync::Arc;

use crate::apple::Platform;

/// The devices of a release: names of models such as `iPhone12,1`, and names of boards such as `J314sAP`.
#[derive(Debug, Clone, Default)]
pub(crate) struct Devices {
    own: Arc<BTreeSet<Box<str>>>,
    /// Those of all releases of a system.
    shared: Arc<BTreeSet<Box<str>>>,
}

impl Devices {
    pub(crate) fn new<'n>(names: impl IntoIterator<Item = &'n str>) -> Self {
        Self { own: Arc::new(names.into_iter().map(Box::from).collect()), ..Self::default() }
    }

    /// Adds the devices of a system, which all of its releases share.
    pub(crate) fn with(self, system: &Self) -> Self {
        Self { shared: system.own.clone(), ..self }
    }

    /// Whether a device is one of them; `None` if the list has no names of that kind for the platform.
    pub(crate) fn contains(&self, name: &str, platform: Platform) -> Option<bool> {
        if self.own.contains(name) || self.shared.contains(name) {
            return Some(true);
        }
        // Apple's list calls Macs by their boards only.
        let is_same_kind = |other: &Box<str>| match (Platform::of_model_identifier(name), Platform::of_model_identifier(other)) {
            (Some(own), Some(other)) => own == platform && other == platform,
            (None, None) => true,
            _ => false,
        };
        self.own.iter().chain(self.shared.iter()).any(is_same_kind).then_some(false)
    }
}
