//! Random documents with an invented secret, and where outputs show it.
//!
//! Each document has a secret under a key that is secret, or in the place of a key beside one. Members are added, removed
//! and moved, the text is written in one of many notations, and up to four bytes outside of the secret change.
//!
//! `SECURITY.md` promises to recognise a name that differs in two letters, or in one if it is short, or an end of a name
//! that is misspelled less. No more edits than that touch the name.

use std::fmt::Write;
use std::ops::Range;

use crate::apple::{Text, Value};
use crate::syntax::{self, Kind, Node};

/// A document with a secret.
pub struct Planted {
    /// The name of the file.
    pub name: &'static str,
    /// The text.
    pub text: Vec<u8>,
    /// The secret, and as it is written in the text.
    secret: [String; 2],
}

/// The shortest part of a secret that must not be shown, in characters.
const PART: usize = 5;

/// The same for a secret as it is written in the text, whose escapes may occur elsewhere.
const WRITTEN_PART: usize = 12;

/// Not real secrets. The first ones are valid base64.
const SECRETS: &[&str] = &[
    "q7XkV2mZr9Lp4TwYh3Nc",
    "q7XkV2mZr9Lp",
    "q7XkV2mZr9Lp4TwYh3NcKd8GbJ5sQf6Rx0Eu",
    "q7XkV2\u{e9}mZr9Lp\u{e9}4TwYh3Nc",
    "q7XkV\"2mZr9\"Lp4TwYh3Nc",
    "q7XkV2\\mZr9Lp\\4TwYh3Nc",
    "q7XkV2\nmZr9Lp\n\t4TwYh3Nc",
    "q7XkV2/mZr9Lp~4TwYh3Nc/",
    "q7XkV2<mZr9Lp&TwYh3Nc>",
    "q7XkV2 mZr9Lp: 4TwYh3Nc, Gb",
    "\u{43f}\u{430}\u{440}\u{43e}\u{43b}\u{44c}\u{416}\u{429}\u{44e}\u{42f}\u{42a}\u{401}",
    "q7XkV2{mZr9Lp}[4TwYh3]Nc",
];

/// Stands for the secret in documents.
const MARK: &str = "@";

