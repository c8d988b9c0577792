// Holds what several rounds of measure.cpp, duckdb.mjs and postgres.mjs printed against each other. First the verdicts,
// which have to be the same; then ratios only, each as the median of the rounds with their range.
// usage: node compare.mjs FOLDER SIZE; FOLDER holds plumb.ROUND, duckdb.ROUND, postgres.ROUND and postgres.load.

import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

const [folder, size] = process.argv.slice(2);

function median(values) {
  const sorted = [...values].sort((a, b) => a - b);
  return sorted.length % 2 ? sorted[(sorted.length - 1) / 2] : (sorted[sorted.length / 2 - 1] + sorted[sorted.length / 2]) / 2;
}

// word -> its times by the clock, and computing; rule -> its counts, which all forms of a rule share.
function read(name) {
  const times = {};
  const computing = {};
  const counts = {};
  for (const line of readFileSync(join(folder, name), 'utf8').trim().split('\n')) {
    const [word, ...rest] = line.split(' ');
    if (word === 'count') {
      const [rule, ...numbers] = rest;
      const text = numbers.join(' ');
      if ((counts[rule] ??= text) !== text) fail(`${name}: two forms of ${rule} count ${counts[rule]} and ${text}`);
    } else {
      (times[word] ??= []).push(Number(rest[0]));
      (computing[word] ??= []).push(Number(rest[1]));
    }
  }
  return { times, computing, counts };
}

function fail(why) {
  console.error(`the verdicts differ: ${why}`);
  process.exit(1);
}

// The fastest form of every rule, summed: no form can be the best of one run only by chance.
function rules(times, form = /^(r\d)_/) {
  const best = {};
  for (const [word, all] of Object.entries(times)) {
    const rule = word.match(form)?.[1];
    if (rule) best[rule] = Math.min(best[rule] ?? Infinity, median(all));
  }
  return best;
}

const written = (times) => rules(times, /^written_(r\d)_/);  // those that keep a row for each verdict
const sum = (best) => Object.values(best).reduce((a, b) => a + b, 0);

const rounds = [];
for (let round = 1; existsSync(join(folder, `plumb.${round}`)); ++round) {
  const found = { plumb: read(`plumb.${round}`), duckdb: read(`duckdb.${round}`), postgres: read(`postgres.${round}`) };
  const said = JSON.stringify(found.plumb.counts);
  for (const other of ['duckdb', 'postgres']) {
    if (JSON.stringify(found[other].counts) !== said) fail(`plumb ${said}, ${other} ${JSON.stringify(found[other].counts)}`);
  }
  rounds.push(found);
}
const postgresLoad = read('postgres.load').times;

function show(what, ratio) {
  const all = rounds.map(ratio);
  const digits = (x) => x.toFixed(2).padStart(8);
  console.log(`  ${what.padEnd(62)}${digits(median(all))}  (${Math.min(...all).toFixed(2)} to ${Math.max(...all).toFixed(2)})`);
}

const plumb = (r, word) => median(r.plumb.times[word]);
const toVerdicts = (r) => plumb(r, 'load') + plumb(r, 'evaluate');
console.log(`${size} times the log, ${rounds[0].plumb.times.events[0]} events: all three count the same verdicts`);
show('DuckDB, sum of the five rules / plumb, evaluate', (r) => sum(rules(r.duckdb.times)) / plumb(r, 'evaluate'));
for (const rule of ['r1', 'r2', 'r3', 'r4', 'r5']) {
  show(`  of it DuckDB, ${rule} / plumb, evaluate all`, (r) => rules(r.duckdb.times)[rule] / plumb(r, 'evaluate'));
}
show('DuckDB, sum of the five rules / plumb, computing time', (r) => sum(rules(r.duckdb.computing)) / median(r.plumb.computing.evaluate));
show('DuckDB, the five rules with a row for each verdict / plumb', (r) => sum(written(r.duckdb.times)) / plumb(r, 'evaluate'));
show('  the same, computing time', (r) => sum(written(r.duckdb.computing)) / median(r.plumb.computing.evaluate));
show('PostgreSQL, sum of the five rules / plumb, evaluate', (r) => sum(rules(r.postgres.times)) / plumb(r, 'evaluate'));
show('plumb, r1 with evidence / the loop by hand, one thread each', (r) => plumb(r, 'evaluate_r1') / plumb(r, 'loop_r1'));
show('  the same, computing time', (r) => median(r.plumb.computing.evaluate_r1) / median(r.plumb.computing.loop_r1));
show('DuckDB, read_csv alone / plumb, CSV to verdicts', (r) => median(r.duckdb.times.read_csv) / toVerdicts(r));
show('DuckDB, load and rules / plumb, CSV to verdicts', (r) => (r.duckdb.times.load[0] + sum(rules(r.duckdb.times))) / toVerdicts(r));
show('PostgreSQL, load and rules / plumb, CSV to verdicts', (r) => (postgresLoad.load[0] + sum(rules(r.postgres.times))) / toVerdicts(r));
show('plumb, report as CSV / evaluate', (r) => plumb(r, 'report_csv') / plumb(r, 'evaluate'));
show('plumb, report as JSON / evaluate', (r) => plumb(r, 'report_json') / plumb(r, 'evaluate'));
show('peak memory, plumb / DuckDB', (r) => plumb(r, 'peak') / median(r.duckdb.times.peak));
show('peak memory, plumb / PostgreSQL (the session alone)', (r) => plumb(r, 'peak') / Math.max(postgresLoad.peak[0], median(r.postgres.times.peak)));
const perEvent = median(rounds.map((r) => plumb(r, 'evaluate') / r.plumb.times.events[0]));
console.log(`per-event ${perEvent}`);
