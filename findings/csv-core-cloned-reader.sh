#!/usr/bin/env bash
# csv-core 0.1.13 (crates.io): a clone of a reader finds no fields.
#
# Expected: `Reader` implements `Clone`, so a reader can be built once and cloned for each part of a file: a new clone reads what the
#           original reads.
# Actual:   `clone` copies the transitions of the state machine, but neither the classes of bytes nor the limits that tell whether a state
#           outputs. A clone that has read nothing makes one empty field of `a,"b,c"`, and reports a whole record, not an error.
# Documented: nowhere; the implementation of `Clone` for `Dfa` in src/reader.rs begins with an empty machine and copies one of its parts.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
mkdir src
cat > Cargo.toml <<'TOML'
[package]
name = "clone"
version = "0.0.0"
edition = "2024"

[dependencies]
csv-core = { version = "=0.1.13", default-features = false }
TOML
cat > src/main.rs <<'RUST'
fn record(mut reader: csv_core::Reader) -> String {
    let (mut text, mut ends) = ([0; 64], [0; 8]);
    let (result, _, length, fields) = reader.read_record(b"a,\"b,c\"\nd,e\n", &mut text, &mut ends);
    format!("{result:?} {fields} {:?}", str::from_utf8(&text[..length]))
}

fn main() {
    let reader = csv_core::ReaderBuilder::new().build();
    println!("clone: {}", record(reader.clone()));
    println!("original: {}", record(reader));
}
RUST
actual=$(cargo run --quiet)
printf 'result, fields and text:\n%s\n' "$actual"
[ "$actual" = 'clone: Record 1 Ok("")
original: Record 2 Ok("ab,c")' ]
echo "as expected: the clone finds one empty field"
