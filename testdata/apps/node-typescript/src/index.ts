import http from 'node:http';
import { reading, average } from './tides';

const port = Number(process.env.PORT ?? 3000);

const server = http.createServer(async (req, res) => {
  if (req.method !== 'POST' || req.url !== '/average') {
    res.writeHead(404).end('not found');
    return;
  }
  let body = '';
  for await (const chunk of req) body += chunk;
  const parsed = reading.array().safeParse(JSON.parse(body));
  if (!parsed.success) {
    res.writeHead(400, { 'Content-Type': 'application/json' });
    res.end(JSON.stringify({ errors: parsed.error.issues.map((i) => i.message) }));
    return;
  }
  res.writeHead(200, { 'Content-Type': 'application/json' });
  res.end(JSON.stringify({ metres: average(parsed.data) }));
});

server.listen(port, () => console.log(`tides listens on ${port}`));

process.on('SIGTERM', () => server.close(() => process.exit(0)));
