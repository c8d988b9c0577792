-- The history and its five rules for PostgreSQL; of the same form as duckdb.sql.

-- load
CREATE TYPE stage_name AS ENUM ('A_SUBMITTED', 'A_PARTLYSUBMITTED', 'A_PREACCEPTED', 'A_ACCEPTED', 'A_FINALIZED',
  'A_APPROVED', 'A_REGISTERED', 'A_ACTIVATED', 'A_DECLINED', 'A_CANCELLED');
CREATE TYPE offer_kind AS ENUM ('O_SELECTED', 'O_CREATED', 'O_SENT', 'O_SENT_BACK', 'O_ACCEPTED', 'O_DECLINED',
  'O_CANCELLED');
CREATE TYPE task_type AS ENUM ('handle_lead', 'complete_application', 'call_offer', 'call_missing_docs',
  'validate_application', 'assess_fraud', 'change_contract');
CREATE TYPE task_lifecycle AS ENUM ('SCHEDULE', 'START', 'COMPLETE');
CREATE UNLOGGED TABLE deal (deal_id bigint, created_at timestamp, last_event_at timestamp, amount numeric, events int,
  last_stage text);
CREATE UNLOGGED TABLE stage (deal_id bigint, from_stage stage_name, to_stage stage_name, ts timestamp, agent int);
CREATE UNLOGGED TABLE offer (deal_id bigint, kind offer_kind, ts timestamp, agent int);
CREATE UNLOGGED TABLE task (deal_id bigint, type task_type, lifecycle task_lifecycle, ts timestamp, agent int);
COPY deal FROM '$DIR/deals.csv' WITH (FORMAT csv, HEADER);
COPY stage FROM '$DIR/stage_history.csv' WITH (FORMAT csv, HEADER);
COPY offer FROM '$DIR/offer_events.csv' WITH (FORMAT csv, HEADER);
COPY task FROM '$DIR/activities.csv' WITH (FORMAT csv, HEADER);
CREATE UNLOGGED TABLE agent AS SELECT agent FROM stage UNION SELECT agent FROM offer UNION SELECT agent FROM task;
CREATE INDEX ON task (deal_id, ts) WHERE type = 'call_offer' AND lifecycle = 'COMPLETE';
CREATE INDEX ON offer (deal_id, ts) WHERE kind = 'O_ACCEPTED';
CREATE INDEX ON offer (deal_id, ts) WHERE kind = 'O_SENT';
CREATE INDEX ON stage (deal_id, ts) WHERE from_stage = 'A_FINALIZED';
VACUUM ANALYZE;

-- r1 index
WITH pair AS (SELECT ts + interval '120 hours' AS deadline, (SELECT min(c.ts) FROM task c WHERE c.deal_id = s.deal_id
    AND c.type = 'call_offer' AND c.lifecycle = 'COMPLETE' AND c.ts > s.ts) AS reply
  FROM offer s WHERE kind = 'O_SENT')
SELECT count(*) FILTER (WHERE reply < deadline), count(*) FILTER (WHERE reply >= deadline),
  count(*) FILTER (WHERE reply IS NULL AND deadline <= '2012-03-15'),
  count(*) FILTER (WHERE reply IS NULL AND deadline > '2012-03-15'), 0, 0 FROM pair;

-- r1 window
WITH step AS (SELECT deal_id, ts, true AS sent FROM offer WHERE kind = 'O_SENT' UNION ALL
  SELECT deal_id, ts, false FROM task WHERE type = 'call_offer' AND lifecycle = 'COMPLETE'),
  pair AS (SELECT ts + interval '120 hours' AS deadline, sent, min(ts) FILTER (WHERE NOT sent) OVER (
    PARTITION BY deal_id ORDER BY ts DESC ROWS BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING) AS reply FROM step)
SELECT count(*) FILTER (WHERE reply < deadline), count(*) FILTER (WHERE reply >= deadline),
  count(*) FILTER (WHERE reply IS NULL AND deadline <= '2012-03-15'),
  count(*) FILTER (WHERE reply IS NULL AND deadline > '2012-03-15'), 0, 0 FROM pair WHERE sent;

-- r2 first
SELECT count(*) FILTER (WHERE a.ts <= s.ts), 0, count(*) FILTER (WHERE a.ts > s.ts OR a.ts IS NULL), 0, 0, 0
FROM stage s LEFT JOIN (SELECT deal_id, min(ts) AS ts FROM offer WHERE kind = 'O_ACCEPTED' GROUP BY deal_id) a
  ON a.deal_id = s.deal_id WHERE to_stage = 'A_APPROVED';

-- r3 index
WITH pair AS (SELECT ts + interval '720 hours' AS deadline, (SELECT min(g.ts) FROM stage g
    WHERE g.deal_id = s.deal_id AND g.from_stage = 'A_FINALIZED' AND g.ts >= s.ts) AS gone
  FROM stage s WHERE to_stage = 'A_FINALIZED')
SELECT count(*) FILTER (WHERE gone < deadline), count(*) FILTER (WHERE gone >= deadline),
  count(*) FILTER (WHERE gone IS NULL AND deadline <= '2012-03-15'),
  count(*) FILTER (WHERE gone IS NULL AND deadline > '2012-03-15'), 0, 0 FROM pair;

-- r3 window
WITH step AS (SELECT deal_id, ts, to_stage = 'A_FINALIZED' AS enters FROM stage
    WHERE to_stage = 'A_FINALIZED' OR from_stage = 'A_FINALIZED'),
  pair AS (SELECT ts + interval '720 hours' AS deadline, enters, lead(ts) OVER (PARTITION BY deal_id
    ORDER BY ts, enters DESC) AS gone FROM step)
SELECT count(*) FILTER (WHERE gone < deadline), count(*) FILTER (WHERE gone >= deadline),
  count(*) FILTER (WHERE gone IS NULL AND deadline <= '2012-03-15'),
  count(*) FILTER (WHERE gone IS NULL AND deadline > '2012-03-15'), 0, 0 FROM pair WHERE enters;

-- r4 weeks
WITH week AS (SELECT agent, date_trunc('week', ts) AS monday, count(*) AS n FROM offer WHERE kind = 'O_SENT'
    GROUP BY agent, monday),
  reached AS (SELECT count(*) AS kept, count(*) FILTER (WHERE monday <= '2012-03-08') AS passed FROM week
    WHERE n >= 10)
SELECT kept, 0, (SELECT count(*) FROM agent) * 24 - passed, (SELECT count(*) FROM agent) - (kept - passed), 0, 0
FROM reached;

-- r5 in
WITH done AS (SELECT agent, count(*) AS whole,
    count(*) FILTER (WHERE type = 'call_offer' OR type = 'call_missing_docs') AS part
    FROM task WHERE lifecycle = 'COMPLETE' GROUP BY agent)
SELECT count(*) FILTER (WHERE part * 10 >= whole * 6), 0, count(*) FILTER (WHERE part * 10 < whole * 6), 0, 0,
  (SELECT count(*) FROM agent) - count(*) FROM done;
