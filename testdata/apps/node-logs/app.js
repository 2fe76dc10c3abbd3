const fs = require('fs');
const express = require('express');
const logger = require('./logger');

const app = express();

app.get('/ring', (req, res) => {
  logger.info('rang');
  res.send('dong');
});

// what the operators look at
app.get('/logs', (req, res) => res.send(fs.existsSync('combined.log') ? 'logging' : 'not logging'));

app.listen(3000);
