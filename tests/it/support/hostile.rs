//! Hostile inputs of any size: each repeats one thing. The tests and a benchmark use them.

/// A hostile file: its name, and a text in which one part is repeated. `@` in that part is its number.
pub(crate) struct Shape {
    pub(crate) name: &'static str,
    pub(crate) file: &'static str,
    before: &'static str,
    unit: &'static str,
    after: &'static str,
}

impl Shape {
    /// The argument for a command.
    pub(crate) fn argument(&self) -> &'static str {
        if matches!(self.file, "ddmc.toml" | ".gitignore") { "." } else { self.file }
    }

    /// The file with about this many bytes.
    pub(crate) fn bytes(&self, most: usize) -> Vec<u8> {
        match self.unit {
            BINARY_ITEMS => binary(most, b"com.apple.SoftwareUpdate"),
            BINARY_TEXTS => {
                let text = "com.apple.SoftwareUpdate".repeat(most / 24);
                binary(1000, text.as_bytes())
            }
            unit => {
                let mut text = self.before.to_owned();
                let most = most.saturating_sub(self.after.len());
                for number in 0.. {
                    let next = unit.replace('@', &number.to_string());
                    if text.len() + next.len() > most {
                        break;
                    }
                    text.push_str(&next);
                }
                (text + self.after).into_bytes()
            }
        }
    }
}

const BINARY_ITEMS: &str = "many references to one value of a binary property list";
const BINARY_TEXTS: &str = "references to one long text of a binary property list";

/// A binary property list: an array with `count` references to one string.
fn binary(count: usize, text: &[u8]) -> Vec<u8> {
    let bytes = |number: usize| u32::try_from(number).expect("it is small").to_be_bytes();
    let mut list = b"bplist00\xaf\x12".to_vec();
    list.extend(bytes(count));
    list.extend(std::iter::repeat_n(1, count));
    let second = list.len();
    list.extend(b"\x5f\x12");
    list.extend(bytes(text.len()));
    list.extend(text);
    let table = list.len() as u64;
    list.extend(bytes(8));
    list.extend(bytes(second));
    list.extend([0, 0, 0, 0, 0, 0, 4, 1]);
    for number in [2, 0, table] {
        list.extend(number.to_be_bytes());
    }
    list
}