/// Documents with the name that says that `@` is secret.
const DOCUMENTS: &[(&str, &str)] = &[
    (
        "Token",
        r#"{"Type": "com.apple.configuration.softwareupdate.settings", "Identifier": "com.example.beta", "ServerToken": "1", "Payload": {"Notifications": true, "Beta": {"ProgramEnrollment": "AlwaysOn", "RequireProgram": {"Description": "AppleSeed", "Token": "@"}}}}"#,
    ),
    (
        "Token",
        r#"{"Type": "com.apple.configuration.softwareupdate.settings", "Identifier": "com.example.beta", "Payload": {"Beta": {"OfferPrograms": [{"Description": "First", "Token": "one"}, {"Token": "@", "Description": "Second"}]}, "Deferrals": {"MajorPeriodInDays": 30}}}"#,
    ),
    (
        "RegistrationToken",
        r#"{"Type": "com.apple.configuration.extensible-sso", "Identifier": "com.example.sso", "Payload": {"ExtensionIdentifier": "com.example.extension", "Type": "Redirect", "URLs": ["https://example.com"], "PlatformSSO": {"AuthenticationMethod": "Password", "RegistrationToken": "@", "UseSharedDeviceKeys": true}}}"#,
    ),
    (
        "AdditionalHTTPHeaders",
        r#"{"Type": "com.apple.configuration.extensible-sso", "Identifier": "com.example.sso", "Payload": {"PlatformSSO": {"AuthenticationMethod": "Password", "AdditionalHTTPHeaders": {"Authorization": "@", "Accept": "text/plain"}}}}"#,
    ),
    (
        "AdditionalHTTPHeaderFields",
        r#"{"Type": "com.apple.configuration.network.relay", "Identifier": "com.example.relay", "Payload": {"VisibleName": "Relay", "Relays": [{"HTTP3RelayURL": "https://relay.example.com", "AdditionalHTTPHeaderFields": {"Authorization": "@"}}], "MatchDomains": ["example.com"]}}"#,
    ),
    (
        "PPK",
        r#"{"Type": "com.apple.configuration.network.vpn.ikev2", "Identifier": "com.example.vpn", "Payload": {"VisibleName": "Office", "HostName": "vpn.example.com", "LocalIdentifier": "client", "RemoteIdentifier": "vpn.example.com", "Authentication": {"Method": "None"}, "PostQuantumKeyExchange": {"PPK": "@", "PPKIdentifier": "office"}}}"#,
    ),
    (
        "IdentityToken",
        r#"{"Type": "com.apple.management.organization-info", "Identifier": "com.example.organization", "Payload": {"Name": "Example", "Proof": {"IdentityToken": "@"}}}"#,
    ),
    (
        "Password",
        r#"{"Type": "com.apple.configuration.services.unknown", "Identifier": "com.example.new", "Payload": {"NewKey": 1, "Account": {"UserName": "ann", "Password": "@"}}}"#,
    ),
    ("Password", r#"{"UserName": "ann", "Password": "@"}"#),
    ("Challenge", r#"{"URL": "https://scep.example.com", "Challenge": "@", "Keysize": 2048}"#),
    ("ClientIdentifier", r#"{"DirectoryURL": "https://acme.example.com", "ClientIdentifier": "@", "KeyType": "RSA"}"#),
    ("Identity", r#"{"Password": "x", "Identity": "@"}"#),
    (
        "applecare-token",
        r#"{"StatusItems": {"device": {"identifier": {"udid": "1"}}, "enhanced-logging": {"applecare-token": "@"}}, "Errors": []}"#,
    ),
    ("enhanced-logging.applecare-token", r#"{"StatusItems": {"enhanced-logging.applecare-token": "@"}, "Errors": []}"#),
    ("push-token", r#"{"StatusItems": {"mdm": {"push-token": "@"}}, "Errors": []}"#),
    // These are legacy documents, which are mostly property lists.
    (
        "Password",
        r#"{"PayloadType": "Configuration", "PayloadVersion": 1, "PayloadIdentifier": "com.example.profile", "PayloadUUID": "5C8F1B8E-0001", "PayloadContent": [{"PayloadType": "com.apple.wifi.managed", "SSID_STR": "Office", "Password": "@"}, {"PayloadType": "com.apple.SoftwareUpdate", "PayloadVersion": 1, "PayloadIdentifier": "com.example.updates", "PayloadUUID": "5C8F1B8E-0002", "AutomaticDownload": true}]}"#,
    ),
    (
        "Password",
        r#"{"PayloadType": "Configuration", "PayloadVersion": 1, "PayloadIdentifier": "com.example.profile", "PayloadUUID": "5C8F1B8E-0001", "PayloadContent": [{"PayloadType": "com.apple.SoftwareUpdate", "PayloadVersion": 1, "PayloadIdentifier": "com.example.updates", "PayloadUUID": "5C8F1B8E-0002", "CatalogURL": "https://example.com", "Password": "@"}]}"#,
    ),
    (
        "UnlockToken",
        r#"{"CommandUUID": "1", "Command": {"RequestType": "ScheduleOSUpdate", "Updates": [{"InstallAction": "Default", "ProductVersion": "15.1"}], "UnlockToken": "@"}}"#,
    ),
    (
        "AdminPassword",
        r#"{"CommandUUID": "1", "Command": {"RequestType": "ScheduleOSUpdate", "Updates": [{"InstallAction": "InstallASAP", "ProductVersion": "15.1", "AdminPassword": "@", "MaxUserDeferrals": 3}]}}"#,
    ),
    (
        "bootstrap_token",
        r#"{"udid": "1", "request_type": "ScheduleOSUpdate", "updates": [{"install_action": "Default", "product_version": "15.1"}], "bootstrap_token": "@"}"#,
    ),
    (
        "UnlockToken",
        r#"{"Status": "Acknowledged", "CommandUUID": "1", "UDID": "1", "UnlockToken": "@", "UpdateResults": [{"InstallAction": "Default", "ProductKey": "MSU_1", "Status": "Installing"}]}"#,
    ),
    (
        "PushMagic",
        r#"{"MessageType": "TokenUpdate", "Topic": "com.apple.mgmt.External", "UDID": "1", "Token": "cHVzaCE=", "PushMagic": "@"}"#,
    ),
];

/// How many of the last documents are legacy.
const LEGACY: usize = 7;

/// Further members, which are not secret.
const MEMBERS: &[(&str, &str)] = &[
    ("NewKey", "1"),
    ("Comment", "\"no secret\""),
    ("AnUnknownKeyThatIsLong", "{\"a\": [null]}"),
    ("Enabled", "\"yes\""),
    ("Notifications", "\"tru\""),
    ("Description", "\"d\""),
    ("com.example.vendor", "[1, 2]"),
    ("AutomaticActions", "{\"Download\": \"Alwayson\"}"),
    ("Payload", "{}"),
    ("majorperiodindays", "900"),
];

/// A document beside the one with the secret.
const OTHER: &str = r#"{"Type": "com.apple.activation.simple", "Identifier": "com.example.all", "Payload": {"StandardConfigurations": ["com.example.beta"]}}"#;

/// A broken line beside the one with the secret.
const BROKEN: &str = r#"{"Type": "com.apple.activation.simple", "Identifier": "com.example.all, "Payload": {]}"#;

/// Bytes to insert or to write instead of others.
const BYTES: &[u8] = b"\"\"\"{}[]:,,<>/\\' \n\tatokenTP0-*&;\r#";

/// Takes decisions from bytes, and the first choice when none are left.
struct Dice<'b>(&'b [u8]);

impl Dice<'_> {
    /// Returns a number below `bound`.
    fn below(&mut self, bound: usize) -> usize {
        let count = if bound > 1 << 8 { 2 } else { 1 };
        let (taken, rest) = self.0.split_at(count.min(self.0.len()));
        self.0 = rest;
        taken.iter().fold(0, |number, byte| number << 8 | usize::from(*byte)) % bound.max(1)
    }

    /// Whether an event with a chance of one to `count` happens. The first choice is that it does not.
    fn hits(&mut self, count: usize) -> bool {
        self.below(count) == count - 1
    }

    fn of<'t, T>(&mut self, all: &'t [T]) -> &'t T {
        &all[self.below(all.len())]
    }
}

/// How JSON is written.
struct Style {
    line: &'static str,
    indent: &'static str,
    colon: &'static str,
    comma: &'static str,
}

const STYLES: &[Style] = &[
    Style { line: "", indent: "", colon: ": ", comma: ", " },
    Style { line: "", indent: "", colon: ":", comma: "," },
    Style { line: "\n", indent: "  ", colon: ": ", comma: "," },
    Style { line: "\n", indent: "\t", colon: " :", comma: " ," },
    Style { line: "\r\n", indent: "    ", colon: ": ", comma: "," },
];

impl Planted {
    /// Makes a document. The bytes decide about its contents, its notation and the edits.
    pub fn new(bytes: &[u8]) -> Self {
        let dice = &mut Dice(bytes);
        let at = dice.below(DOCUMENTS.len());
        let (key, document) = DOCUMENTS[at];
        let secret = *dice.of(SECRETS);
        let mut document = parse(&document.replace("\"@\"", planted(dice)));
        for _ in 0..dice.below(3) {
            change(&mut document, key, dice);
        }
        let is_legacy = at >= DOCUMENTS.len() - LEGACY;
        let kind = dice.below(16);
        if kind == 13 {
            return Self::binary(&document, secret);
        }
        if kind >= 14 || is_legacy && kind >= 4 {
            let written = xml(secret, dice);
            let text = plist(&document, dice).replace(MARK, &written);
            return Self::edited(("a.plist", text), (key, secret, written), dice);
        }
        let written = json(secret, dice.below(4));
        let is_lines = (2..4).contains(&kind);
        let style = if is_lines { &STYLES[dice.below(2)] } else { dice.of(STYLES) };
        let mut text = String::new();
        push_json(&mut text, &document, style, 0);
        let mut name = key.to_owned();
        if dice.hits(8) {
            name = format!("\\u00{:02x}{}", key.as_bytes()[0], &key[1..]);
            text = text.replace(&format!("\"{key}\""), &format!("\"{name}\""));
        }
        let text = text.replace(MARK, &written);
        let file = match kind {
            0 => ("a.json", format!("[{OTHER},\n  {text}, {OTHER}]")),
            1 => ("a.json", format!("[\n{text}\n]")),
            2 => ("a.ndjson", format!("{OTHER}\n{text}\n{OTHER}\n")),
            3 => ("a.ndjson", format!("{OTHER}\n{BROKEN}\n{text}\n{OTHER}\n")),
            _ => ("a.json", text),
        };
        Self::edited(file, (&name, secret, written), dice)
    }

    /// A binary property list. One byte changes which key has a value, so there are no edits.
    fn binary(document: &Value, secret: &str) -> Self {
        let mut text = Vec::new();
        property(document, secret).to_writer_binary(&mut text).expect("memory can be written to");
        Self { name: "a.plist", text, secret: [secret.to_owned(), secret.to_owned()] }
    }

    /// A text with edits outside of the secret, in one of several encodings.
    fn edited((name, text): (&'static str, String), (key, secret, written): (&str, &str, String), dice: &mut Dice<'_>) -> Self {
        let mut text = text.into_bytes();
        let secret_at = find(&text, written.as_bytes());
        let name_at = text[..secret_at.start].windows(key.len()).rposition(|window| window == key.as_bytes());
        let name_at = name_at.map(|start| start..start + key.len());
        let left = match key {
            // An escape is several letters.
            _ if key.starts_with('\\') => 0,
            // Only the end is the name of a secret.
            "bootstrap_token" => 0,
            "AdminPassword" => 1,
            _ if key.len() <= 7 => 1,
            _ => 2,
        };
        let mut edits = Edits { secret: secret_at, name: name_at, left };
        for _ in 0..dice.below(5) {
            edits.edit(&mut text, dice);
        }
        let words = |text: &[u8]| String::from_utf8_lossy(text).into_owned();
        match dice.below(16) {
            13 => text = [b"\xff\xfe".to_vec(), utf16(&words(&text), u16::to_le_bytes)].concat(),
            14 => text = utf16(&words(&text), u16::to_be_bytes),
            15 => text = [b"\xef\xbb\xbf".to_vec(), text].concat(),
            _ => {}
        }
        Self { name, text, secret: [secret.to_owned(), written] }
    }

    /// Returns the part of the secret that an output shows.
    pub fn leak<'o>(&self, output: &'o str) -> Option<&'o str> {
        [PART, WRITTEN_PART].into_iter().zip(&self.secret).find_map(|(length, secret)| {
            let starts: Vec<usize> = secret.char_indices().map(|(at, _)| at).chain([secret.len()]).collect();
            starts.windows(length + 1).find_map(|part| {
                let part = &secret[part[0]..part[length]];
                output.find(part).map(|at| &output[at..at + part.len()])
            })
        })
    }
}

/// Edits of a text that has a secret.
struct Edits {
    secret: Range<usize>,
    /// The name that says that it is secret.
    name: Option<Range<usize>>,
    /// How many more edits may touch the name.
    left: usize,
}

impl Edits {
    /// Changes one byte, often near the secret.
    fn edit(&mut self, text: &mut Vec<u8>, dice: &mut Dice<'_>) {
        let Range { start, end } = self.secret;
        let (from, to) = match dice.below(3) {
            0 => (0, text.len()),
            1 => (start.saturating_sub(30), (end + 15).min(text.len())),
            _ => (start.saturating_sub(120), start + 1),
        };
        let at = from + dice.below(to - from);
        let byte = *dice.of(BYTES);
        let kind = dice.below(3);
        let touches = |range: &Range<usize>| range.contains(&at) || kind == 0 && at == range.end;
        let is_inside = if kind == 0 { start < at && at < end } else { self.secret.contains(&at) };
        let is_name = self.name.as_ref().is_some_and(touches);
        if is_inside || is_name && self.left == 0 {
            return;
        }
        self.left -= usize::from(is_name);
        match kind {
            0 => {
                text.insert(at, byte);
                let shift = usize::from(at <= start);
                self.secret = start + shift..end + shift;
                self.name = self
                    .name
                    .take()
                    .map(|name| name.start + usize::from(at < name.start)..name.end + usize::from(at <= name.end));
            }
            1 => text[at] = byte,
            _ => {
                text.remove(at);
                let shift = usize::from(at < start);
                self.secret = start - shift..end - shift;
                self.name =
                    self.name.take().map(|name| name.start - usize::from(at < name.start)..name.end - usize::from(at < name.end));
            }
        }
    }
}

/// What stands in the place of the secret: the secret itself, in an array or an object, or as a key beside it.
fn planted(dice: &mut Dice<'_>) -> &'static str {
    match dice.below(16) {
        11 => r#"["@"]"#,
        12 => r#"{"Value": "@"}"#,
        13 => r#"{"@": 1}"#,
        14 => r#""x", "@": 1"#,
        15 => r#"[["x"], {"a": [1, "@"]}]"#,
        _ => "\"@\"",
    }
}

/// Adds, removes, repeats or moves a member, but keeps the secret and its name.
fn change(document: &mut Value, secret: &str, dice: &mut Dice<'_>) {
    let paths = objects(document);
    let path = dice.of(&paths).clone();
    let Some(members) = members_at(document, &path) else { return };
    match dice.below(8) {
        0 if !members.is_empty() => {
            let at = dice.below(members.len());
            if !holds_mark(&members[at]) && members[at].0 != secret {
                members.remove(at);
            }
        }
        1 if !members.is_empty() => {
            let copy = dice.of(members).clone();
            // A second secret would hide whether this one is found.
            if !holds_mark(&copy) {
                members.push(copy);
            }
        }
        2 if !members.is_empty() => {
            let at = dice.below(members.len());
            // A secret moves with its name.
            if holds_mark(&members[at]) == (members[at].0 == secret) {
                let member = members.remove(at);
                let paths = objects(document);
                let home = dice.of(&paths).clone();
                members_at(document, &home).expect("this is an object").push(member);
            }
        }
        3 if !members.is_empty() => {
            let (one, other) = (dice.below(members.len()), dice.below(members.len()));
            members.swap(one, other);
        }
        _ => {
            let (name, value) = *dice.of(MEMBERS);
            let at = dice.below(members.len() + 1);
            members.insert(at, (name.into(), parse(value)));
        }
    }
}

fn holds_mark((key, value): &(Text, Value)) -> bool {
    key == MARK
        || match value {
            Value::String(text) => text == MARK,
            Value::Array(items) => items.iter().any(|item| holds_mark(&("".into(), item.clone()))),
            Value::Object(members) => members.iter().any(holds_mark),
            _ => false,
        }
}

/// The paths of all objects, as the places of their children.
fn objects(value: &Value) -> Vec<Vec<usize>> {
    let (mut found, children): (_, Vec<&Value>) = match value {
        Value::Object(members) => (vec![Vec::new()], members.iter().map(|(_, value)| value).collect()),
        Value::Array(items) => (Vec::new(), items.iter().collect()),
        _ => return Vec::new(),
    };
    for (at, child) in children.into_iter().enumerate() {
        found.extend(objects(child).into_iter().map(|path| [vec![at], path].concat()));
    }
    found
}

fn members_at<'v>(value: &'v mut Value, path: &[usize]) -> Option<&'v mut Vec<(Text, Value)>> {
    match (value, path) {
        (Value::Object(members), []) => Some(members),
        (Value::Object(members), [at, rest @ ..]) => members_at(&mut members.get_mut(*at)?.1, rest),
        (Value::Array(items), [at, rest @ ..]) => members_at(items.get_mut(*at)?, rest),
        _ => None,
    }
}

