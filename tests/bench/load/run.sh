#!/usr/bin/env bash
# A canonical folder of 1 GB is loaded by plumb and read by DuckDB with the same types, and beside them its lines are counted
# and it is copied, which is what the disk and one pass over the bytes take: ratios of times, and memory.
#   tests/bench/load/run.sh BUILD [MEGABYTES]
# BUILD has tests/bench/bench_load. ROUNDS (5) and THREADS (2) come from the environment; TMPDIR says where the folder, its
# copy and the modules of npm lie until the end. Needed: node, npm.
set -euo pipefail
here=$(cd "$(dirname "$0")" && pwd)
measure=$(realpath "$1")/tests/bench/bench_load
megabytes=${2:-1000}
rounds=${ROUNDS:-5} threads=${THREADS:-2}
work=$(mktemp -d "${TMPDIR:-/tmp}/plumb_bench.XXXXXX")
trap 'rm -rf "$work"' EXIT

# Deals of ten events each, the same every time.
make_folder() {
  mkdir "$work/history"
  awk -v bytes="$((megabytes * 1000000))" -v folder="$work/history" 'BEGIN {
    split("talk offer closing won", stages, " "); split("phone video visit letter", means, " ")
    print "deal,created,owner,amount" > folder "/deals.csv"
    head = "deal,at,recorded,kind,name,from,to,actor,source,sequence,means,minutes"
    print head > folder "/events.csv"
    for (size = 0; size < bytes; ++deal) {
      at = sprintf("2026-%02d-%02dT%02d:%02d", deal % 9 + 1, deal % 28 + 1, deal % 24, deal % 60)
      row = sprintf("D%08d,%s:00Z,agent%03d,%d.50 EUR", deal, at, deal % 500, deal % 90000)
      print row > folder "/deals.csv"
      size += length(row) + 1
      for (i = 0; i < 10; ++i) {
        stage = int(i / 3)
        if (i % 3 == 0) row = sprintf("D%08d,%s:%02dZ,,move,,%s,%s,agent%03d,system,,,", deal, at, i, stages[stage], stages[stage + 1], deal % 500)
        else row = sprintf("D%08d,%s:%02dZ,%s:59Z,activity,call,,,agent%03d,buyer,%d,%s,%d.25", deal, at, i, at, (deal + i) % 500, i, means[(deal + i) % 4 + 1], i * 7)
        print row > folder "/events.csv"
        size += length(row) + 1
      }
    }
  }'
}

# `lines CLOCK`, `copy CLOCK`, in milliseconds.
pass_over() {
  local begin end
  begin=$(date +%s%N); cat "$work"/history/*.csv | wc -l >/dev/null; end=$(date +%s%N)
  echo "lines $(((end - begin) / 1000)) 0" | awk '{ print $1, $2 / 1000, 0 }'
  begin=$(date +%s%N); cp "$work"/history/*.csv "$work/copy/"; end=$(date +%s%N)
  echo "copy $(((end - begin) / 1000)) 0" | awk '{ print $1, $2 / 1000, 0 }'
}

# median WORD COLUMN FILES…
median() {
  local word=$1 column=$2
  shift 2
  awk -v word="$word" -v column="$column" '$1 == word { print $column }' "$@" | sort -g | awk '{ v[NR] = $1 } END { print v[int((NR + 1) / 2)] }'
}

npm install --prefix "$work" --silent --no-audit --no-fund @duckdb/node-api >/dev/null
echo '{}' > "$work/package.json"
mkdir "$work/copy"
make_folder
cat "$work"/history/*.csv >/dev/null  # into memory, for all alike
for round in $(seq "$rounds"); do
  pass_over > "$work/pass.$round"
  "$measure" "$here/rules.plumb" "$work/history" "$threads" > "$work/plumb.$round"
  node "$here/duckdb.mjs" "$work" "$work/history" "$threads" > "$work/duckdb.$round"
done
load=$(median load 2 "$work"/plumb.*) computed=$(median load 3 "$work"/plumb.*)
lines=$(median lines 2 "$work"/pass.*) copy=$(median copy 2 "$work"/pass.*)
read_csv=$(median read_csv 2 "$work"/duckdb.*) keep=$(median keep 2 "$work"/duckdb.*)
read_computed=$(median read_csv 3 "$work"/duckdb.*) keep_computed=$(median keep 3 "$work"/duckdb.*)
awk -v load="$load" -v computed="$computed" -v pass="$(echo "$lines $copy" | awk '{ print $1 + $2 }')" -v read_csv="$read_csv" -v keep="$keep" \
  -v read_computed="$read_computed" -v keep_computed="$keep_computed" -v mine="$(median peak 2 "$work"/plumb.*)" \
  -v theirs="$(median peak 2 "$work"/duckdb.*)" -v events="$(median events 2 "$work"/plumb.1)" 'BEGIN {
    printf "events loaded: %d\n", events
    printf "load / (wc -l + copy): %.2f\n", load / pass
    printf "DuckDB read_csv / load: %.2f (computing time %.2f)\n", read_csv / load, read_computed / computed
    printf "DuckDB read_csv into a table / load: %.2f (computing time %.2f)\n", keep / load, keep_computed / computed
    printf "peak memory, plumb / DuckDB: %.2f\n", mine / theirs
  }'
