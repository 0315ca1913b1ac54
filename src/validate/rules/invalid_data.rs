//! `invalid-data`

use base64::Engine;
use base64::alphabet::STANDARD;
use base64::engine::general_purpose::{GeneralPurpose, GeneralPurposeConfig};

use super::super::validator::Site;
use crate::diagnostic::{Draft, Example, Rule, Severity, declaration};

/// A VPN configuration with this key.
macro_rules! vpn {
    ($key:literal) => {
        declaration!(
            "com.apple.configuration.network.vpn.ikev2",
            "com.example.vpn",
            concat!(
                r#"{
    "VisibleName": "Office", "HostName": "vpn.example.com",
    "LocalIdentifier": "client", "RemoteIdentifier": "vpn.example.com",
    "Authentication": { "Method": "None" },
    "PostQuantumKeyExchange": { "PPK": ""#,
                $key,
                r#"", "PPKIdentifier": "office" }
  }"#
            )
        )
    };
}

pub(crate) static RULE: Rule = Rule::new(
    "invalid-data",
    Severity::Error,
    "a text that stands for bytes is not base64",
    "JSON has no bytes, so a key of Apple's type data holds them as base64 text: letters, digits, + and /, in groups of \
     four, the last one filled with =. White space is ignored. The variant with - and _ is not accepted. A device \
     refuses a declaration with any other text.",
    &[
        Example::new(vpn!("not base64")).finds(&[("/Payload/PostQuantumKeyExchange/PPK", Severity::Error)]),
        Example::new(vpn!("bm90IGEga2V5")),
    ],
);

/// The value is not shown: it may be a key.
pub(in crate::validate) fn diagnostic(site: Site<'_, '_>) -> Draft {
    RULE.at(site.spot(), format!("{} must be bytes, written as base64", site.name()))
        .help("encode the bytes with `base64`, which writes groups of four letters and ends with = where needed")
}

/// Whether a text is base64. Bits that the last letter has too many are ignored.
pub(in crate::validate) fn is_base64(text: &str) -> bool {
    const BASE64: GeneralPurpose =
        GeneralPurpose::new(&STANDARD, GeneralPurposeConfig::new().with_decode_allow_trailing_bits(true));
    let text: Vec<u8> = text.bytes().filter(|byte| !byte.is_ascii_whitespace()).collect();
    BASE64.decode(text).is_ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn accepts_padded_base64_with_white_space() {
        for text in ["", "AAECAw==", "AAEC\nAw==", "+/+/", "AAECAx=="] {
            assert!(is_base64(text), "{text}");
        }
        for text in ["AAECAw", "AAECAw=", "-_-_", "=", "A===", "AAEC!w=="] {
            assert!(!is_base64(text), "{text}");
        }
    }
}
