//! What Apple publishes, as data, and the values that its documents hold.

mod legacy;
mod overlay;
mod schema;
mod support;
mod types;
mod yaml;
