// Reads the files of a canonical folder with the types that plumb gives them. It prints the lines that measure.cpp
// prints: `WORD CLOCK COMPUTING`, in milliseconds.
// usage: node duckdb.mjs MODULES FOLDER THREADS; MODULES holds node_modules with @duckdb/node-api.

import { createRequire } from 'node:module';
import { join } from 'node:path';

const [modules, folder, threads] = process.argv.slice(2);
const { DuckDBInstance } = createRequire(join(modules, 'package.json'))('@duckdb/node-api');
const connection = await (await DuckDBInstance.create(':memory:', { threads })).connect();

const text = ['deal', 'kind', 'name', '"from"', '"to"', 'actor', 'source', 'means'];
const types = {
  deals: "{'deal': 'VARCHAR', 'created': 'TIMESTAMPTZ', 'owner': 'VARCHAR', 'amount': 'VARCHAR'}",
  events:
    "{'deal': 'VARCHAR', 'at': 'TIMESTAMPTZ', 'recorded': 'TIMESTAMPTZ', 'kind': 'VARCHAR', 'name': 'VARCHAR', 'from': 'VARCHAR', " +
    "'to': 'VARCHAR', 'actor': 'VARCHAR', 'source': 'VARCHAR', 'sequence': 'BIGINT', 'means': 'VARCHAR', 'minutes': 'DECIMAL(18,6)'}",
};
const from = (file) => `read_csv('${folder}/${file}.csv', header = true, columns = ${types[file]})`;

async function timed(word, statements) {
  const begin = performance.now();
  const computed = process.cpuUsage();
  for (const statement of statements) await connection.run(statement);
  const { user, system } = process.cpuUsage(computed);
  console.log(`${word} ${(performance.now() - begin).toFixed(3)} ${((user + system) / 1000).toFixed(3)}`);
}

// Every cell is parsed for its type: of each column the largest is asked for.
const largest = ['"at"', 'recorded', '"sequence"', 'minutes', ...text].map((column) => `max(${column})`).join(', ');
await timed('read_csv', [`SELECT max(created), max(deal), max(owner), max(amount) FROM ${from('deals')}`, `SELECT ${largest} FROM ${from('events')}`]);
await timed('keep', Object.keys(types).map((file) => `CREATE TABLE ${file} AS SELECT * FROM ${from(file)}`));
console.log(`peak ${(process.resourceUsage().maxRSS / 1024).toFixed(1)}`);
