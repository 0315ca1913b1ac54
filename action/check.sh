#!/usr/bin/env bash
# Checks declarations, annotates the pull request, and writes a SARIF report. Inputs come from environment variables and are not evaluated.
set -euo pipefail

# The shell of macOS lacks mapfile.
arguments=()
while IFS= read -r line || [[ -n $line ]]; do
  [[ -z $line ]] || arguments+=("$line")
done <<<"${DDMC_ARGUMENTS-}"
paths=()
while IFS= read -r line || [[ -n $line ]]; do
  [[ -z $line ]] || paths+=("$line")
done <<<"${DDMC_PATHS:-.}"
sarif="${DDMC_SARIF:-ddmc.sarif}"
case $sarif in
  *$'\n'*) echo "ddmc: the file name of the SARIF report contains a line feed" >&2; exit 2 ;;
esac

status=0
ddmc check --format github --output "sarif=$sarif" ${arguments[@]+"${arguments[@]}"} -- ${paths[@]+"${paths[@]}"} || status=$?
if [[ -f $sarif ]]; then
  # Code scanning shows accepted findings as alerts, so it gets the others alone. Each result is a line, and a quotation mark in a text has a
  # backslash before it.
  upload="${RUNNER_TEMP:-/tmp}/ddmc-upload.sarif"
  awk '
    /"suppressions":\[\{/ { next }
    /^      \]/ { sub(/,$/, "", line) }
    NR > 1 { print line }
    { line = $0 }
    END { print line }
  ' <"$sarif" >"$upload"
  printf 'sarif=%s\nupload=%s\n' "$sarif" "$upload" >>"${GITHUB_OUTPUT:-/dev/null}"
fi
exit "$status"
