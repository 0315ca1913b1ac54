#!/usr/bin/env bash
# json-plist-mobileconfig 0.1.0 (PyPI): the profiles that it writes have no PayloadType at the top, and one UUID and one identifier for both
# levels. A mistake exits with 0.
#
# Expected: `--mobileconfig` writes a profile that a device installs: PayloadType `Configuration` at the top, and a PayloadUUID and a
#           PayloadIdentifier of its own for the payload. A missing input file is an exit status other than 0.
# Actual:   the top level has every other key, but no PayloadType; the payload has the UUID and the identifier of the profile. A missing
#           file prints "An error occurred" and exits with 0, so a pipeline goes on without the profile.
# Documented: nowhere in the package. Apple's TopLevel.yaml (PayloadType: required, the only value is Configuration) and
#           CommonPayloadKeys.yaml (PayloadUUID is globally unique). A reader of such files must not depend on the top-level type.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
python3 -m venv environment
environment/bin/pip install --quiet --disable-pip-version-check json-plist-mobileconfig==0.1.0
echo '{ "AutomaticDownload": true }' > updates.json
environment/bin/python -m json_plist_mobileconfig.converter updates.json --mobileconfig --domain com.apple.SoftwareUpdate > /dev/null
actual=$(python3 - <<'PY'
import plistlib
profile = plistlib.load(open("updates.mobileconfig", "rb"))
payload = profile["PayloadContent"][0]
print("PayloadType of the profile:", profile.get("PayloadType"))
print("PayloadType of the payload:", payload.get("PayloadType"))
for key in ["PayloadUUID", "PayloadIdentifier"]:
    print(key, "is shared:", profile[key] == payload[key])
PY
)
status=0
environment/bin/python -m json_plist_mobileconfig.converter missing.json --mobileconfig --domain a > /dev/null || status=$?
printf 'json-plist-mobileconfig 0.1.0:\n%s\nmissing input: exit status %s\n' "$actual" "$status"
[ "$actual" = "PayloadType of the profile: None
PayloadType of the payload: com.apple.ManagedClient.preferences
PayloadUUID is shared: True
PayloadIdentifier is shared: True" ]
[ "$status" = 0 ]
echo "as expected: the profile has no PayloadType"
