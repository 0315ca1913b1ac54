#!/usr/bin/env bash
# js-yaml 5.5.0 (npm): what repositories share with `<<` becomes a key called "<<".
#
# Expected: a declaration that takes its payload from an anchor (`<<: *base`) is read by js-yaml 5 as by js-yaml 4 and PyYAML.
# Actual:   `load` of 5 merges nothing and raises no error: the keys stand below "<<", so the payload has one unknown key, which devices
#           ignore. Dates without quotes, which were UTC instants (2027-01-15T12:00:00.000Z), are strings as written, which is right for
#           TargetLocalDateTime. With the schema YAML11_SCHEMA it merges, and the dates are instants again.
# Documented: the type declarations of js-yaml 5 say that the default schema, CORE_SCHEMA, has no merge tag; the README does not.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
npm install --silent --no-audit --no-fund js-yaml@5.5.0 js-yaml-4@npm:js-yaml@4.1.1 >/dev/null
cat > declaration.yaml <<'YAML'
Base: &base { TargetOSVersion: "26.1", DetailsURL: "https://example.com" }
Payload: { <<: *base, TargetLocalDateTime: 2027-01-15T12:00:00 }
YAML
cat > read.mjs <<'JS'
import { readFileSync } from "node:fs";
import { YAML11_SCHEMA, load } from "js-yaml";
import four from "js-yaml-4";
const text = readFileSync("declaration.yaml", "utf8");
const readers = { 4: four.load, 5: load, "5 as 1.1": (text) => load(text, { schema: YAML11_SCHEMA }) };
for (const [name, read] of Object.entries(readers)) console.log(`${name}: ${JSON.stringify(read(text).Payload)}`);
JS
actual=$(node read.mjs)
printf '%s\n' "$actual"
merged='{"TargetOSVersion":"26.1","DetailsURL":"https://example.com","TargetLocalDateTime":"2027-01-15T12:00:00.000Z"}'
[ "$actual" = "4: $merged
5: {\"<<\":{\"TargetOSVersion\":\"26.1\",\"DetailsURL\":\"https://example.com\"},\"TargetLocalDateTime\":\"2027-01-15T12:00:00\"}
5 as 1.1: $merged" ]
echo "as expected: js-yaml 5 keeps << as a key"
