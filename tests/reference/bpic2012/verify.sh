#!/usr/bin/env bash
# The five rules over the log of BPI Challenge 2012, against counts made by independent queries: the published ones
# where there are any (R1 to R3, and how many weeks and agents reach the bounds of R4 and R5), and the same counted here
# with SQLite for all of them. Usage: verify.sh PLUMB DATA
set -euo pipefail
plumb=$1
data=$2/bpic2012_as_crm
here=$(cd "$(dirname "$0")" && pwd)
if [ ! -d "$data" ]; then
  echo "not run: there is no bpic2012_as_crm in $2"
  exit 77
fi

expected=$(sqlite3 :memory: <<SQL
.mode csv
.import '$data/stage_history.csv' stage
.import '$data/offer_events.csv' offer
.import '$data/activities.csv' task
.mode list
.separator ' '
CREATE TABLE call AS SELECT deal_id, at FROM task WHERE type = 'call_offer' AND lifecycle = 'COMPLETE';
CREATE INDEX call_of ON call (deal_id, at);
CREATE TABLE r1 AS SELECT at,
  (SELECT min(c.at) FROM call c WHERE c.deal_id = o.deal_id AND c.at > o.at) AS called,
  strftime('%Y-%m-%d %H:%M:', at, '+120 hours') || substr(at, 18) AS deadline
  FROM offer o WHERE offer_event = 'O_SENT';
SELECT 'r1', sum(called < deadline), sum(called >= deadline), sum(called IS NULL AND deadline <= '2012-03-15'),
  sum(called IS NULL AND deadline > '2012-03-15'), 0, 0 FROM r1;
CREATE TABLE accepted AS SELECT deal_id, min(at) AS at FROM offer WHERE offer_event = 'O_ACCEPTED' GROUP BY deal_id;
SELECT 'r2', sum(coalesce(a.at <= s.changed_at, 0)), 0, sum(coalesce(a.at > s.changed_at, 1)), 0, 0, 0
  FROM stage s LEFT JOIN accepted a ON a.deal_id = s.deal_id WHERE s.to_stage = 'A_APPROVED';
CREATE TABLE left_at AS SELECT deal_id, changed_at AS at FROM stage WHERE from_stage = 'A_FINALIZED';
CREATE INDEX left_of ON left_at (deal_id, at);
CREATE TABLE r3 AS SELECT
  (SELECT min(l.at) FROM left_at l WHERE l.deal_id = s.deal_id AND l.at >= s.changed_at) AS left_at,
  strftime('%Y-%m-%d %H:%M:', changed_at, '+720 hours') || substr(changed_at, 18) AS deadline
  FROM stage s WHERE to_stage = 'A_FINALIZED';
SELECT 'r3', sum(left_at < deadline), sum(left_at >= deadline), sum(left_at IS NULL AND deadline <= '2012-03-15'),
  sum(left_at IS NULL AND deadline > '2012-03-15'), 0, 0 FROM r3;
CREATE TABLE agent AS SELECT "by" AS id FROM offer UNION SELECT "by" FROM task UNION SELECT changed_by FROM stage;
CREATE TABLE week AS WITH RECURSIVE w(monday) AS
  (SELECT '2011-09-26' UNION ALL SELECT date(monday, '+7 days') FROM w WHERE monday < '2012-03-12') SELECT monday FROM w;
CREATE TABLE sent AS SELECT "by" AS id, at FROM offer WHERE offer_event = 'O_SENT';
CREATE TABLE r4 AS SELECT a.id, w.monday, count(s.at) AS n FROM agent a CROSS JOIN week w
  LEFT JOIN sent s ON s.id = a.id AND s.at >= w.monday AND s.at < date(w.monday, '+7 days') GROUP BY a.id, w.monday;
SELECT 'r4', sum(n >= 10), 0, sum(n < 10 AND monday <= '2012-03-08'), sum(n < 10 AND monday > '2012-03-08'), 0, 0 FROM r4;
CREATE TABLE r5 AS SELECT a.id, count(t.at) AS whole,
  sum(t.type IN ('call_offer', 'call_missing_docs')) AS part FROM agent a
  LEFT JOIN task t ON t."by" = a.id AND t.lifecycle = 'COMPLETE' GROUP BY a.id;
SELECT 'r5', sum(whole > 0 AND part * 10 >= whole * 6), 0, sum(whole > 0 AND part * 10 < whole * 6), 0, 0, sum(whole = 0) FROM r5;
SQL
)

actual=$("$plumb" run "$here/rules.plumb" --history "$data" --mapping "$here/mapping.yaml" \
  --as-of 2012-03-15T00:00:00Z --summary --format json 2>/dev/null |
  sed -e 's/^{"rules":\[//' -e 's/\]}$//' -e 's/},{/}\n{/g' |
  sed -E 's/[{]"rule":"([a-z0-9]+)","kept":([0-9]+),"late":([0-9]+),"missed":([0-9]+),"due":([0-9]+),"excused":([0-9]+),"cannot_tell":([0-9]+)[}]/\1 \2 \3 \4 \5 \6 \7/')

published="r1 4675 1955 384 16 0 0
r2 2243 0 3 0 0 0"
echo "rule kept late missed due excused cannot-tell"
echo "$actual"
diff <(echo "$expected") <(echo "$actual") || { echo "< SQLite   > plumb"; exit 1; }
diff <(echo "$published") <(echo "$actual" | head -2) || { echo "< published   > plumb"; exit 1; }
grep -q '^r3 [0-9]* 858 48 ' <<<"$actual" || { echo "r3: published are 858 late and 48 missed"; exit 1; }
grep -q '^r4 297 ' <<<"$actual" || { echo "r4: published are 297 weeks that reach 10"; exit 1; }
grep -q '^r5 11 0 49 ' <<<"$actual" || { echo "r5: published are 11 of 60 agents"; exit 1; }

# What would have kept them: as many calls as agent 10861 lacks of 60 %, and an explanation of each week that has a change.
lacks=$(sqlite3 :memory: <<SQL
.mode csv
.import '$data/activities.csv' task
SELECT (6 * count(*) - 10 * sum(type IN ('call_offer', 'call_missing_docs')) + 3) / 4
  FROM task WHERE "by" = '10861' AND lifecycle = 'COMPLETE';
SQL
)
explain() {
  "$plumb" explain "$here/rules.plumb" --history "$data" --mapping "$here/mapping.yaml" --as-of 2012-03-15T00:00:00Z \
    --person 10861 --rule "$1" --verdict missed --format json 2>/dev/null
}
offered=$(explain r5 | grep -o '[0-9,]* more times' | tr -d ',')
echo "agent 10861 lacks $lacks calls; offered: $offered"
[ "$offered" = "$lacks more times" ] || { echo "r5: another number of calls is offered"; exit 1; }
if explain r4 | grep -q '"change":null'; then echo "r4: a week that is missed is explained without a change"; exit 1; fi
