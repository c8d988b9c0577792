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

"$plumb" check - <&- 2>"$folder/said"
expect "closed standard input" 2 'cannot read standard input: it is closed'

cp "$folder/rules.plumb" "$folder/read.plumb"
"$plumb" check - --format json --output "$folder/read.plumb" <"$folder/read.plumb" 2>"$folder/said"
expect "output over standard input" 2 'cannot write `.*read.plumb`: it is one of the files that were read'
cmp -s "$folder/rules.plumb" "$folder/read.plumb" || { echo "the file behind standard input was lost"; failed=1; }

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

# A file that may not be written to: root may, so the test becomes nobody.
mkdir -m 777 "$folder/open" && chmod 755 "$folder" && cp "$plumb" "$folder/plumb" && chmod 755 "$folder/plumb"
printf 'fields deal { amount money }\nmust r { for each deal at won expect amout is known }\n' >"$folder/open/shut.plumb"
cp "$folder/open/shut.plumb" "$folder/open/other.plumb" && chmod 444 "$folder/open/shut.plumb"
chmod 666 "$folder/open/other.plumb"
as_nobody=()
[ "$(id -u)" -ne 0 ] || as_nobody=(setpriv --reuid=65534 --regid=65534 --clear-groups)
"${as_nobody[@]}" "$folder/plumb" check "$folder/open" --fix 2>"$folder/said"
expect "repair of a file that may not be written" 2 'cannot write `.*shut.plumb`: you have no permission for it'
grep -q amout "$folder/open/shut.plumb" || { echo "a file without permission was written"; failed=1; }
grep -q amount.is.known "$folder/open/other.plumb" || { echo "the other file was not repaired"; failed=1; }
printf 'fields   deal { amount money }\n' >"$folder/open/shut2.plumb" && chmod 444 "$folder/open/shut2.plumb"
"${as_nobody[@]}" "$folder/plumb" fmt "$folder/open/shut2.plumb" 2>"$folder/said"
expect "formatting a file that may not be written" 2 'cannot write `.*shut2.plumb`: you have no permission for it'
grep -q 'fields   deal' "$folder/open/shut2.plumb" || { echo "fmt wrote a file without permission"; failed=1; }
rm -f "$folder/open/shut2.plumb"
mkdir "$folder/closed" && printf 'fields deal { amount money }\n' >"$folder/closed/rules.plumb" && chmod 000 "$folder/closed"
"${as_nobody[@]}" "$folder/plumb" check "$folder/closed" "$folder/rules.plumb" 2>"$folder/said"
expect "a folder that may not be entered" 2 'cannot read `.*/closed`: you have no permission for it'
chmod 700 "$folder/closed"

# Links that lead in a circle, and out of the folder.
mkdir -p "$folder/round/inside" && ln -s .. "$folder/round/inside/up" && ln -s "$folder/open" "$folder/round/out"
ln -s self "$folder/round/self" && printf 'fields deal { amount money }\n' >"$folder/round/inside/rules.plumb"
"$plumb" check "$folder/round" --fail-level never 2>"$folder/said"
expect "links in a circle" 0 'read 3 files'

# What a link leads to is repaired and formatted, and the link stays one.
mkdir "$folder/links" && printf 'fields   deal { amount money }\nmust r { for each deal at won expect amout is known }\n' \
  >"$folder/links/real.plumb" && ln -s real.plumb "$folder/links/link.plumb"
"$plumb" check "$folder/links/link.plumb" "$folder/links/real.plumb" --fix 2>"$folder/said"
expect "repair through a link" 0 '1 fix applied'
"$plumb" fmt "$folder/links/link.plumb" 2>"$folder/said"
expect "formatting through a link" 0 '1 formatted'
[ -L "$folder/links/link.plumb" ] && grep -q 'fields deal' "$folder/links/real.plumb" || { echo "a link was replaced"; failed=1; }

# A package of which a file is a link that leads nowhere, out of it, or to itself.
mkdir "$folder/pack" && printf 'name: pack\nversion: 1.0.0\n' >"$folder/pack/plumb.yaml"
printf 'rulebook pack { version 1.0.0 }\n' >"$folder/pack/head.plumb"
ln -s nowhere.plumb "$folder/pack/broken.plumb" && ln -s ../rules.plumb "$folder/pack/out.plumb"
ln -s self.plumb "$folder/pack/self.plumb"
"$plumb" check "$folder/pack" --format plain >"$folder/said" 2>&1
expect "a package with a broken link" 3 'broken.plumb`: there is no such file .unreadable-file'
grep -q 'out.plumb` lies outside of the package' "$folder/said" || { echo "a link out of a package is followed"; failed=1; }
grep -q 'self.plumb`: its links lead in a circle' "$folder/said" || { echo "a link to itself is not said"; failed=1; }
mkdir "$folder/pack/shut" && chmod 000 "$folder/pack/shut"
"${as_nobody[@]}" "$folder/plumb" check "$folder/pack" --format plain >"$folder/said" 2>&1
expect "a package with a folder that may not be entered" 3 'the folder `.*pack/shut` cannot be read'
chmod 700 "$folder/pack/shut"

mkdir "$folder/history" && printf 'deal,created\nD1,2026-03-02\n' >"$folder/history/deals.csv"
ln -s /nowhere/events.csv "$folder/history/events.csv"
"$plumb" run "$folder/rules.plumb" --history "$folder/history" --as-of 2026-03-20 >"$folder/said" 2>&1
expect "a history with a broken link" 2 '`events.csv` is a link that leads to no file'

# A terminal has a width and colour; `script` is one.
printf 'fields deal { amount money }\nmust r { for each deal at won expect amout is known }\n' >"$folder/wrong.plumb"
escape="$(printf '\033')"
in_terminal() { script -qec "stty cols 200; $*" /dev/null </dev/null >"$folder/said" 2>&1; }
in_terminal TERM=xterm "$plumb" check "$folder/wrong.plumb"
expect "colour in a terminal" 3 "$escape"
in_terminal NO_COLOR=1 "$plumb" check "$folder/wrong.plumb"
! grep -q "$escape" "$folder/said" || { echo "NO_COLOR is not followed"; failed=1; }
in_terminal NO_COLOR=1 COLUMNS=24 "$plumb" check "$folder/wrong.plumb"
expect "COLUMNS in a terminal" 3 '^  `amout`'
COLUMNS=24 "$plumb" check "$folder/wrong.plumb" 2>"$folder/said"
expect "COLUMNS in a pipe" 3 'deals have no field `amout`'

exit "$failed"
