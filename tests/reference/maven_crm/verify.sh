#!/usr/bin/env bash
# The three rules and the process's path over an export of 8,800 opportunities, against the same counted with SQLite. Usage: verify.sh PLUMB DATA
set -euo pipefail
plumb=$1
data=$2/maven_crm
here=$(cd "$(dirname "$0")" && pwd)
if [ ! -d "$data" ]; then
  echo "not run: there is no maven_crm in $2"
  exit 77
fi

expected=$(sqlite3 :memory: <<SQL
.mode csv
.import '$data/sales_pipeline.csv' deal
.mode list
.separator ' '
CREATE TABLE engaged AS SELECT deal_stage, date(engage_date, '+90 days') AS last_day, close_value,
  CASE WHEN deal_stage IN ('Won', 'Lost') AND close_date <= '2017-12-30' THEN close_date END AS closed
  FROM deal WHERE engage_date <> '' AND engage_date <= '2017-12-30';
SELECT 'not_too_old', sum(closed <= last_day), sum(closed > last_day), sum(closed IS NULL AND last_day <= '2017-12-30'),
  sum(closed IS NULL AND last_day > '2017-12-30'), 0, 0 FROM engaged;
SELECT 'won_with_value', sum(close_value <> ''), 0, sum(close_value = ''), 0, 0, 0
  FROM engaged WHERE deal_stage = 'Won' AND closed IS NOT NULL;
SELECT 'prospecting_ends', 0, 0, 0, 0, 0, count(*) FROM deal WHERE deal_stage = 'Prospecting';
SELECT 'pipeline.path', (SELECT count(*) FROM engaged) + (SELECT count(*) FROM engaged WHERE closed IS NOT NULL)
  + (SELECT count(*) FROM deal WHERE deal_stage = 'Prospecting'), 0, 0, 0, 0, 0;
SQL
)

actual=$("$plumb" run "$here/rules.plumb" --history "$data" --mapping "$here/mapping.yaml" --as-of 2017-12-30 \
  --summary --format json 2>/dev/null |
  sed -e 's/^{"rules":\[//' -e 's/\]}$//' -e 's/},{/}\n{/g' |
  sed -E 's/[{]"rule":"([a-z0-9_.]+)","kept":([0-9]+),"late":([0-9]+),"missed":([0-9]+),"due":([0-9]+),"excused":([0-9]+),"cannot_tell":([0-9]+)[}]/\1 \2 \3 \4 \5 \6 \7/')

echo "rule kept late missed due excused cannot-tell"
echo "$actual"
diff <(echo "$expected") <(echo "$actual") || { echo "< SQLite   > plumb"; exit 1; }
