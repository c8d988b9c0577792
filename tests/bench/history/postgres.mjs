// Runs the rules of postgres.sql with psql, and prints the lines that measure.cpp prints.
// usage: node postgres.mjs SOCKET FOLDER THREADS RUNS load|rules

import { readFileSync } from 'node:fs';
import { spawnSync } from 'node:child_process';

const [socket, folder, threads, runs, what] = process.argv.slice(2);
const parts = readFileSync(new URL('postgres.sql', import.meta.url), 'utf8')
  .replaceAll('$DIR', folder)
  .split(/^-- (load|r\d \w+)$/m);

const script = [
  `SET max_parallel_workers_per_gather = ${threads - 1};`,
  "SET max_parallel_maintenance_workers = 1; SET work_mem = '1GB'; SET jit = off;",
  'SELECT pg_backend_pid() AS pid \\gset',
  '\\setenv PID :pid',
  '\\timing on',
];
for (let i = 1; i < parts.length; i += 2) {
  if ((parts[i] === 'load') !== (what === 'load')) continue;
  for (let run = 0; run < (what === 'load' ? 1 : runs); ++run) script.push(`\\echo part ${parts[i]}`, parts[i + 1]);
}
script.push("\\! grep VmHWM /proc/$PID/status");

const psql = spawnSync('psql', ['-h', socket, '-U', 'postgres', '-d', 'postgres', '-X', '-q', '-A', '-t', '-F', ' ', '-v', 'ON_ERROR_STOP=1'], {
  input: script.join('\n'),
  encoding: 'utf8',
});
if (psql.status !== 0) {
  console.error(psql.stderr);
  process.exit(2);
}

let part = [];
let load = 0;
const counted = new Set();
for (const line of psql.stdout.split('\n')) {
  const time = line.match(/^Time: ([\d.]+) ms/);
  const peak = line.match(/^VmHWM:\s+(\d+) kB/);
  if (line.startsWith('part ')) {
    part = line.split(' ').slice(1);
  } else if (time && part[0] === 'load') {
    load += Number(time[1]);
  } else if (time && part.length) {
    console.log(`${part.join('_')} ${time[1]}`);
  } else if (peak) {
    console.log(`peak ${(peak[1] / 1024).toFixed(1)}`);
  } else if (/^\d+( \d+){5}$/.test(line) && !counted.has(part.join())) {
    counted.add(part.join());
    console.log(`count ${part[0]} ${line}`);
  }
}
if (what === 'load') console.log(`load ${load.toFixed(3)}`);
