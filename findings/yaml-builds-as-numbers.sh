#!/usr/bin/env bash
# yaml 2.9.1, js-yaml 4.1.1 and 5.5.0 (npm), ruamel.yaml 0.19.1 (PyPI): the builds of the spring releases are numbers.
#
# Expected: TargetBuildVersion: 24E248 (macOS 15.4) without quotes is a string, as 24D70 (15.3.1) and 25A354 (26.0) are, and as PyYAML
#           6.0.3 reads all three.
# Actual:   the four readers make 2.4e+249 of it, and of 22E252 (13.3) 2.2e+253; JSON written from it names no build any more. The
#           letter of each spring's release is E, so what works without quotes for months stops working then.
# Documented: YAML 1.2.2, section 10.3.2 (the core schema): a float needs neither a dot nor a sign in its exponent. YAML 1.1's type float
#           needs both, which PyYAML follows; js-yaml 4 has the dates of 1.1, but the floats of 1.2.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
npm install --silent --no-audit --no-fund yaml@2.9.1 js-yaml@5.5.0 js-yaml-4@npm:js-yaml@4.1.1 >/dev/null
python3 -m venv venv
venv/bin/pip install --quiet --disable-pip-version-check PyYAML==6.0.3 ruamel.yaml==0.19.1
printf 'builds: [24D70, 24E248, 22E252, 25A354]\n' > builds.yaml
cat > read.mjs <<'JS'
import { readFileSync } from "node:fs";
import { load } from "js-yaml";
import four from "js-yaml-4";
import { parse } from "yaml";
const text = readFileSync("builds.yaml", "utf8");
for (const [name, read] of [["yaml", parse], ["js-yaml 4", four.load], ["js-yaml 5", load]]) console.log(`${name}: ${JSON.stringify(read(text).builds)}`);
JS
cat > read.py <<'PY'
import json, yaml
from ruamel.yaml import YAML
text = open("builds.yaml").read()
for name, read in [("ruamel.yaml", YAML(typ="safe", pure=True).load), ("PyYAML", yaml.safe_load)]:
    print(f"{name}: {json.dumps(read(text)['builds'], separators=(',', ':'))}")
PY
actual=$(node read.mjs; venv/bin/python read.py)
printf '%s\n' "$actual"
numbers='["24D70",2.4e+249,2.2e+253,"25A354"]'
[ "$actual" = "yaml: $numbers
js-yaml 4: $numbers
js-yaml 5: $numbers
ruamel.yaml: $numbers
PyYAML: [\"24D70\",\"24E248\",\"22E252\",\"25A354\"]" ]
echo "as expected: 24E248 is 2.4e+249 for all but PyYAML"
