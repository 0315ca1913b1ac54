//! The device that a report is of: for the plan, for predicates, and for people.

use serde_json::Value as Json;

use super::report::Report;
use crate::apple::{Device, Platform};

/// The words of `--device` for the values of `mdm.enrollment-type`.
const ENROLMENTS: [(&str, &str); 3] = [("supervised", "supervised"), ("device", "unsupervised"), ("user", "user-enrollment")];

/// The device of a report; `None` if the report tells no platform or version.
pub(crate) fn device(report: &Report) -> Option<Device> {
    let version = report.text("device.operating-system.version")?;
    let platform = platform(report)?;
    let build = report.text("device.operating-system.supplemental.build-version");
    let build = build.or_else(|| report.text("device.operating-system.build-version"));
    let enrolment = report.text("mdm.enrollment-type");
    let enrolment = ENROLMENTS.into_iter().find(|(name, _)| Some(*name) == enrolment).map(|(_, word)| word);
    let shared = (report.item("mdm.is-shared-ipad") == Some(&Json::Bool(true))).then_some("shared");
    let mut words = format!("{}={version}", platform.name());
    for word in enrolment.into_iter().chain(shared) {
        words = words + "," + word;
    }
    // A build of another version, as of an update that was just installed, is left out.
    let with_build = build.and_then(|build| format!("{words},build={build}").parse().ok());
    with_build.or_else(|| words.parse().ok())
}

/// The device with the status items of the report that are `wanted`, for predicates.
pub(crate) fn with_items(mut device: Device, report: &Report, wanted: impl Fn(&str) -> bool) -> Device {
    for (name, json) in super::read::values(report).into_iter().filter(|(name, _)| wanted(name)) {
        let text = json.as_str().map_or_else(|| json.to_string(), str::to_owned);
        device.status.insert(name.to_owned(), text);
    }
    device
}

/// The platform. Apple does not say which system family an iPad reports, so its model decides.
fn platform(report: &Report) -> Option<Platform> {
    let model = report.text("device.model.family").or_else(|| report.text("device.model.identifier"));
    if model.is_some_and(|model| model.starts_with("iPad")) {
        return Some(Platform::IpadOs);
    }
    let named = |name: &str| Platform::ALL.into_iter().find(|platform| platform.name().eq_ignore_ascii_case(name));
    report.text("device.operating-system.family").and_then(named).or_else(|| model.and_then(Platform::of_model))
}

/// The status items that tell a person which device it is, in the order of a sentence.
const NAMES: [&str; 3] = ["device.model.marketing-name", "device.model.identifier", "device.model.family"];

/// The name of the device in a title: its model and system.
pub(crate) fn title(report: &Report) -> Option<String> {
    let model = NAMES.into_iter().find_map(|name| report.text(name));
    let system = report.text("device.operating-system.marketing-name").map(str::to_owned).or_else(|| {
        let family = report.text("device.operating-system.family")?;
        Some(format!("{family} {}", report.text("device.operating-system.version")?))
    });
    match (model, system) {
        (Some(model), Some(system)) => Some(format!("{model}, {system}")),
        (model, system) => model.map(str::to_owned).or(system),
    }
}
