const express = require('express');
const morgan = require('morgan');
const books = require('./books');

const app = express();
const port = process.env.PORT || 3000;

app.use(morgan('tiny'));
app.use(express.json());

app.get('/health', (req, res) => res.json({ status: 'ok' }));
app.use('/books', books);

app.use((req, res) => res.status(404).json({ error: `no ${req.path} here` }));

app.listen(port, () => console.log(`library-api on port ${port}`));
