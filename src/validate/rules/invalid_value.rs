//! The diagnostics for a string that does not have the format of its key. The format supplies the texts.

use super::super::validator::Site;
use super::{
    invalid_build_version, invalid_details_url, invalid_identifier, invalid_local_date_time, invalid_os_version,
    invalid_server_token, unknown_type,
};
use crate::apple::{Format, InvalidValue};
use crate::diagnostic::{Draft, Proposal, Remedy, Rule, Severity};

/// The rule for a format.
fn rule(format: Format) -> &'static Rule {
    match format {
        Format::OsVersion | Format::UpdateVersion => &invalid_os_version::RULE,
        Format::BuildVersion => &invalid_build_version::RULE,
        Format::LocalDateTime => &invalid_local_date_time::RULE,
        Format::Url => &invalid_details_url::RULE,
        Format::Identifier => &invalid_identifier::RULE,
        Format::ServerToken => &invalid_server_token::RULE,
        Format::DeclarationType => &unknown_type::RULE,
    }
}

pub(in crate::validate) fn diagnostic(site: Site<'_, '_>, format: Format, invalid: &InvalidValue) -> Draft {
    if site.is_hidden() {
        let message = format!("{} does not have the format of its key", site.name());
        return rule(format).at(site.spot(), message).help(format!("write a string such as \"{}\"", format.example()));
    }
    // Another value may do something else, so the author decides: a deadline with a zone is another time without it.
    let note = if format == Format::LocalDateTime { ", which each device takes as its own local time" } else { "" };
    let propose = |text: &String| Proposal::unsafe_(Remedy::Replace(format!("\"{text}\"")), format!("write \"{text}\"{note}"));
    let fix = invalid.fixed.as_ref().map(propose);
    rule(format).at(site.spot(), format!("{} {}", site.name(), invalid.problem)).help(&*invalid.help).fix(fix)
}

/// The diagnostic for a string that has the format but is doubtful.
pub(in crate::validate) fn doubtful(site: Site<'_, '_>, format: Format, doubt: &InvalidValue) -> Draft {
    diagnostic(site, format, doubt).severity(Severity::Warning)
}
