//! `invalid-plist`

use super::{Check, Example, Rule};
use crate::finding::{Fault, Severity, Spot};
use crate::read::{Problem, ProblemKind};

pub(super) static RULE: Rule = Rule {
    id: "invalid-plist",
    severity: Severity::Error,
    is_optional: false,
    summary: "the file is not a property list that can be read",
    explanation: "Commands and profiles are property lists: XML with dictionaries, keys and values, or Apple's binary format. A \
                  device refuses what it cannot read, and a server mostly passes it on. A dictionary alone, or what stands inside \
                  one, is read too, and what can be read in spite of a mistake is checked all the same. Entities and declarations in the document type are never followed: no property list \
                  needs them, and they serve attacks. A profile that is signed (CMS) must be unwrapped first.",
    examples: &[
        Example {
            document: "<dict>
    <key>RequestType</key>
    <string>ScheduleOSUpdateScan</string>
    <key>Force</key>
    <True/>
</dict>",
            options: &[],
            finds: &[("", Severity::Error)],
        },
        // A right property list would be a command or profile, and Apple has removed them all. So a declaration stands here.
        Example {
            document: r#"{
  "Type": "com.apple.configuration.softwareupdate.settings",
  "Identifier": "com.example.settings",
  "Payload": { "Deferrals": { "MajorPeriodInDays": 30 } }
}"#,
            options: &[],
            finds: &[],
        },
    ],
    check: Check::Problem(check),
};

fn check(problem: &Problem) -> Option<Fault> {
    let ProblemKind::PropertyList(fault) = &problem.kind else { return None };
    let related = fault.related.iter().map(|(message, span)| (message.clone(), Spot::Bytes(span.clone()))).collect();
    Some(Fault { related, ..Fault::new(&fault.message).help(&fault.help) })
}
