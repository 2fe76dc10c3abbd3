package dockerfile

import (
	"strings"

	"github.com/bulwark-cli/bulwark/internal/edit"
)

// Health is what a HEALTHCHECK runs.
type Health struct {
	None  bool      // HEALTHCHECK NONE
	Shell bool      // shell form: Text is the command, else Words are
	Words []Arg     // the exec form's words; for shell form split for show
	Text  edit.View // shell form only
}

// Health returns what a HEALTHCHECK runs; nil for any other instruction.
func (i *Instr) Health() *Health {
	if i.Name != "healthcheck" || len(i.Args) == 0 {
		return nil
	}
	if strings.EqualFold(i.Args[0].Value, "none") {
		return &Health{None: true}
	}
	h := &Health{Shell: !i.JSON, Words: i.Args[1:]}
	if h.Shell {
		body := i.Body.String()
		_, next := splitHealth(body)
		h.Text = i.Body.Slice(edit.Span{Start: next, End: len(body)})
	}
	return h
}

// health takes the type and the command of a HEALTHCHECK.
func (b *builder) health(in *Instr, body string) {
	sep, next := splitHealth(body)
	if sep == 0 {
		return
	}
	b.words(in, []word{{edit.Span{Start: 0, End: sep}, body[:sep]}})
	b.body.Start += next
	if rest := body[next:]; !b.exec(in, rest) {
		b.shellForm(in, rest)
	}
}

// splitHealth returns where the type of a HEALTHCHECK ends and where its command begins.
func splitHealth(body string) (sep, next int) {
	for sep < len(body) && !spaceByte(body[sep]) {
		sep++
	}
	next = sep
	for next < len(body) && spaceByte(body[next]) {
		next++
	}
	return sep, next
}
