#!/usr/bin/env bash
# plist 5.0.0 and @expo/plist 0.10.2 (npm): the text of an <integer> goes through parseInt(text, 10), so a hexadecimal integer is 0.
#
# Expected: 16 for `<integer>0x10</integer>`, as in Apple's CoreFoundation, in Python's plistlib and in the Rust crate plist; or an error.
#           An error for `60.0` and `6e1`, which are not integers; 18446744073709551615 as a BigInt, or an error.
# Actual:   0x10 is 0, silently: parseInt stops at the x. `60.0` is 60 and `6e1` is 6: a delay of 60 days becomes 6. Numbers above 2^53 are
#           rounded, although property lists have 64-bit integers: 18446744073709551615 becomes 18446744073709552000. Writing the result
#           again changes the file.
# Documented: nowhere. CoreFoundation reads hexadecimal integers in CFPropertyList.c (parseIntegerTag), plistlib in end_integer, and the
#           crate plist 1.10.3 in integer.rs.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
npm install --silent --no-audit --no-fund plist@5.0.0 @expo/plist@0.10.2 >/dev/null
cat > read.mjs <<'JS'
import * as plist from "plist";
import expo from "@expo/plist";
const readers = [plist.parse ?? plist.default.parse, expo.parse ?? expo.default.parse];
for (const text of ["0x10", "010", "60.0", "6e1", "18446744073709551615"]) {
  const document = `<?xml version="1.0"?><plist version="1.0"><dict><key>a</key><integer>${text}</integer></dict></plist>`;
  console.log([text, ...readers.map((read) => String(read(document).a))].join(" "));
}
JS
actual=$(node read.mjs)
python=$(python3 - <<'PY'
import plistlib
for text in ["0x10", "010", "60.0", "6e1", "18446744073709551615"]:
    document = f'<?xml version="1.0"?><plist version="1.0"><dict><key>a</key><integer>{text}</integer></dict></plist>'
    try:
        print(text, plistlib.loads(document.encode())["a"])
    except ValueError:
        print(text, "error")
PY
)
printf 'plist 5.0.0, @expo/plist 0.10.2:\n%s\nplistlib:\n%s\n' "$actual" "$python"
[ "$actual" = "0x10 0 0
010 10 10
60.0 60 60
6e1 6 6
18446744073709551615 18446744073709552000 18446744073709552000" ]
[ "$python" = "0x10 16
010 10
60.0 error
6e1 error
18446744073709551615 18446744073709551615" ]
echo "as expected: 0x10 is 0 in npm and 16 elsewhere"
