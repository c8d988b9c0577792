#!/bin/bash
# test_streams.sh PLUMB: what happens when the world around the command line is not as usual. Golden tests cannot close
# a stream or take a program away.
plumb="$1"
folder="$(mktemp -d)"
trap 'rm -rf "$folder"' EXIT
failed=0

# expect NAME EXIT WORDS: the exit code of the command before, and words of what it said (in $folder/said).
expect() {
  local got=$?
  if [ "$got" -ne "$2" ] || { [ -n "$3" ] && ! grep -q -- "$3" "$folder/said"; }; then
    printf '%s: exit code %s, not %s, or nothing of "%s" in:\n' "$1" "$got" "$2" "$3"
    cat "$folder/said"
    failed=1
  fi
}

printf 'process p {\n  stage open {}\n  stage won { won }\n  path open -> won\n}\n' >"$folder/rules.plumb"

"$plumb" graph "$folder/rules.plumb" >&- 2>"$folder/said"
expect "closed standard output" 2 'cannot write the output: it is closed'

"$plumb" graph "$folder/rules.plumb" >/dev/full 2>"$folder/said"
expect "full disk" 2 'cannot write the output: the disk is full'

"$plumb" graph "$folder/rules.plumb" 2>"$folder/said" | true
(exit "${PIPESTATUS[0]}")
expect "reader that leaves" 0 ''

"$plumb" check missing.plumb 2>&- >"$folder/said"
expect "closed standard error" 2 ''

PATH=/nowhere "$plumb" graph "$folder/rules.plumb" --format svg --output "$folder/picture.svg" 2>"$folder/said"
expect "no Graphviz" 2 'the program `dot` is not installed'
[ ! -e "$folder/picture.svg" ] || { echo "no Graphviz: a file was left behind"; failed=1; }

mkdir "$folder/bin" && printf '#!/bin/sh\necho "syntax is odd" >&2\nexit 3\n' >"$folder/bin/dot" && chmod +x "$folder/bin/dot"
PATH="$folder/bin" "$plumb" graph "$folder/rules.plumb" --format svg 2>"$folder/said"
expect "Graphviz that refuses" 2 'Graphviz could not draw this (exit code 3): syntax is odd'

printf 'old' >"$folder/out.dot"
ln -s out.dot "$folder/link.dot"
"$plumb" graph "$folder/rules.plumb" --output "$folder/link.dot" 2>"$folder/said"
expect "output through a link" 0 ''
[ -L "$folder/link.dot" ] && grep -q digraph "$folder/out.dot" || { echo "the link was replaced"; failed=1; }
[ "$(find "$folder" -name '*.dot*' | wc -l)" -eq 2 ] || { echo "a temporary file was left behind"; failed=1; }

exit "$failed"
