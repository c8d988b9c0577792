-- The history and its five rules for DuckDB. A line `-- load` begins what makes the tables, `-- RULE FORM` a query: of
-- several forms of one rule the fastest counts. Each gives the counts kept, late, missed, due, excused, cannot tell.
-- `-- written RULE FORM` begins one that gives a row for each verdict, with its evidence, which is kept as a table.
-- `$DIR` stands for the folder of the history.

-- load
CREATE TYPE stage_name AS ENUM ('A_SUBMITTED', 'A_PARTLYSUBMITTED', 'A_PREACCEPTED', 'A_ACCEPTED', 'A_FINALIZED',
  'A_APPROVED', 'A_REGISTERED', 'A_ACTIVATED', 'A_DECLINED', 'A_CANCELLED');
CREATE TYPE offer_kind AS ENUM ('O_SELECTED', 'O_CREATED', 'O_SENT', 'O_SENT_BACK', 'O_ACCEPTED', 'O_DECLINED',
  'O_CANCELLED');
CREATE TYPE task_type AS ENUM ('handle_lead', 'complete_application', 'call_offer', 'call_missing_docs',
  'validate_application', 'assess_fraud', 'change_contract');
CREATE TYPE task_lifecycle AS ENUM ('SCHEDULE', 'START', 'COMPLETE');
CREATE TYPE verdict AS ENUM ('kept', 'late', 'missed', 'due', 'excused', 'cannot tell');
CREATE TABLE deal AS SELECT deal_id, created_at, amount_req AS amount FROM read_csv('$DIR/deals.csv');
CREATE TABLE stage AS SELECT deal_id, from_stage::stage_name AS from_stage, to_stage::stage_name AS to_stage,
  changed_at AS ts, changed_by::INTEGER AS agent FROM read_csv('$DIR/stage_history.csv');
CREATE TABLE offer AS SELECT deal_id, offer_event::offer_kind AS kind, "at" AS ts, "by"::INTEGER AS agent
  FROM read_csv('$DIR/offer_events.csv');
CREATE TABLE task AS SELECT deal_id, type::task_type AS type, lifecycle::task_lifecycle AS lifecycle, "at" AS ts,
  "by"::INTEGER AS agent FROM read_csv('$DIR/activities.csv');
CREATE TABLE agent AS SELECT agent FROM stage UNION SELECT agent FROM offer UNION SELECT agent FROM task;

-- r1 asof
WITH sent AS (SELECT deal_id, ts, ts + INTERVAL 120 HOUR AS deadline FROM offer WHERE kind = 'O_SENT'),
  call AS (SELECT deal_id, ts FROM task WHERE type = 'call_offer' AND lifecycle = 'COMPLETE')
SELECT count(*) FILTER (c.ts < deadline), count(*) FILTER (c.ts >= deadline),
  count(*) FILTER (c.ts IS NULL AND deadline <= TIMESTAMP '2012-03-15'),
  count(*) FILTER (c.ts IS NULL AND deadline > TIMESTAMP '2012-03-15'), 0, 0
FROM sent s ASOF LEFT JOIN call c ON s.deal_id = c.deal_id AND c.ts > s.ts;

-- r1 window
WITH step AS (SELECT deal_id, ts, true AS sent FROM offer WHERE kind = 'O_SENT' UNION ALL
  SELECT deal_id, ts, false FROM task WHERE type = 'call_offer' AND lifecycle = 'COMPLETE'),
  pair AS (SELECT ts + INTERVAL 120 HOUR AS deadline, sent, min(ts) FILTER (NOT sent) OVER (PARTITION BY deal_id
    ORDER BY ts ROWS BETWEEN 1 FOLLOWING AND UNBOUNDED FOLLOWING) AS reply FROM step)
SELECT count(*) FILTER (reply < deadline), count(*) FILTER (reply >= deadline),
  count(*) FILTER (reply IS NULL AND deadline <= TIMESTAMP '2012-03-15'),
  count(*) FILTER (reply IS NULL AND deadline > TIMESTAMP '2012-03-15'), 0, 0 FROM pair WHERE sent;

