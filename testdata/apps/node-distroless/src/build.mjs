// Puts all routes into one file, sorted by the first departure.
import { copyFileSync, mkdirSync, readFileSync, readdirSync, writeFileSync } from 'node:fs';

mkdirSync('dist', { recursive: true });
const routes = readdirSync('routes')
  .map((name) => JSON.parse(readFileSync(`routes/${name}`, 'utf8')))
  .sort((a, b) => a.departures[0].localeCompare(b.departures[0]));
writeFileSync('dist/timetable.json', JSON.stringify(routes));
for (const name of ['server.mjs', 'health.mjs']) copyFileSync(`src/${name}`, `dist/${name}`);
