package edit

// cutter goes once through a list of pieces, from the front, and builds the list
// that a sorted set of edits makes of it.
type cutter struct {
	from []Piece
	at   int // offset in the text of from[0]
	out  []Piece
}

// keep takes over everything up to the offset.
func (c *cutter) keep(to int) {
	for c.at < to {
		c.out = append(c.out, c.next(to))
	}
}

// drop leaves out everything up to the offset.
func (c *cutter) drop(to int) {
	for c.at < to {
		c.next(to)
	}
}

// write adds a new piece where the cutter stands.
func (c *cutter) write(p Piece) { c.out = append(c.out, p) }

// next removes the first piece, or the part of it before the offset, and
// returns it.
func (c *cutter) next(to int) Piece {
	head := c.from[0]
	n := min(len(head.Text), to-c.at)
	c.at += n
	if n == len(head.Text) {
		c.from = c.from[1:]
		return head
	}
	rest := head
	rest.Text, head.Text = head.Text[n:], head.Text[:n]
	if head.kept {
		rest.Origin.Start += n
		head.Origin.End = rest.Origin.Start
	}
	c.from[0] = rest
	return head
}