macro_rules! settings {
    ($payload:literal) => {
        concat!(r#"{"Type": "com.apple.configuration.softwareupdate.settings", "Identifier": "x", "Payload": {"#, $payload)
    };
}

macro_rules! yaml {
    ($rest:literal) => {
        concat!("Type: com.apple.configuration.softwareupdate.settings\nIdentifier: ", $rest)
    };
}

macro_rules! plist {
    ($content:literal) => {
        concat!(r#"<plist version="1.0"><dict><key>PayloadType</key><string>com.apple.SoftwareUpdate</string>"#, $content)
    };
}

/// A set beside a hostile file. Its predicate asks for values of an inventory.
pub(crate) const RIGHT: &str = r#"[
    {"Type": "com.apple.configuration.softwareupdate.settings", "Identifier": "x", "Payload": {}},
    {"Type": "com.apple.configuration.softwareupdate.enforcement.specific", "Identifier": "y",
     "Payload": {"TargetOSVersion": "26.1", "TargetLocalDateTime": "2027-01-01T01:00:00"}},
    {"Type": "com.apple.activation.simple", "Identifier": "z", "Payload": {"StandardConfigurations": ["x", "y"],
     "Predicate": "@property(ring) != 'never' OR @status(device.model.identifier) == 'Mac16,1'"}}]"#;

macro_rules! shapes {
    ($list:ident, $($name:literal, $file:literal, $before:expr, $unit:expr, $after:expr;)+) => {
        pub(crate) const $list: &[Shape] =
            &[$(Shape { name: $name, file: $file, before: $before, unit: $unit, after: $after }),+];
    };
}

shapes! {
    SHAPES,
    "commas in an array", "a.json", "[", ",", "]";
    "commas in an object", "a.json", "{", ",", "}";
    "colons", "a.json", "{", ":", "}";
    "numbers", "a.json", "[", "1,", "1]";
    "numbers in a payload", "a.json", settings!("\"Notifications\": ["), "1,", "1]}}";
    "open arrays", "a.json", "", "[", "";
    "open objects", "a.json", "", "{\"a\":", "";
    "closing brackets", "a.json", "", "]", "";
    "mixed brackets", "a.json", settings!(""), "[}", "}}";
    "braces between members", "a.json", settings!(""), "}{", "}}";
    "open brackets before blanks", "a.json", settings!(""), "(1 \n", "}}";
    "quotation marks", "a.json", "", "\"", "";
    "an open string", "a.json", "{\"Type\": \"", "a", "";
    "braces in a string", "a.json", settings!("\"X\": \""), "{{", "\"}}";
    "open placeholders", "a.json", settings!("\"X\": \""), "{{a", "\"}}";
    "variables", "a.json", settings!("\"X\": \""), "$FLEET_VAR_", "\"}}";
    "empty keys", "a.json", settings!(""), "\"\":1,", "\"a\":1}}";
    "one key", "a.json", settings!(""), "\"Notifications\":true,", "\"a\":1}}";
    "unknown keys", "a.json", settings!(""), "\"key-@\":1,", "\"a\":1}}";
    "misspelled keys", "a.json", settings!(""), "\"Notificatons@\":1,", "\"a\":1}}";
    "unknown keys at the top", "a.json", r#"{"Type": "com.apple.activation.simple", "#, "\"key-@\":1,", "\"a\":1}";
    "programs of a wrong type", "a.json", settings!("\"Beta\": {\"OfferPrograms\": ["), "1,", "1]}}}";
    "programs without keys", "a.json", settings!("\"Beta\": {\"OfferPrograms\": ["), "{},", "{}]}}}";
    "programs", "a.json", settings!("\"Beta\": {\"OfferPrograms\": ["), r#"{"Description":"d@","Token":"t@"},"#, "{}]}}}";
    "one program", "a.json", settings!("\"Beta\": {\"OfferPrograms\": ["), r#"{"Description":"d","Token":"t"},"#, "{}]}}}";
    "properties", "a.json", r#"{"Type": "com.apple.management.properties", "Identifier": "a", "Payload": {"#, "\"p@\":1,", "\"p\":1}}";
    "references", "a.json", r#"{"Type": "com.apple.activation.simple", "Identifier": "a", "Payload": {"StandardConfigurations": ["#, "\"x@\",", "\"x\"]}}";
    "one reference", "a.json", r#"{"Type": "com.apple.activation.simple", "Identifier": "a", "Payload": {"StandardConfigurations": ["#, "\"x\",", "\"x\"]}}";
    "copies of a declaration", "a.json", "[", settings!("}},"), "{}]";
    "enforcements", "a.json", "[", r#"{"Type": "com.apple.configuration.softwareupdate.enforcement.specific", "Identifier": "x@", "Payload": {"TargetOSVersion": "26.1", "TargetLocalDateTime": "2027-01-01T01:00:00"}},"#, "{}]";
    "missing assets", "a.json", "[", r#"{"Type": "com.apple.configuration.account.mail", "Identifier": "x@", "Payload": {"IncomingServer": {"AuthenticationCredentialsAssetReference": "m@"}}},"#, "{}]";
    "unknown types", "a.json", "[", r#"{"Type": "com.apple.configuration.softwareupdate.setting@", "Identifier": "@", "Payload": {}},"#, "{}]";
    "lines with syntax errors", "a.ndjson", "", "{\"a\":\n", "";
    "lines with a number", "a.ndjson", "", "1\n", "";
    "lines with many errors", "a.ndjson", "", "{\"Type\":\"\",\"\":1,\"\":1,\"\":1,\"\":1,\"\":1,\"\":1,\"\":1}\n", "";
    "blank lines", "a.ndjson", "", "\n", "";
    "a line without an end", "a.ndjson", settings!("\"X\": \""), "x", "";
    "carriage returns", "a.json", settings!("\"X\": 1"), "\r", "}}";
    "comments on lines", "a.json", settings!(""), "//\n", "}}";
    "comments", "a.json", "{", "/**/", "}";
    "comments between elements", "a.json", "[", "/**/", "]";
    "an open comment", "a.json", "", "/*", "";
    "escapes", "a.json", settings!("\""), "\\u0000", "\":1}}";
    "wrong escapes", "a.json", settings!("\""), "\\q", "\":1}}";
    "half a pair of surrogates", "a.json", settings!("\""), "\\ud800", "\":1}}";
    "control characters", "a.json", settings!("\""), "\u{1}", "\":1}}";
    "zero bytes", "a.json", "", "\0", "";
    "digits", "a.json", settings!("\"Deferrals\": {\"MajorPeriodInDays\": "), "9", "}}}";
    "an exponent", "a.json", settings!("\"Deferrals\": {\"MajorPeriodInDays\": 1e"), "9", "}}}";
    "words without quotation marks", "a.json", settings!(""), "a b ", "}}";
    "other quotation marks", "a.json", settings!(""), "'a':1,", "}}";
    "missing colons", "a.json", settings!(""), "\"a\" 1 ", "}}";
    "missing values", "a.json", settings!(""), "\"a\",\"b\",", "}}";
    "a predicate", "a.json", r#"{"Type": "com.apple.activation.simple", "Identifier": "a", "Payload": {"StandardConfigurations": ["x"], "Predicate": ""#, "(", "\"}}";
    "an identifier", "a.json", r#"{"Type": "com.apple.activation.simple", "Payload": {"StandardConfigurations": ["x"]}, "Identifier": ""#, "x", "\"}";
    "a type", "a.json", r#"{"Identifier": "a", "Payload": {}, "Type": "com.apple.configuration."#, "x", "\"}";
    "data", "a.json", r#"{"Type": "com.apple.configuration.legacy", "Identifier": "a", "Payload": {"ProfileURL": ""#, "QUJD", "\"}}";
    "open elements", "a.mobileconfig", "<plist>", "<array>", "";
    "elements", "a.mobileconfig", "<plist><array>", "<string/>", "</array></plist>";
    "one key of a property list", "a.mobileconfig", plist!(""), "<key>a</key><true/>", "</dict></plist>";
    "payloads", "a.mobileconfig", plist!("<key>PayloadContent</key><array>"), "<dict><key>PayloadType</key><string>com.apple.SoftwareUpdate</string></dict>", "</array></dict></plist>";
    "entities", "a.mobileconfig", plist!("<key>a</key><string>"), "&amp;", "</string></dict></plist>";
    "unknown entities", "a.mobileconfig", plist!("<key>a</key><string>"), "&x;", "</string></dict></plist>";
    "markup comments", "a.mobileconfig", plist!(""), "<!---->", "</dict></plist>";
    "sections", "a.mobileconfig", plist!("<key>a</key><string>"), "<![CDATA[]]>", "</string></dict></plist>";
    "open brackets", "a.mobileconfig", plist!(""), "<", "</dict></plist>";
    "open keys", "a.mobileconfig", plist!(""), "<key>", "</dict></plist>";
    "attributes", "a.mobileconfig", plist!("<key "), "a=\"\" ", "></key></dict></plist>";
    "text between elements", "a.mobileconfig", plist!(""), "x ", "</dict></plist>";
    "wrong integers", "a.mobileconfig", plist!("<key>a</key><array>"), "<integer>x</integer>", "</array></dict></plist>";
    "YAML documents", "a.yaml", yaml!("a\n"), "---\nType: com.apple.configuration.x\n", "";
    "YAML items", "a.yaml", "", "- a\n", "";
    "empty YAML items", "a.yaml", "", "-\n", "";
    "YAML items in brackets", "a.yaml", "[", "a,", "]";
    "YAML declarations", "a.yaml", "", concat!("- ", yaml!("x@\n")), "";
    "YAML keys", "a.yaml", yaml!("a\nPayload:\n"), "  key-@: 1\n", "";
    "one YAML key", "a.yaml", yaml!("a\nPayload:\n"), "  key: 1\n", "";
    "YAML numbers", "a.yaml", yaml!("a\nPayload: ["), "1,", "]";
    "YAML words", "a.yaml", yaml!("a\nPayload: ["), "on,", "]";
    "YAML pairs", "a.yaml", yaml!("a\nPayload: ["), "a: 1,", "]";
    "YAML braces", "a.yaml", yaml!("a\nPayload: "), "{", "";
    "YAML brackets", "a.yaml", yaml!("a\nPayload: "), "[", "";
    "YAML dashes", "a.yaml", yaml!("a\nPayload: \n"), "- ", "";
    "YAML question marks", "a.yaml", yaml!("a\nPayload: \n"), "? ", "";
    "YAML colons", "a.yaml", yaml!("a\nPayload: \n"), ": ", "";
    "YAML lines of a string", "a.yaml", yaml!("a\nPayload: \n"), " a\n", "";
    "YAML quotes", "a.yaml", yaml!("a\nPayload: '"), "''", "'";
    "YAML text in a block", "a.yaml", yaml!("a\nPayload: |\n"), " #\n", "";
    "YAML comments", "a.yaml", yaml!("a\n"), "# Token\n", "Payload: 1\n";
    "YAML anchors", "a.yaml", yaml!("a\nPayload: [&a 1, "), "&a@ 1,", "]";
    "YAML aliases", "a.yaml", yaml!("a\nPayload: [&a [&b [1, 1, 1, 1], *b, *b, *b], "), "*a,", "]";
    "YAML merge keys", "a.yaml", yaml!("a\nx: &x {a: 1}\nPayload:\n"), "  <<: *x\n", "";
    "YAML merged mappings", "a.yaml", yaml!("a\nx: &x {a: 1}\nPayload: {<<: ["), "*x,", "]}";
    "YAML tags", "a.yaml", yaml!("a\nPayload: ["), "!a 1,", "]";
    "YAML white space", "a.yaml", yaml!("a\n"), " ", "Payload: 1\n";
    "paths in a file for Fleet", "a.yaml", "controls:\n apple_settings:\n  configuration_profiles:\n", "  - path: x@\n", "";
    "patterns in a file for Fleet", "a.yaml", "controls:\n apple_settings:\n  configuration_profiles:\n", "  - paths: ./*a*b*@/**\n", "";
    "identifiers of a set", "set.a.txt", "", "x@\n", "";
    "rules of a configuration", "ddmc.toml", "[rules]\n", "r@ = \"off\"\n", "";
    "arrays of a configuration", "ddmc.toml", "exclude = ", "[", "";
    "headings of a configuration", "ddmc.toml", "", "[a\n", "";
    "globs of a configuration", "ddmc.toml", "exclude = [", "\"**/a*b*c*/**/@\",", "]";
    "entries of a configuration", "ddmc.toml", "", "[[ignore]]\nrule = \"x\"\n", "";
    "patterns to ignore", ".gitignore", "", "a*b*c*@\n", "";
    "items of a binary property list", "a.mobileconfig", "", BINARY_ITEMS, "";
    "texts of a binary property list", "a.mobileconfig", "", BINARY_TEXTS, "";
}

macro_rules! table {
    ($rest:literal) => {
        concat!("id,platform,version,property.ring\n", $rest)
    };
}

shapes! {
    INVENTORIES,
    "rows of a table", "devices.csv", table!(""), "d@,macOS,15.6,r\n", "";
    "kinds of a table", "devices.csv", table!(""), "d@,macOS,15.6,r@\n", "";
    "wrong versions in a table", "devices.csv", table!(""), "d@,macOS,v@,r\n", "";
    "wrong platforms in a table", "devices.csv", table!(""), "d@,p@,15.6,r\n", "";
    "short rows of a table", "devices.csv", table!(""), "@\n", "";
    "blank rows of a table", "devices.csv", table!(""), "\n", "d,macOS,15.6,r";
    "carriage returns in a table", "devices.csv", table!(""), "\r", "d,macOS,15.6,r";
    "delimiters in a table", "devices.csv", table!(""), ",", "";
    "quotation marks in a table", "devices.csv", table!(""), "\"", "";
    "doubled quotation marks in a table", "devices.csv", table!("\""), "\"\"", "\",macOS,15.6,r";
    "open quotation marks in a table", "devices.csv", table!(""), "\"a\n", "";
    "line breaks in a cell", "devices.csv", table!("d,macOS,\""), "\n", "\",r";
    "a cell of a table", "devices.csv", table!("d,macOS,15.6,"), "x", "";
    "zero bytes in a table", "devices.csv", table!("d,macOS,15.6,"), "\0", "";
    "columns of a table", "devices.csv", "platform,version", ",c@", "\nmacOS,15.6\n";
    "one column of a table", "devices.csv", "platform,version", ",property.ring", "\nmacOS,15.6\n";
    "objects of an inventory", "devices.ndjson", "", "{\"platform\":\"macOS\",\"version\":\"15.6\",\"property\":{\"ring\":\"r@\"}}\n", "";
    "members of an object", "devices.ndjson", "{\"platform\":\"macOS\",", "\"k@\":1,", "\"version\":\"15.6\"}";
    "one member of an object", "devices.ndjson", "{\"platform\":\"macOS\",", "\"property.ring\":1,", "\"version\":\"15.6\"}";
    "items of a value", "devices.ndjson", "{\"platform\":\"macOS\",\"property\":{\"ring\":[", "1,", "1]},\"version\":\"15.6\"}";
    "open objects of an inventory", "devices.ndjson", "", "{\"property\":", "";
    "lines that are not objects", "devices.ndjson", "", "[\n", "";
    "a line of an inventory", "devices.ndjson", "{\"id\":\"", "x", "\"}";
}
