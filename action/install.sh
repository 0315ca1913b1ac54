#!/usr/bin/env bash
# Builds ddmc from the source of the action, so that both have the same version.
set -euo pipefail

root="${RUNNER_TEMP:?}/ddmc"
cargo install --quiet --locked --path "${GITHUB_ACTION_PATH:?}" --root "$root"
echo "$root/bin" >>"${GITHUB_PATH:?}"
