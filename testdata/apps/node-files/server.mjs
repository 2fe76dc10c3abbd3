import { createServer } from 'node:http';
import { mkdirSync, readdirSync } from 'node:fs';
import { readFile, writeFile } from 'node:fs/promises';
import path from 'node:path';

const dir = process.env.NOTES_DIR || './notes';
mkdirSync(dir, { recursive: true });

createServer(async (req, res) => {
  const name = path.basename(req.url);
  if (req.method === 'PUT') {
    let text = '';
    for await (const chunk of req) text += chunk;
    await writeFile(path.join(dir, `${name}.txt`), text);
    res.writeHead(201).end('noted');
  } else if (name) {
    const text = await readFile(path.join(dir, `${name}.txt`), 'utf8').catch(() => null);
    res.writeHead(text === null ? 404 : 200).end(text ?? 'no such note');
  } else {
    res.end(readdirSync(dir).join('\n'));
  }
}).listen(process.env.PORT || 3000);
