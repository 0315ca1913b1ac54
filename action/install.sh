#!/usr/bin/env bash
# Installs ddmc into a folder: action/install.sh FOLDER
#
# Takes the archive for this machine that action/checksums.txt names from the cache, else fetches it. An archive with another SHA-256 is
# refused before anything of it is used. Environment variables:
#   DDMC_SOURCE   the address of the repository, or of a mirror with the same paths
#   DDMC_CACHE    the folder that keeps archives between runs; by default the runner's tool cache
#   DDMC_BUILD    true: build the source beside this script, with Rust, and fetch nothing
set -euo pipefail

folder="${1:?usage: action/install.sh FOLDER}"
here="$(cd "$(dirname "$0")" && pwd)"
source="${DDMC_SOURCE:-https://github.com/ddmc/ddmc}"
cache="${DDMC_CACHE:-${RUNNER_TOOL_CACHE:+$RUNNER_TOOL_CACHE/ddmc}}"

scratch="$(mktemp -d)"
trap 'rm -rf "$scratch"' EXIT

fail() {
  printf 'ddmc: %s\n' "$@" >&2
  exit 2
}

has_sum() {
  local actual
  if command -v sha256sum >/dev/null; then actual="$(sha256sum <"$1")"; else actual="$(shasum -a 256 <"$1")"; fi
  [[ ${actual%% *} == "$sum" ]]
}

install() {
  mkdir -p "$folder"
  cp "$1"/ddmc* "$folder/"
  "$folder/ddmc" --version
  [[ -z ${GITHUB_PATH:-} ]] || echo "$folder" >>"$GITHUB_PATH"
}

if [[ ${DDMC_BUILD:-} == true ]]; then
  cargo install --quiet --locked --path "$here/.." --root "$scratch"
  install "$scratch/bin"
  exit
fi

machine="$(uname -s) $(uname -m)"
case $machine in
  "Linux x86_64") target=x86_64-unknown-linux-musl ;;
  "Linux aarch64" | "Linux arm64") target=aarch64-unknown-linux-musl ;;
  "Darwin x86_64") target=x86_64-apple-darwin ;;
  "Darwin arm64") target=aarch64-apple-darwin ;;
  MINGW*" x86_64" | MSYS*" x86_64") target=x86_64-pc-windows-msvc ;;
  *) fail "there is no archive for $machine" "to build ddmc from source, set \`build: true\` (DDMC_BUILD=true)" ;;
esac

name="ddmc-$target"
line="$(grep "/$name\.tar\.gz\$" "$here/checksums.txt")" ||
  fail "action/checksums.txt has no $name.tar.gz" "use the tag of a release, or set \`build: true\` (DDMC_BUILD=true)"
sum="${line%% *}"
archive="${cache:-$scratch}/$sum.tar.gz"

# The hash decides, not the name, so a damaged archive in the cache is replaced.
if ! { [[ -f $archive ]] && has_sum "$archive"; }; then
  address="$source/releases/download/${line##* }"
  # No redirect may lead to HTTP, unless the source itself has it.
  protocols="=https"
  [[ $source != http:* ]] || protocols="=http,https"
  curl --fail --silent --show-error --location --max-redirs 5 --proto "$protocols" --proto-redir "$protocols" \
    --connect-timeout 30 --max-time 300 --max-filesize 100000000 --retry 3 --output "$scratch/fetched" "$address" ||
    fail "cannot fetch $address" "DDMC_SOURCE can name a mirror; \`build: true\` (DDMC_BUILD=true) builds from source"
  has_sum "$scratch/fetched" ||
    fail "$address does not have the SHA-256 that action/checksums.txt says: $sum" "it was not unpacked; please report this"
  mkdir -p "${archive%/*}"
  # Jobs may share the cache, so put only a complete archive in place.
  cp "$scratch/fetched" "$archive.$$"
  mv -f "$archive.$$" "$archive"
fi

# Standard input, since tar takes the colon of a path on Windows for that of a host.
tar -xz -C "$scratch" <"$archive"
install "$scratch/$name"
