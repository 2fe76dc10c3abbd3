const { Router } = require('express');

const books = [
  { id: 1, title: 'The Moonstone', lent: false },
  { id: 2, title: 'Middlemarch', lent: true },
];

const router = Router();

router.get('/', (req, res) => {
  res.json(req.query.free ? books.filter((b) => !b.lent) : books);
});

router.post('/:id/loan', (req, res) => {
  const book = books.find((b) => b.id === Number(req.params.id));
  if (!book) return res.status(404).json({ error: 'unknown book' });
  if (book.lent) return res.status(409).json({ error: 'already lent' });
  book.lent = true;
  res.status(201).json(book);
});

module.exports = router;
