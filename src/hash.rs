//! Hash tables for keys that come from documents.

use std::collections::{HashMap, HashSet};

use foldhash::quality::RandomState;

/// A map with a hash seed per run, so that documents cannot force collisions. Several times as fast as the standard
/// library's hash.
pub(crate) type Map<K, V> = HashMap<K, V, RandomState>;

/// A set with the same hash.
pub(crate) type Set<K> = HashSet<K, RandomState>;
