#!/usr/bin/env bash
# plistutil of libplist 2.2.0 (Debian 12: libplist-utils 2.2.0-6+b2): dates in another form become other dates, and integers that begin
# with 0 are octal. It exits with 0.
#
# Expected: an error for a `<date>` that is not `YYYY-MM-DDTHH:MM:SSZ`, as from plutil and from Python's plistlib; 10 for
#           `<integer>010</integer>`, as in CoreFoundation and plistlib, and an error or 8 for `08`.
# Actual:   `2026-03-20` becomes 1970-01-01, `2026-03-20 12:00:00` loses its time, and `2026-03-20T12:00:00+01:00` its zone: 12:00 UTC.
#           `010` is 8 and `08` is 0, as C reads integers with base 0. The binary file holds these values, so the original is lost.
# Documented: not in its manual page. Apple's plist(5) names ISO 8601 with UTC for dates; the DTD says the same.
set -euo pipefail
folder=$(mktemp -d)
chmod 755 "$folder"
trap 'rm -rf "$folder"' EXIT
cd "$folder"
apt-get download -qq libplist-utils=2.2.0-6+b2 libplist3=2.2.0-6+b2 >/dev/null 2>&1
for deb in *.deb; do dpkg -x "$deb" .; done
export LD_LIBRARY_PATH="$folder/usr/lib/$(uname -m)-linux-gnu"
actual=$(for value in '<date>2026-03-20T12:00:00Z</date>' '<date>2026-03-20</date>' '<date>2026-03-20 12:00:00</date>' \
  '<date>2026-03-20T12:00:00+01:00</date>' '<integer>010</integer>' '<integer>08</integer>' '<integer>0x10</integer>'; do
  echo "<?xml version=\"1.0\"?><plist version=\"1.0\"><dict><key>a</key>$value</dict></plist>" > in.plist
  status=0
  usr/bin/plistutil -i in.plist -f bin -o out.plist || status=$?
  echo "$value $(python3 -c 'import plistlib; print(plistlib.load(open("out.plist", "rb"))["a"])') $status"
done)
printf 'plistutil 2.2.0: XML, value in the binary file, exit status:\n%s\n' "$actual"
[ "$actual" = "<date>2026-03-20T12:00:00Z</date> 2026-03-20 12:00:00 0
<date>2026-03-20</date> 1970-01-01 00:00:00 0
<date>2026-03-20 12:00:00</date> 2026-03-20 00:00:00 0
<date>2026-03-20T12:00:00+01:00</date> 2026-03-20 12:00:00 0
<integer>010</integer> 8 0
<integer>08</integer> 0 0
<integer>0x10</integer> 16 0" ]
echo "as expected: dates in another form become other dates"