-- r1 join
WITH sent AS (SELECT rowid AS id, deal_id, ts FROM offer WHERE kind = 'O_SENT'),
  call AS (SELECT deal_id, ts FROM task WHERE type = 'call_offer' AND lifecycle = 'COMPLETE'),
  pair AS (SELECT any_value(s.ts) + INTERVAL 120 HOUR AS deadline, min(c.ts) FILTER (c.ts > s.ts) AS reply
    FROM sent s LEFT JOIN call c ON s.deal_id = c.deal_id GROUP BY s.id)
SELECT count(*) FILTER (reply < deadline), count(*) FILTER (reply >= deadline),
  count(*) FILTER (reply IS NULL AND deadline <= TIMESTAMP '2012-03-15'),
  count(*) FILTER (reply IS NULL AND deadline > TIMESTAMP '2012-03-15'), 0, 0 FROM pair;

-- r1 list
WITH call AS (SELECT deal_id, list(ts) AS all_ts FROM task WHERE type = 'call_offer' AND lifecycle = 'COMPLETE'
    GROUP BY deal_id),
  pair AS (SELECT o.ts + INTERVAL 120 HOUR AS deadline, list_min(list_filter(all_ts, lambda t: t > o.ts)) AS reply
    FROM offer o LEFT JOIN call USING (deal_id) WHERE kind = 'O_SENT')
SELECT count(*) FILTER (reply < deadline), count(*) FILTER (reply >= deadline),
  count(*) FILTER (reply IS NULL AND deadline <= TIMESTAMP '2012-03-15'),
  count(*) FILTER (reply IS NULL AND deadline > TIMESTAMP '2012-03-15'), 0, 0 FROM pair;

-- r2 first
SELECT count(*) FILTER (a.ts <= s.ts), 0, count(*) FILTER (a.ts > s.ts OR a.ts IS NULL), 0, 0, 0
FROM stage s LEFT JOIN (SELECT deal_id, min(ts) AS ts FROM offer WHERE kind = 'O_ACCEPTED' GROUP BY deal_id) a
  ON a.deal_id = s.deal_id WHERE to_stage = 'A_APPROVED';

-- r2 exists
SELECT count(*) FILTER (accepted), 0, count(*) FILTER (NOT accepted), 0, 0, 0
FROM (SELECT EXISTS (SELECT 1 FROM offer o WHERE kind = 'O_ACCEPTED' AND o.deal_id = s.deal_id AND o.ts <= s.ts)
  AS accepted FROM stage s WHERE to_stage = 'A_APPROVED');

-- r3 asof
WITH entered AS (SELECT deal_id, ts, ts + INTERVAL 720 HOUR AS deadline FROM stage WHERE to_stage = 'A_FINALIZED'),
  gone AS (SELECT deal_id, ts FROM stage WHERE from_stage = 'A_FINALIZED')
SELECT count(*) FILTER (g.ts < deadline), count(*) FILTER (g.ts >= deadline),
  count(*) FILTER (g.ts IS NULL AND deadline <= TIMESTAMP '2012-03-15'),
  count(*) FILTER (g.ts IS NULL AND deadline > TIMESTAMP '2012-03-15'), 0, 0
FROM entered e ASOF LEFT JOIN gone g ON e.deal_id = g.deal_id AND g.ts >= e.ts;

-- r3 window
WITH step AS (SELECT deal_id, ts, to_stage = 'A_FINALIZED' AS enters FROM stage
    WHERE to_stage = 'A_FINALIZED' OR from_stage = 'A_FINALIZED'),
  pair AS (SELECT ts + INTERVAL 720 HOUR AS deadline, enters, lead(ts) OVER (PARTITION BY deal_id
    ORDER BY ts, enters DESC) AS gone FROM step)
