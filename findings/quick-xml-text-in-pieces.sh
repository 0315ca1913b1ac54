#!/usr/bin/env bash
# quick-xml 0.42.0: the text of an element comes in pieces, even where it holds one `&amp;`.
#
# Expected: one `Text` event for `<string>R&amp;D</string>`, with `unescape()` or the like giving "R&D", as in quick-xml up to 0.37.
# Real:     three events: Text("R"), GeneralRef("amp"), Text("D"). Nothing on `BytesText` resolves a reference any more, so a reader
#           of property lists that takes "the text event" of a <string> silently keeps only what stands before the first `&`.
#           A character reference (`&#68;`) comes as GeneralRef too, and the reader itself does not say which of the two it is.
#           `trim_text` trims each piece, so it eats the blanks around a reference too: "R &amp; D" comes out as "R&D".
# Documented: `Event::GeneralRef` has a page. The warning on `trim_text` names comments, processing instructions and CDATA sections as
#           what it goes wrong at, and not references, which are the common case in property lists.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
mkdir src
cat > Cargo.toml <<'TOML'
[package]
name = "look"
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
saw=$(cargo run --quiet)
printf '%s\n' "$saw"
diff <(printf '%s\n' "$saw") - <<'EXPECTED'
Text("R") GeneralRef("amp") Text("D")
Text("R") GeneralRef("#68")
Text("R") GeneralRef("amp") Text("D")
EXPECTED
echo "as described"
