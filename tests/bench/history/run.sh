#!/usr/bin/env bash
# The five rules over the log of BPI Challenge 2012, repeated so that there are 0.26, 5 and 21 million events, by plumb, by
# DuckDB and by PostgreSQL: first whether all count the same verdicts, then ratios of their times and memory.
#   tests/bench/history/run.sh BUILD DATA [COPIES...]
# BUILD has tests/bench/bench_history; DATA is the folder with deals.csv, stage_history.csv, offer_events.csv and
# activities.csv. ROUNDS (5), RUNS of one process (5) and THREADS (2) come from the environment; TMPDIR says where the
# copies, the modules of npm and the database lie until the end. Needed: node, npm, postgresql-15.
set -euo pipefail
here=$(cd "$(dirname "$0")" && pwd)
reference=$here/../../reference/bpic2012
measure=$(realpath "$1")/tests/bench/bench_history
data=$(realpath "$2")
shift 2
sizes=("${@:-1}")
[ $# -gt 0 ] || sizes=(1 20 80)
rounds=${ROUNDS:-5} runs=${RUNS:-5} threads=${THREADS:-2}
as_of=2012-03-15T00:00:00Z
postgres=$(ls -d /usr/lib/postgresql/*/bin | sort -V | tail -1)

work=$(mktemp -d "${TMPDIR:-/tmp}/plumb_bench.XXXXXX")
as_owner=()
if [ "$(id -u)" = 0 ]; then as_owner=(runuser -u postgres --); chown postgres "$work"; fi
chmod 755 "$work"
stop_postgres() { [ ! -f "$work/database/postmaster.pid" ] || "${as_owner[@]}" "$postgres/pg_ctl" -D "$work/database" -m fast -s stop; }
trap 'stop_postgres; rm -rf "$work"' EXIT

# Deal 173688 becomes 1173688, 2173688 …: a number still, for who reads it as one.
copy_history() {
  mkdir -p "$work/history"
  for file in deals stage_history offer_events activities; do
    awk -F, -v copies="$1" 'NR == 1 { print; next } { line[NR] = substr($0, length($1) + 1); deal[NR] = $1 }
      END { for (k = 0; k < copies; ++k) for (i = 2; i <= NR; ++i) print deal[i] + k * 1000000 line[i] }' \
      "$data/$file.csv" > "$work/history/$file.csv"
  done
}

start_postgres() {
  "${as_owner[@]}" "$postgres/initdb" -D "$work/database" -U postgres -A trust --no-sync -E UTF8 --locale=C >/dev/null
  cat >> "$work/database/postgresql.conf" <<CONF
listen_addresses = ''
unix_socket_directories = '$work'
shared_buffers = 2GB
max_wal_size = 8GB
fsync = off
synchronous_commit = off
max_parallel_workers = $threads
timezone = UTC
CONF
  "${as_owner[@]}" "$postgres/pg_ctl" -D "$work/database" -s -w -l "$work/database/log" start
}

drop_tables() { psql -h "$work" -U postgres -d postgres -X -q -c 'DROP SCHEMA public CASCADE; CREATE SCHEMA public' 2>/dev/null; }

run_plumb() {
  "$measure" "$reference/rules.plumb" "$work/history" "$reference/mapping.yaml" "$as_of" "$threads" "$runs"
}

npm install --prefix "$work" --silent --no-audit --no-fund @duckdb/node-api >/dev/null
echo '{}' > "$work/package.json"
start_postgres
for size in "${sizes[@]}"; do
  copy_history "$size"
  results=$work/results.$size
  mkdir "$results"
  drop_tables
  node "$here/postgres.mjs" "$work" "$work/history" "$threads" 1 load > "$results/postgres.load"
  for round in $(seq "$rounds"); do
    run_plumb > "$results/plumb.$round"
    node "$here/duckdb.mjs" "$work" "$work/history" "$threads" "$runs" > "$results/duckdb.$round"
    node "$here/postgres.mjs" "$work" "$work/history" "$threads" 2 rules > "$results/postgres.$round"
  done
  node "$here/compare.mjs" "$results" "$size" | tee "$results/ratios" | grep -v '^per-event'
  awk -v size="$size" '/^per-event/ { print size, $2 }' "$results/ratios" >> "$work/per_event"
done
awk 'NR == 1 { first = $2 } NR > 1 { printf "cost per event, %s times the log / %s times: %.2f\n", $1, size, $2 / first } NR == 1 { size = $1 }' \
  "$work/per_event"
