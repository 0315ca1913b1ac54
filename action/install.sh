#!/usr/bin/env bash
# Builds the command from the sources of the action, so that its version is that of the action.
set -euo pipefail

root="${RUNNER_TEMP:?}/ddmc"
cargo install --quiet --locked --path "${GITHUB_ACTION_PATH:?}" --root "$root"
echo "$root/bin" >>"${GITHUB_PATH:?}"
