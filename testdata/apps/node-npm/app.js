const fs = require('fs');
const http = require('http');
const ms = require('ms');

http.createServer((req, res) => {
  if (req.method === 'POST') {
    const out = fs.createWriteStream('todo.txt', { flags: 'a' });
    out.on('error', (err) => { res.statusCode = 500; res.end(err.message); });
    req.pipe(out).on('finish', () => res.end('kept'));
    return;
  }
  res.end(`a day is ${ms('1 day')} ms`);
}).listen(8080);
