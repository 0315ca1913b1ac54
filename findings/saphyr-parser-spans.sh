#!/usr/bin/env bash
# saphyr-parser 0.3.4: four surprises about event spans.
#
# Expected: byte offsets, so that `&text[start..end]` is the node without its anchor for every kind of node; and an error for a node
#           that refers to itself.
# Actual:   1. `Marker::index` counts characters. After one "é" every offset is one too small, and slicing can panic.
#           2. The span of a node with an anchor includes the anchor: `&b 1`, although the event contains only "1". A block mapping
#              starts and ends with an empty span, and its end is the start of the next token.
#           3. An alias to an enclosing collection is an ordinary event. Code that builds a tree must detect that the node is
#              incomplete. Apple's schema of Safari bookmarks uses such recursion.
#           4. The span of a quoted scalar and of a closing bracket includes the blanks and the comment after it.
# Documented: "Return the index (in characters) of the marker in the source" on `Marker::index`; the contents of a span nowhere.
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
saphyr-parser = "=0.3.4"

[workspace]
TOML
cat > src/main.rs <<'RUST'
use saphyr_parser::{Event, Parser};

fn main() {
    for text in ["é: 1\n", "a: &a [1]\nb: &b 1\n", "&x [1, *x]\n", "a: 'b' # c\nd: [] # e\n"] {
        let mut seen = Vec::new();
        for event in Parser::new_from_str(text) {
            let (event, span) = event.expect("it is YAML");
            let name = match event {
                Event::Scalar(text, ..) => format!("{text}"),
                Event::SequenceStart(..) => "[".to_owned(),
                Event::SequenceEnd => "]".to_owned(),
                Event::MappingStart(..) => "{".to_owned(),
                Event::MappingEnd => "}".to_owned(),
                Event::Alias(_) => "*".to_owned(),
                _ => continue,
            };
            seen.push(format!("{name}@{}-{}", span.start.index(), span.end.index()));
        }
        println!("{} bytes: {}", text.len(), seen.join(" "));
    }
}
RUST
actual=$(cargo run --quiet)
printf '%s\n' "$actual"
diff <(printf '%s\n' "$actual") - <<'EXPECTED'
6 bytes: {@0-0 é@0-1 1@3-4 }@5-5
18 bytes: {@0-0 a@0-1 [@3-7 1@7-8 ]@8-9 b@10-11 1@13-17 }@18-18
11 bytes: [@0-4 1@4-5 *@7-9 ]@9-10
21 bytes: {@0-0 a@0-1 b@3-10 d@11-12 [@14-15 ]@15-20 }@21-21
EXPECTED
echo "as described"