/// Reads JSON, with members in their order.
fn parse(text: &str) -> Value {
    fn value(node: Node<'_>) -> Value {
        let text = |node: Node<'_>| node.as_str().unwrap_or_default().into_owned();
        match node.kind() {
            Kind::Boolean => Value::Boolean(node.as_bool().unwrap_or_default()),
            Kind::Number => Value::Number(node.text().to_owned()),
            Kind::Array => Value::Array(node.elements().map(value).collect()),
            Kind::Object => Value::Object(node.members().map(|(key, of)| (text(key).into(), value(of))).collect()),
            Kind::String | Kind::Date | Kind::Data => Value::string(text(node)),
            Kind::Null => Value::Null,
        }
    }
    let mut buffers = syntax::Buffers::default();
    let parsed = syntax::parse(text.as_bytes(), &mut buffers);
    value(parsed.document.expect("this is JSON").root())
}

fn push_json(text: &mut String, value: &Value, style: &Style, depth: usize) {
    let quoted = |name: &str| format!("\"{}\"", json(name, 0));
    let open = |text: &mut String, depth: usize| {
        text.push_str(style.line);
        text.push_str(&style.indent.repeat(depth));
    };
    let mut push_all = |ends: [char; 2], children: Vec<(Option<String>, &Value)>| {
        text.push(ends[0]);
        let is_empty = children.is_empty();
        for (at, (key, child)) in children.into_iter().enumerate() {
            if at > 0 {
                text.push_str(style.comma);
            }
            open(text, depth + 1);
            if let Some(key) = key {
                text.push_str(&key);
                text.push_str(style.colon);
            }
            push_json(text, child, style, depth + 1);
        }
        if !is_empty {
            open(text, depth);
        }
        text.push(ends[1]);
    };
    match value {
        Value::Array(items) => push_all(['[', ']'], items.iter().map(|item| (None, item)).collect()),
        Value::Object(members) => {
            push_all(['{', '}'], members.iter().map(|(key, value)| (Some(quoted(key)), value)).collect());
        }
        Value::String(name) => text.push_str(&quoted(name)),
        Value::Number(number) => text.push_str(number),
        Value::Boolean(value) => text.push_str(if *value { "true" } else { "false" }),
        Value::Null | Value::Integer(_) => text.push_str("null"),
    }
}

