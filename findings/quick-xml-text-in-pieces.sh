#!/usr/bin/env bash
# quick-xml 0.42.0: an element's text is split into several events at each reference such as `&amp;`.
#
# Expected: one `Text` event for `<string>R&amp;D</string>`, from which a method such as `unescape()` returns "R&D", as up to 0.37.
# Actual:   three events: Text("R"), GeneralRef("amp"), Text("D"). `BytesText` no longer resolves references, so a property list reader
#           that uses only the first text event of a <string> silently drops everything from the first `&` on.
#           A character reference (`&#68;`) is also a GeneralRef event; the reader does not distinguish the two.
#           `trim_text` trims each piece, including spaces around a reference: "R &amp; D" becomes "R&D".
# Documented: `Event::GeneralRef` has a page. The warning on `trim_text` mentions comments, processing instructions and CDATA sections,
#           but not references, the common case in property lists.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
mkdir src
cat > Cargo.toml <<'TOML'
[package]
name = "demo"
version = "0.0.0"
edition = "2021"

[dependencies]
quick-xml = { version = "=0.42.0", default-features = false }

[workspace]
TOML
cat > src/main.rs <<'RUST'
use quick_xml::{events::Event, Reader};

fn events(text: &str, trims: bool) -> Vec<String> {
    let mut reader = Reader::from_str(text);
    reader.config_mut().trim_text(trims);
    let mut all = Vec::new();
    loop {
        match reader.read_event().expect("it is well-formed") {
            Event::Eof => return all,
            Event::Text(text) => all.push(format!("Text({:?})", &*text)),
            Event::GeneralRef(name) => all.push(format!("GeneralRef({:?})", &*name)),
            _ => {}
        }
    }
}

fn main() {
    println!("{}", events("<string>R&amp;D</string>", false).join(" "));
    println!("{}", events("<string>R&#68;</string>", false).join(" "));
    println!("{}", events("<string>R &amp; D</string>", true).join(" "));
}
RUST
actual=$(cargo run --quiet)
printf '%s\n' "$actual"
diff <(printf '%s\n' "$actual") - <<'EXPECTED'
Text("R") GeneralRef("amp") Text("D")
Text("R") GeneralRef("#68")
Text("R") GeneralRef("amp") Text("D")
EXPECTED
echo "as described"
