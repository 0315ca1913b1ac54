//! Tables of names and values from documents.

use std::collections::{HashMap, HashSet};

use foldhash::quality::RandomState;

/// A map that is keyed anew in every run, so that names cannot be chosen to collide; several times as fast as one with the hash of
/// the standard library.
pub(crate) type Map<K, V> = HashMap<K, V, RandomState>;

/// A set of the same kind.
pub(crate) type Set<K> = HashSet<K, RandomState>;