/// A text in JSON without its quotation marks: as it stands, with escapes that are not needed, or with only those.
fn json(text: &str, escapes: usize) -> String {
    let mut written = String::new();
    for (at, character) in text.chars().enumerate() {
        let is_escaped = match escapes {
            0 | 1 => false,
            2 => !character.is_ascii() || character == '/',
            _ => at % 4 == 1,
        };
        match character {
            '"' | '\\' if !is_escaped => written.extend(['\\', character]),
            '\n' => written.push_str("\\n"),
            '\t' => written.push_str("\\t"),
            '/' if is_escaped => written.push_str("\\/"),
            _ if is_escaped => {
                let _ = write!(written, "\\u{:04x}", u32::from(character));
            }
            _ => written.push(character),
        }
    }
    written
}

/// A text in XML.
fn xml(text: &str, dice: &mut Dice<'_>) -> String {
    let style = dice.below(4);
    if style == 3 && !text.contains("]]>") {
        return format!("<![CDATA[{text}]]>");
    }
    let mut written = String::new();
    for (at, character) in text.chars().enumerate() {
        match character {
            '<' => written.push_str("&lt;"),
            '&' => written.push_str("&amp;"),
            _ if style == 2 && at % 4 == 1 => {
                let _ = write!(written, "&#{};", u32::from(character));
            }
            _ => written.push(character),
        }
    }
    written
}

