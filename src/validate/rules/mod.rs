//! The rules about the structure of a document, one file each.

pub(crate) mod duplicate_key;
pub(crate) mod duplicate_program;
pub(crate) mod invalid_build_version;
pub(crate) mod invalid_data;
pub(crate) mod invalid_details_url;
pub(crate) mod invalid_fleet_update;
pub(crate) mod invalid_identifier;
pub(crate) mod invalid_local_date_time;
pub(crate) mod invalid_os_version;
pub(crate) mod invalid_server_token;
pub(crate) mod invalid_value;
pub(crate) mod jamf_component;
pub(crate) mod lower_case_envelope;
pub(crate) mod missing_key;
pub(crate) mod not_a_declaration;
pub(crate) mod out_of_range;
pub(crate) mod payload_without_envelope;
pub(crate) mod unknown_key;
pub(crate) mod unknown_type;
pub(crate) mod unknown_value;
pub(crate) mod version_and_build;
pub(crate) mod wrong_type;