SELECT count(*) FILTER (gone < deadline), count(*) FILTER (gone >= deadline),
  count(*) FILTER (gone IS NULL AND deadline <= TIMESTAMP '2012-03-15'),
  count(*) FILTER (gone IS NULL AND deadline > TIMESTAMP '2012-03-15'), 0, 0 FROM pair WHERE enters;

-- r3 join
WITH entered AS (SELECT rowid AS id, deal_id, ts FROM stage WHERE to_stage = 'A_FINALIZED'),
  gone AS (SELECT deal_id, ts FROM stage WHERE from_stage = 'A_FINALIZED'),
  pair AS (SELECT any_value(e.ts) + INTERVAL 720 HOUR AS deadline, min(g.ts) FILTER (g.ts >= e.ts) AS gone
    FROM entered e LEFT JOIN gone g ON e.deal_id = g.deal_id GROUP BY e.id)
SELECT count(*) FILTER (gone < deadline), count(*) FILTER (gone >= deadline),
  count(*) FILTER (gone IS NULL AND deadline <= TIMESTAMP '2012-03-15'),
  count(*) FILTER (gone IS NULL AND deadline > TIMESTAMP '2012-03-15'), 0, 0 FROM pair;

-- r4 weeks
WITH week AS (SELECT agent, date_trunc('week', ts) AS monday, count(*) AS n FROM offer WHERE kind = 'O_SENT'
    GROUP BY ALL),
  reached AS (SELECT count(*) AS kept, count(*) FILTER (monday <= TIMESTAMP '2012-03-08') AS passed FROM week
    WHERE n >= 10)
SELECT kept, 0, (SELECT count(*) FROM agent) * 24 - passed, (SELECT count(*) FROM agent) - (kept - passed), 0, 0
FROM reached;

-- r4 numbered
WITH week AS (SELECT agent, (epoch_us(ts) - 1316995200000000) // 604800000000 AS number, count(*) AS n FROM offer
    WHERE kind = 'O_SENT' GROUP BY ALL),
  reached AS (SELECT count(*) AS kept, count(*) FILTER (number < 24) AS passed FROM week WHERE n >= 10)
SELECT kept, 0, (SELECT count(*) FROM agent) * 24 - passed, (SELECT count(*) FROM agent) - (kept - passed), 0, 0
FROM reached;

-- r5 in
WITH done AS (SELECT agent, count(*) AS whole, count(*) FILTER (type IN ('call_offer', 'call_missing_docs')) AS part
    FROM task WHERE lifecycle = 'COMPLETE' GROUP BY agent)
SELECT count(*) FILTER (part * 10 >= whole * 6), 0, count(*) FILTER (part * 10 < whole * 6), 0, 0,
  (SELECT count(*) FROM agent) - count(*) FROM done;

-- r5 or
WITH done AS (SELECT agent, count(*) AS whole,
    sum((type = 'call_offer' OR type = 'call_missing_docs')::INTEGER) AS part
    FROM task WHERE lifecycle = 'COMPLETE' GROUP BY agent)
SELECT count(*) FILTER (part * 10 >= whole * 6), 0, count(*) FILTER (part * 10 < whole * 6), 0, 0,
  (SELECT count(*) FROM agent) - count(*) FROM done;

-- r5 types
WITH by_type AS (SELECT agent, type, count(*) AS n FROM task WHERE lifecycle = 'COMPLETE' GROUP BY agent, type),
  done AS (SELECT agent, sum(n) AS whole, coalesce(sum(n) FILTER (type IN ('call_offer', 'call_missing_docs')), 0)
    AS part FROM by_type GROUP BY agent)
SELECT count(*) FILTER (part * 10 >= whole * 6), 0, count(*) FILTER (part * 10 < whole * 6), 0, 0,
  (SELECT count(*) FROM agent) - count(*) FROM done;

-- written r1 asof
WITH sent AS (SELECT rowid AS id, deal_id, ts, ts + INTERVAL 120 HOUR AS deadline FROM offer WHERE kind = 'O_SENT'),
  call AS (SELECT rowid AS id, deal_id, ts FROM task WHERE type = 'call_offer' AND lifecycle = 'COMPLETE')
