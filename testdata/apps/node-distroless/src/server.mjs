import { readFileSync } from 'node:fs';
import { createServer } from 'node:http';

const routes = JSON.parse(readFileSync(new URL('timetable.json', import.meta.url), 'utf8'));
const port = Number(process.env.PORT ?? 8080);

const server = createServer((request, response) => {
  const { pathname } = new URL(request.url, 'http://localhost');
  if (pathname === '/health') return response.end('ok');
  const route = routes.find((r) => `/from/${r.from}` === pathname);
  response.setHeader('content-type', 'application/json');
  if (!route) {
    response.statusCode = 404;
    return response.end('{"error":"no ferry"}');
  }
  return response.end(JSON.stringify({ to: route.to, next: route.departures }));
}).listen(port);

process.on('SIGTERM', () => server.close());
