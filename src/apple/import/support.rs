//! Reads `supportedOS`: the availability of a type or a key. A key inherits what it does not specify.

use super::File;
use crate::apple::support::{Enrolments, Release, Scopes, Since, Support};
use crate::syntax::yaml::NodeId;

/// The names of the platforms in Apple's schema, in the order of `COLUMNS`.
const PLATFORMS: [&str; 5] = ["iOS", "macOS", "tvOS", "visionOS", "watchOS"];

/// The attributes of each platform so far.
#[derive(Debug, Clone, Default)]
pub(super) struct Columns([Column; 5]);

/// The attributes of a platform. They are kept even if the platform lacks a key, because a key below it may exist
/// again.
#[derive(Debug, Clone, Default)]
struct Column {
    introduced: Option<Release>,
    deprecated: Option<Release>,
    removed: Option<Release>,
    enrolments: Option<Enrolments>,
    scopes: Option<Scopes>,
    shared: Option<Scopes>,
}

impl Columns {
    pub(super) fn support(&self) -> Support {
        Support(self.0.each_ref().map(|column| {
            let Column { introduced, deprecated, removed, enrolments, scopes, shared } = *column;
            let enrolments = enrolments.unwrap_or(Enrolments::ALL);
            let scopes = scopes.unwrap_or(Scopes::BOTH);
            Some(Since { introduced: introduced?, deprecated, removed, enrolments, scopes, shared })
        }))
    }
}

impl File<'_> {
    /// Overrides `columns` with the contents of a `supportedOS`.
    pub(super) fn override_support(&mut self, columns: &mut Columns, node: NodeId) {
        let Some(platforms) = self.attributes(node, "`supportedOS`", &PLATFORMS) else { return };
        for (name, column) in PLATFORMS.iter().zip(&mut columns.0) {
            if let Some(node) = platforms.get(name) {
                self.override_column(column, node);
            }
        }
    }

    fn override_column(&mut self, column: &mut Column, node: NodeId) {
        let known = ["introduced", "deprecated", "removed", "allowed-enrollments", "allowed-scopes", "sharedipad"];
        let Some(attributes) = self.attributes(node, "a platform", &known) else { return };
        if let Some(node) = attributes.get("introduced") {
            column.introduced = self.release(node);
            self.state.release = self.state.release.max(column.introduced);
        }
        if let Some(node) = attributes.get("deprecated") {
            column.deprecated = self.release(node);
        }
        if let Some(node) = attributes.get("removed") {
            column.removed = self.release(node);
        }
        if let Some(node) = attributes.get("allowed-enrollments") {
            column.enrolments = Some(self.bits(node, "enrolment", Enrolments::find, Enrolments::of(0), Enrolments::with));
        }
        if let Some(node) = attributes.get("allowed-scopes") {
            column.scopes = Some(self.scopes(node));
        }
        if let Some(node) = attributes.get("sharedipad")
            && let Some(shared) = self.attributes(node, "`sharedipad`", &["allowed-scopes"])
            && let Some(node) = shared.get("allowed-scopes")
        {
            column.shared = Some(self.scopes(node));
        }
    }

    /// Reads a version; `n/a` is `None`.
    fn release(&mut self, node: NodeId) -> Option<Release> {
        let text = self.string(node)?;
        let release = Release::parse(&text);
        if release.is_none() && text != "n/a" {
            self.complain(node, format!("`{text}` is not a version"));
        }
        release
    }

    fn scopes(&mut self, node: NodeId) -> Scopes {
        self.bits(node, "scope", Scopes::find, Scopes::NONE, Scopes::with)
    }

    /// Reads a list of names as a set of bits.
    fn bits<T>(&mut self, node: NodeId, what: &str, find: fn(&str) -> Option<T>, start: T, with: fn(T, T) -> T) -> T {
        let mut all = start;
        for item in self.items(node) {
            let Some(name) = self.string(item) else { continue };
            match find(&name) {
                Some(bit) => all = with(all, bit),
                None => self.complain(item, format!("the {what} `{name}` is unknown")),
            }
        }
        all
    }
}
