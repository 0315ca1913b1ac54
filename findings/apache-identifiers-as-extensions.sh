#!/usr/bin/env bash
# apache2 2.4.67-1~deb12u2 (Debian 12): every part of a file name after a dot counts as an extension, wherever it stands. A declaration is
# published under its identifier, so a word of the identifier decides how it is served.
#
# Expected: `declaration/configuration/com.example.var.settings` is served as it is, as nginx, lighttpd, Caddy and Python's http.server do:
#           only the last part, `.settings`, could be an extension. A slash encoded as %2F finds the file in the folder, as there.
# Actual:   with the configuration that Debian enables (mod_mime, mod_negotiation), `.var` in any place makes the file a type map, and the
#           answer is 500; a device does not get that declaration. `com.example.de.settings` and `com.example.id.settings` have a
#           Content-Language, `com.example.gz.settings` is application/x-gzip. %2F is 404, which tells a device to drop the declaration.
# Documented: "Files with Multiple Extensions" in Apache's page of mod_mime, AddHandler in Debian's mods-available/mime.conf, and
#           AllowEncodedSlashes in Apache's page of the core. `RemoveHandler var`, `RemoveLanguage`, or a folder without mod_mime helps.
set -euo pipefail
version=2.4.67-1~deb12u2
folder=$(mktemp -d)
chmod 755 "$folder"
trap 'kill "$(cat "$folder/pid")" 2>/dev/null || true; sleep 1; rm -rf "$folder"' EXIT
cd "$folder"
mkdir -p debs/partial root www/declaration/configuration/com.example
apt-get install --reinstall --download-only --no-install-recommends --yes -qq -o Dir::Cache::archives="$folder/debs" \
  "apache2-bin=$version" "apache2=$version" >/dev/null
for deb in debs/*.deb; do dpkg -x "$deb" root; done

for name in com.example.settings com.example.var.settings com.example.de.settings com.example.id.settings com.example.gz.settings; do
  printf '{\n  "Type": "com.apple.configuration.passcode.settings",\n  "Identifier": "%s"\n}\n' "$name" \
    > "www/declaration/configuration/$name"
done
echo '{}' > www/declaration/configuration/com.example/settings
touch types
modules=root/usr/lib/apache2/modules
sed 's#^\(\s*TypesConfig\).*#\1 types#' root/etc/apache2/mods-available/mime.conf > mime.conf
cat > httpd.conf <<CONF
ServerRoot $folder
ServerName localhost
Listen 127.0.0.1:8786
PidFile pid
ErrorLog log
User nobody
Group nogroup
LoadModule mpm_event_module $modules/mod_mpm_event.so
LoadModule authz_core_module $modules/mod_authz_core.so
LoadModule mime_module $modules/mod_mime.so
LoadModule negotiation_module $modules/mod_negotiation.so
Include mime.conf
Include root/etc/apache2/mods-available/negotiation.conf
DocumentRoot www
CONF
export LD_LIBRARY_PATH="$folder/root/usr/lib/$(uname -m)-linux-gnu"
root/usr/sbin/apache2 -f "$folder/httpd.conf" -k start
sleep 1
actual=$(python3 - <<'PY'
import http.client
for name in ["settings", "var.settings", "de.settings", "id.settings", "gz.settings", "/settings", "%2Fsettings"]:
    connection = http.client.HTTPConnection("127.0.0.1", 8786, timeout=10)
    path = "com.example" + (name if name[0] in "/%" else "." + name)
    connection.request("GET", "/declaration/configuration/" + path)
    answer = connection.getresponse()
    answer.read()
    print(path, answer.status, *(answer.getheader(key) for key in ("Content-Language", "Content-Type") if answer.status == 200))
PY
)
printf 'apache2 %s: identifier, status, Content-Language, Content-Type:\n%s\n' "$version" "$actual"
[ "$actual" = "com.example.settings 200 None None
com.example.var.settings 500
com.example.de.settings 200 de None
com.example.id.settings 200 id None
com.example.gz.settings 200 None application/x-gzip
com.example/settings 200 None None
com.example%2Fsettings 404" ]
echo "as expected: the words of an identifier are extensions to Apache"
