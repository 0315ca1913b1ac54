#!/usr/bin/env bash
# Comments on a pull request what changes for devices, or updates the comment. Inputs come from environment variables and are not evaluated.
set -euo pipefail

marker='<!-- ddmc diff -->'
base="${DDMC_BASE:?}"
comments="repos/${GITHUB_REPOSITORY:?}/issues/${DDMC_PULL_REQUEST:?}/comments"
case $base in
  *[!0-9a-f]*) echo "ddmc: the base of the pull request is not a hash" >&2; exit 2 ;;
esac

# A shallow clone lacks the base.
git cat-file -e "$base^{commit}" 2>/dev/null || git fetch --quiet --depth=1 origin "$base"

text="$(mktemp)"
trap 'rm -f -- "$text"' EXIT
status=0
ddmc diff "git:$base" . --format markdown --exit-code >"$text" || status=$?
if ((status > 1)); then
  exit "$status"
fi

# Only a comment of a bot is ours.
filter=".[] | select(.user.type == \"Bot\" and (.body | startswith(\"$marker\"))) | .id"
known="$(gh api --paginate "$comments" --jq "$filter")"
id="${known%%$'\n'*}"
if [[ -n $id ]]; then
  gh api --silent --method PATCH "repos/$GITHUB_REPOSITORY/issues/comments/$id" --field "body=@$text"
elif ((status == 1)); then
  gh api --silent --method POST "$comments" --field "body=@$text"
fi
