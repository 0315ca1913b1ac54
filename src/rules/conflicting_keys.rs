//! `conflicting-keys`

use super::stated::Stated;
use crate::apple::Claim;
use crate::diagnostic::{Drafts, Example, Rule, Severity, declaration};
use crate::validate::Presence;
use crate::words::list;

pub(crate) static RULE: Rule = Rule::new(
    "conflicting-keys",
    Severity::Error,
    "keys exclude one another",
    "Some keys are alternatives: a bookmark in Safari is a URL or a folder, and a managed app comes from one source. \
     Others are not allowed beside a certain value: a mail server with the AuthenticationMethod None takes no \
     credentials. A device refuses the declaration, or it is not defined which key counts.",
    &[
        Example::new(declaration!(
            "com.apple.configuration.safari.bookmarks",
            "com.example.bookmarks",
            r#"{
    "ManagedBookmarks": [
      {
        "GroupIdentifier": "com.example.intranet",
        "Title": "Intranet",
        "Bookmarks": [{ "Title": "Wiki", "URL": "https://wiki.example.com/", "Folder": [] }]
      }
    ]
  }"#
        ))
        .finds(&[("/Payload/ManagedBookmarks/0/Bookmarks/0/Folder", Severity::Error)]),
        Example::new(declaration!(
            "com.apple.configuration.account.mail",
            "com.example.mail",
            r#"{
    "IncomingServer": {
      "ServerType": "IMAP",
      "HostName": "imap.example.com",
      "AuthenticationMethod": "None",
      "AuthenticationCredentialsAssetReference": "com.example.mail.credentials"
    },
    "OutgoingServer": { "HostName": "smtp.example.com", "AuthenticationMethod": "None" }
  }"#
        ))
        .finds(&[("/Payload/IncomingServer/AuthenticationCredentialsAssetReference", Severity::Error)]),
        Example::new(declaration!(
            "com.apple.configuration.app.managed",
            "com.example.app",
            r#"{ "ManifestURL": "https://www.example.com/app.plist" }"#
        )),
    ],
);

pub(super) fn check(stated: &Stated<'_, '_>, diagnostics: &mut Drafts) {
    match stated.claim {
        Claim::One(keys) => {
            let mut present: Vec<_> = keys
                .iter()
                .filter_map(|key| match stated.presence(key) {
                    Presence::Present(node) => Some((node.span().start, *key)),
                    _ => None,
                })
                .collect();
            present.sort_unstable();
            if let [(_, first), .., (_, last)] = present[..] {
                let names: Vec<&str> = present.iter().map(|(_, key)| *key).collect();
                let message = format!("{} has {}, which exclude one another", stated.name(), list(&names, "and"));
                let diagnostic = RULE.at(stated.spot_of(last), message).related("the other key", stated.spot_of(first));
                diagnostics.push(diagnostic.help("keep one of them"));
            }
        }
        Claim::Refused(key, condition) => {
            let Presence::Present(node) = stated.presence(key) else { return };
            if !node.is_str("") && stated.holds(condition) == Some(true) {
                let message = format!("{key} is not allowed: {}", stated.reason(condition));
                diagnostics.push(RULE.at(stated.spot_of(key), message).help("remove the key, or change the other one"));
            }
        }
        _ => {}
    }
}
