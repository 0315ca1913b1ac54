#!/usr/bin/env bash
# @plist/parse 1.1.0 and simple-plist 1.4.0 (npm): integers of binary property lists change their sign.
#
# Expected: 200, 40000 and 3000000000, which plutil and Python's plistlib write in 1, 2 and 4 bytes, are read as written: in a binary
#           property list, integers of 1, 2 and 4 bytes are unsigned, and those of 8 bytes are signed.
# Actual:   @plist/parse reads them as -56, -25536 and -1294967296; small negative numbers are BigInts, so `=== -1` is false. simple-plist
#           (with bplist-parser 0.3.2) takes the lower 32 bits with a sign: 3000000000 is -1294967296, 2^53 + 1 is 1. bplist-parser 0.5.0
#           reads all of them right. So do the same packages from XML, but for the digits that a JavaScript number cannot hold.
# Documented: nowhere in the packages. CoreFoundation's CFBinaryPList.c: "in format version '00', 1, 2, and 4-byte integers have to be
#           interpreted as unsigned, whereas 8-byte integers are signed".
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
npm install --silent --no-audit --no-fund @plist/parse@1.1.0 simple-plist@1.4.0 bplist-parser@0.5.0 >/dev/null
python3 - <<'PY'
import plistlib
values = [60, 200, 40000, 3000000000, -1, 2**53 + 1]
plistlib.dump({"values": values}, open("integers.plist", "wb"), fmt=plistlib.FMT_BINARY)
assert plistlib.load(open("integers.plist", "rb"))["values"] == values
PY
cat > read.mjs <<'JS'
import { readFileSync } from "node:fs";
import { parse } from "@plist/parse";
import { parseBuffer } from "bplist-parser";
import simple from "simple-plist";
const bytes = readFileSync("integers.plist");
const show = (name, { values }) => console.log(name, ...values.map((value) => (typeof value === "bigint" ? `${value}n` : value)));
show("@plist/parse", parse(Uint8Array.from(bytes).buffer));
show("simple-plist", simple.parse(bytes, "integers.plist"));
show("bplist-parser", parseBuffer(bytes)[0]);
JS
actual=$(node read.mjs)
printf 'read from 60, 200, 40000, 3000000000, -1, 2^53 + 1:\n%s\n' "$actual"
[ "$actual" = "@plist/parse 60 -56 -25536 -1294967296 -1n 9007199254740993n
simple-plist 60 200 40000 -1294967296 -1 1
bplist-parser 60 200 40000 3000000000 -1 9007199254740993n" ]
echo "as expected: 200 is -56 for @plist/parse, and 3000000000 is -1294967296 for both"
