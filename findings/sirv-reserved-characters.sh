#!/usr/bin/env bash
# sirv-cli 3.0.1 with sirv 3.0.2 (npm): percent-encoded reserved characters are not decoded, and a name that ends in .gz or .br is said to be
# compressed.
#
# Expected: a client encodes the identifier `com.example.a+b` as `com.example.a%2Bb`, and the server finds the file `com.example.a+b`, as
#           nginx, Apache, Caddy, Python's http.server, `serve` and `http-server` do. The same for `:`, `@`, `,`, `=` and `&`. A file is
#           served as it is.
# Actual:   404 for each of them, though the file is there; the bare character finds it. A space, a bracket or `é` is decoded: sirv uses
#           decodeURI, not decodeURIComponent. A device drops a declaration that answers 404. A file called `com.example.gz` that is not
#           compressed is served with `Content-Encoding: gzip`, so clients that unpack it fail.
# Documented: nowhere. RFC 3986 (6.2.2.2) allows either spelling of unreserved characters only; `%2B` in a path is data, which the
#           owner of the path decodes. sirv calls decodeURI in its build.mjs, and takes the encoding from the end of the name.
set -euo pipefail
folder=$(mktemp -d)
trap 'kill %1 2>/dev/null || true; rm -rf "$folder"' EXIT
cd "$folder"
npm install --silent --no-audit --no-fund sirv-cli@3.0.1 sirv@3.0.2 >/dev/null
mkdir www
for name in com.example.a+b com.example.a:b com.example.a@b com.example.a=b 'com.example.a b' 'com.example.a[b]' com.example.gz; do
  echo '{}' > "www/$name"
done
node node_modules/sirv-cli/bin.js www --host 127.0.0.1 --port 8787 --quiet &
sleep 2
actual=$(python3 - <<'PY'
import http.client, urllib.parse
for name in ["a+b", "a:b", "a@b", "a=b", "a b", "a[b]", "gz"]:
    for encode in [lambda name: urllib.parse.quote(name, safe=""), lambda name: urllib.parse.quote(name, safe="+:@=")]:
        connection = http.client.HTTPConnection("127.0.0.1", 8787, timeout=10)
        connection.request("GET", "/com.example." + encode(name))
        answer = connection.getresponse()
        answer.read()
        print(encode(name), answer.status, answer.getheader("Content-Encoding") or "-", end="  ")
    print()
PY
)
printf 'sirv: each name encoded wholly, and without reserved characters; status; Content-Encoding:\n%s\n' "$actual"
[ "$(sed 's/ *$//' <<< "$actual")" = "a%2Bb 404 -  a+b 200 -
a%3Ab 404 -  a:b 200 -
a%40b 404 -  a@b 200 -
a%3Db 404 -  a=b 200 -
a%20b 200 -  a%20b 200 -
a%5Bb%5D 200 -  a%5Bb%5D 200 -
gz 200 gzip  gz 200 gzip" ]
echo "as expected: reserved characters must not be encoded for sirv"
