'use strict';

const fs = require('fs');
const http = require('http');
const path = require('path');

const page = fs.readFileSync(path.join(__dirname, 'views', 'index.html'), 'utf8');

http.createServer((req, res) => {
  if (req.url === '/health') {
    res.writeHead(200, { 'Content-Type': 'application/json' });
    res.end('{"ok":true}');
    return;
  }
  res.writeHead(200, { 'Content-Type': 'text/html' });
  res.end(page);
}).listen(3000);