/// A property list in XML. Some have the secret as data.
fn plist(value: &Value, dice: &mut Dice<'_>) -> String {
    fn element(value: &Value, style: (&str, &str)) -> String {
        let (line, data) = style;
        match value {
            Value::Null | Value::Integer(_) => "<string></string>".to_owned(),
            Value::Boolean(value) => format!("<{value}/>"),
            Value::Number(number) => format!("<integer>{number}</integer>"),
            Value::String(text) if text == MARK => format!("<{data}>{MARK}</{data}>"),
            Value::String(text) => format!("<string>{text}</string>"),
            Value::Array(items) => {
                format!("<array>{line}{}</array>{line}", items.iter().map(|item| element(item, style)).collect::<String>())
            }
            Value::Object(members) => {
                let member = |(key, value): &(Text, Value)| format!("<key>{key}</key>{}{line}", element(value, style));
                format!("<dict>{line}{}</dict>{line}", members.iter().map(member).collect::<String>())
            }
        }
    }
    let line = *dice.of(&["\n", "", "\r\n\t"]);
    let data = if dice.hits(6) { "data" } else { "string" };
    let text = element(value, (line, data));
    if dice.hits(8) {
        text
    } else {
        format!("<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<plist version=\"1.0\">\n{text}</plist>\n")
    }
}

/// A property list with the secret.
fn property(value: &Value, secret: &str) -> plist::Value {
    let text = |text: &str| if text == MARK { secret.to_owned() } else { text.to_owned() };
    match value {
        Value::Null => plist::Value::String(String::new()),
        Value::Boolean(value) => plist::Value::Boolean(*value),
        Value::Integer(number) => plist::Value::Integer((*number).into()),
        Value::Number(number) => plist::Value::Integer(number.parse::<i64>().unwrap_or_default().into()),
        Value::String(name) => plist::Value::String(text(name)),
        Value::Array(items) => plist::Value::Array(items.iter().map(|item| property(item, secret)).collect()),
        Value::Object(members) => {
            plist::Value::Dictionary(members.iter().map(|(key, value)| (text(key), property(value, secret))).collect())
        }
    }
}

fn utf16<const N: usize>(text: &str, bytes: fn(u16) -> [u8; N]) -> Vec<u8> {
    text.encode_utf16().flat_map(bytes).collect()
}

fn find(text: &[u8], part: &[u8]) -> Range<usize> {
    let start = memchr::memmem::find(text, part).expect("the secret is there");
    start..start + part.len()
}