SELECT s.deal_id, s.ts AS opened, deadline, CASE WHEN c.ts < deadline THEN 'kept'::verdict
    WHEN c.ts IS NOT NULL THEN 'late' WHEN deadline <= TIMESTAMP '2012-03-15' THEN 'missed' ELSE 'due' END AS verdict,
  coalesce(c.ts, deadline) AS settled, s.id AS opened_by, c.id AS answer
FROM sent s ASOF LEFT JOIN call c ON s.deal_id = c.deal_id AND c.ts > s.ts;

-- written r1 list
WITH call AS (SELECT deal_id, list({'ts': ts, 'id': rowid}) AS all_calls FROM task
    WHERE type = 'call_offer' AND lifecycle = 'COMPLETE' GROUP BY deal_id),
  pair AS (SELECT o.deal_id, o.ts, o.rowid AS id, o.ts + INTERVAL 120 HOUR AS deadline,
      list_min(list_filter(all_calls, lambda c: c.ts > o.ts)) AS reply
    FROM offer o LEFT JOIN call USING (deal_id) WHERE kind = 'O_SENT')
SELECT deal_id, ts AS opened, deadline, CASE WHEN reply.ts < deadline THEN 'kept'::verdict
    WHEN reply.ts IS NOT NULL THEN 'late' WHEN deadline <= TIMESTAMP '2012-03-15' THEN 'missed' ELSE 'due' END AS verdict,
  coalesce(reply.ts, deadline) AS settled, id AS opened_by, reply.id AS answer FROM pair;

-- written r1 join
WITH sent AS (SELECT rowid AS id, deal_id, ts FROM offer WHERE kind = 'O_SENT'),
  call AS (SELECT rowid AS id, deal_id, ts FROM task WHERE type = 'call_offer' AND lifecycle = 'COMPLETE'),
  pair AS (SELECT s.id, any_value(s.deal_id) AS deal_id, any_value(s.ts) AS ts, min(c.ts) FILTER (c.ts > s.ts) AS reply,
      arg_min(c.id, c.ts) FILTER (c.ts > s.ts) AS answer
    FROM sent s LEFT JOIN call c ON s.deal_id = c.deal_id GROUP BY s.id)
SELECT deal_id, ts AS opened, ts + INTERVAL 120 HOUR AS deadline, CASE WHEN reply < deadline THEN 'kept'::verdict
    WHEN reply IS NOT NULL THEN 'late' WHEN deadline <= TIMESTAMP '2012-03-15' THEN 'missed' ELSE 'due' END AS verdict,
  coalesce(reply, deadline) AS settled, id AS opened_by, answer FROM pair;

-- written r2 first
SELECT s.deal_id, s.ts AS opened, s.ts AS deadline, CASE WHEN a.ts <= s.ts THEN 'kept'::verdict ELSE 'missed' END AS verdict,
  s.ts AS settled, s.rowid AS opened_by, CASE WHEN a.ts <= s.ts THEN a.id END AS answer
FROM stage s LEFT JOIN (SELECT deal_id, min(ts) AS ts, arg_min(rowid, ts) AS id FROM offer WHERE kind = 'O_ACCEPTED'
  GROUP BY deal_id) a ON a.deal_id = s.deal_id WHERE to_stage = 'A_APPROVED';

-- written r3 asof
WITH entered AS (SELECT rowid AS id, deal_id, ts, ts + INTERVAL 720 HOUR AS deadline FROM stage
    WHERE to_stage = 'A_FINALIZED'),
  gone AS (SELECT rowid AS id, deal_id, ts FROM stage WHERE from_stage = 'A_FINALIZED')
SELECT e.deal_id, e.ts AS opened, deadline, CASE WHEN g.ts < deadline THEN 'kept'::verdict
    WHEN g.ts IS NOT NULL THEN 'late' WHEN deadline <= TIMESTAMP '2012-03-15' THEN 'missed' ELSE 'due' END AS verdict,
  coalesce(g.ts, deadline) AS settled, e.id AS opened_by, g.id AS answer
