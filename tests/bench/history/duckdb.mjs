// Runs the rules of duckdb.sql. It prints the lines that measure.cpp prints: `count RULE …`, `WORD CLOCK COMPUTING`.
// usage: node duckdb.mjs MODULES FOLDER THREADS RUNS; MODULES holds node_modules with @duckdb/node-api.

import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';

const [modules, folder, threads, runs] = process.argv.slice(2);
const { DuckDBInstance } = createRequire(join(modules, 'package.json'))('@duckdb/node-api');
const connection = await (await DuckDBInstance.create(':memory:', { threads })).connect();

const parts = readFileSync(new URL('duckdb.sql', import.meta.url), 'utf8')
  .replaceAll('$DIR', folder)
  .split(/^-- (load|(?:written )?r\d \w+)$/m);

async function rows(sql) {
  return (await connection.runAndReadAll(sql)).getRows();
}

// Prints milliseconds by the clock and computing milliseconds of all threads.
async function timed(word, work) {
  const begin = performance.now();
  const computed = process.cpuUsage();
  const found = await work();
  const { user, system } = process.cpuUsage(computed);
  console.log(`${word} ${(performance.now() - begin).toFixed(3)} ${((user + system) / 1000).toFixed(3)}`);
  return found;
}

// Unit: MiB; of what only counts.
let peakShown = false;
function showPeak() {
  if (!peakShown) console.log(`peak ${(process.resourceUsage().maxRSS / 1024).toFixed(1)}`);
  peakShown = true;
}

const verdicts = ['kept', 'late', 'missed', 'due', 'excused', 'cannot tell'];
const countedByVerdict = `SELECT ${verdicts.map((verdict) => `count(*) FILTER (verdict = '${verdict}')`).join(', ')} FROM verdicts`;

const files = { deals: 'created_at', stage_history: 'changed_at', offer_events: '"at"', activities: '"at"' };
const counted = Object.entries(files).map(([file, at]) => `(SELECT count(${at}) FROM read_csv('${folder}/${file}.csv'))`);
for (let i = 0; i < Math.min(3, runs); ++i) await timed('read_csv', () => rows(`SELECT ${counted.join(', ')}`));

for (let i = 1; i < parts.length; i += 2) {
  const words = parts[i].split(' ');
  const [rule, form] = words.slice(-2);
  if (words[0] === 'load') {
    await timed('load', async () => {
      for (const statement of parts[i + 1].split(/;\s*$/m)) if (statement.trim()) await rows(statement);
    });
    continue;
  }
  const written = words[0] === 'written';
  if (written) showPeak();
  const sql = parts[i + 1].trim();
  for (let run = 0; run < runs; ++run) {
    const found = await timed(words.join('_'), () => rows(written ? `CREATE TABLE verdicts AS ${sql}` : sql));
    const counts = written ? (await rows(countedByVerdict))[0] : found[0];
    if (written) await rows('DROP TABLE verdicts');
    if (run === 0) console.log(`count ${rule} ${counts.join(' ')}`);
  }
}
showPeak();
