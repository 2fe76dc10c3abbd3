const http = require('http');
const bcrypt = require('bcrypt');

// Hash of "correct horse", for the only account there is.
const hash = bcrypt.hashSync('correct horse', 4);

http
  .createServer((req, res) => {
    let password = '';
    req.on('data', (chunk) => (password += chunk));
    req.on('end', async () => {
      const ok = await bcrypt.compare(password, hash);
      res.statusCode = ok ? 200 : 401;
      res.end(ok ? 'come in\n' : 'who are you?\n');
    });
  })
  .listen(8000);