FROM entered e ASOF LEFT JOIN gone g ON e.deal_id = g.deal_id AND g.ts >= e.ts;

-- written r3 window
WITH step AS (SELECT rowid AS id, deal_id, ts, to_stage = 'A_FINALIZED' AS enters FROM stage
    WHERE to_stage = 'A_FINALIZED' OR from_stage = 'A_FINALIZED'),
  pair AS (SELECT id, deal_id, ts, ts + INTERVAL 720 HOUR AS deadline, enters, lead(ts) OVER following AS gone,
      lead(id) OVER following AS answer FROM step WINDOW following AS (PARTITION BY deal_id ORDER BY ts, enters DESC))
SELECT deal_id, ts AS opened, deadline, CASE WHEN gone < deadline THEN 'kept'::verdict
    WHEN gone IS NOT NULL THEN 'late' WHEN deadline <= TIMESTAMP '2012-03-15' THEN 'missed' ELSE 'due' END AS verdict,
  coalesce(gone, deadline) AS settled, id AS opened_by, answer FROM pair WHERE enters;

-- written r3 join
WITH entered AS (SELECT rowid AS id, deal_id, ts FROM stage WHERE to_stage = 'A_FINALIZED'),
  gone AS (SELECT rowid AS id, deal_id, ts FROM stage WHERE from_stage = 'A_FINALIZED'),
  pair AS (SELECT e.id, any_value(e.deal_id) AS deal_id, any_value(e.ts) AS ts, min(g.ts) FILTER (g.ts >= e.ts) AS gone,
      arg_min(g.id, g.ts) FILTER (g.ts >= e.ts) AS answer
    FROM entered e LEFT JOIN gone g ON e.deal_id = g.deal_id GROUP BY e.id)
SELECT deal_id, ts AS opened, ts + INTERVAL 720 HOUR AS deadline, CASE WHEN gone < deadline THEN 'kept'::verdict
    WHEN gone IS NOT NULL THEN 'late' WHEN deadline <= TIMESTAMP '2012-03-15' THEN 'missed' ELSE 'due' END AS verdict,
  coalesce(gone, deadline) AS settled, id AS opened_by, answer FROM pair;

-- written r4 weeks
WITH week AS (SELECT agent, date_trunc('week', ts) AS monday, count(*) AS n, min(ts, 10) AS times,
    arg_min(rowid, ts, 10) AS evidence FROM offer WHERE kind = 'O_SENT' GROUP BY ALL),
  asked AS (SELECT agent, TIMESTAMP '2011-09-26' + number * INTERVAL 7 DAY AS opened
    FROM agent CROSS JOIN range(25) numbers(number))
SELECT a.agent, opened, opened + INTERVAL 7 DAY AS deadline, CASE WHEN n >= 10 THEN 'kept'::verdict
    WHEN deadline <= TIMESTAMP '2012-03-15' THEN 'missed' ELSE 'due' END AS verdict,
  CASE WHEN n >= 10 THEN times[10] ELSE deadline END AS settled, n, evidence
FROM asked a LEFT JOIN week w ON w.agent IS NOT DISTINCT FROM a.agent AND monday = opened;

-- written r5 in
WITH done AS (SELECT agent, count(*) AS whole, count(*) FILTER (type IN ('call_offer', 'call_missing_docs')) AS part,
    arg_min(rowid, ts, 10) AS evidence FROM task WHERE lifecycle = 'COMPLETE' GROUP BY agent)
SELECT a.agent, TIMESTAMP '2011-10-01' AS opened, TIMESTAMP '2012-03-15' AS deadline,
  CASE WHEN whole IS NULL THEN 'cannot tell'::verdict WHEN part * 10 >= whole * 6 THEN 'kept' ELSE 'missed' END AS verdict,
  deadline AS settled, part, whole, evidence
FROM agent a LEFT JOIN done d ON d.agent IS NOT DISTINCT FROM a.agent;
