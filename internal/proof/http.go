package proof

import (
	"fmt"
	"mime"
	"regexp"
	"strings"

	"github.com/bulwark-cli/bulwark/internal/verify/wire"
)

// asked names what is asked for, so that answers of both sides find each other.
func asked(r wire.Request) string {
	method := r.Method
	if method == "" {
		method = "GET"
	}
	if r.Port == 0 {
		return method + " " + r.Path
	}
	return fmt.Sprintf("%s %s on %d", method, r.Path, r.Port)
}

// answers compares the answers that the original gave with those of the rewrite.
func (c *comparison) answers() {
	after := map[wire.Request][]wire.HTTP{} // a request may be made more than once, in order
	for _, h := range c.after.Seen.Answers {
		after[h.Request] = append(after[h.Request], h)
	}
	for _, b := range c.before.Seen.Answers {
		var a wire.HTTP
		if same := after[b.Request]; len(same) > 0 {
			a, after[b.Request] = same[0], same[1:]
		} else if listens(c.before.Seen, b.Port) && !listens(c.after.Seen, b.Port) {
			continue // the port is told as closed
		}
		c.answer(b, a)
	}
}

func (c *comparison) answer(b, a wire.HTTP) {
	aspect := asked(b.Request)
	switch {
	case b.Status == 0 && a.Status == 0:
		c.assure(aspect + ": no HTTP answer")
	case b.Status == 0:
		c.differs(Neutral, aspect, "no answer", brief(a), "")
	case a.Status == 0:
		c.differs(Breaks, aspect, brief(b), "no answer", decisive(a.Problem))
	case a.Status != b.Status:
		c.differs(Breaks, aspect, brief(b), brief(a), statusWhy(c, a))
	case a.TLS != b.TLS:
		c.differs(Breaks, aspect, scheme(b), scheme(a), "")
	case mediaType(a.Type) != mediaType(b.Type):
		c.differs(Breaks, aspect, "type "+orNone(b.Type), "type "+orNone(a.Type), "")
	case !sameLocation(b.Location, a.Location):
		c.differs(Breaks, aspect, "redirects to "+orNone(b.Location), "redirects to "+orNone(a.Location), "")
	default:
		c.body(aspect, b, a)
	}
}

// statusWhy adds what the program said to an answer of the server's own failure: in
// its log, or in the answer itself. Logs of requests say nothing new.
func statusWhy(c *comparison, a wire.HTTP) string {
	if a.Status < 500 {
		return ""
	}
	why, _ := tellingLine(c.after.Seen.Stderr)
	if why == "" && formOf(mediaType(a.Type)) != formMarkup {
		why, _ = tellingLine(a.Body)
	}
	return why
}

func brief(h wire.HTTP) string {
	if h.Type == "" {
		return fmt.Sprint(h.Status)
	}
	return fmt.Sprintf("%d %s", h.Status, h.Type)
}

func scheme(h wire.HTTP) string {
	if h.TLS {
		return "TLS"
	}
	return "plain HTTP"
}

// body compares the bodies of answers that are alike in all else.
func (c *comparison) body(aspect string, b, a wire.HTTP) {
	switch {
	case b.Body == a.Body && b.Status >= 500:
		c.assure(aspect + ": " + brief(b) + ", an error of the original too: what it serves was not seen")
	case b.Body == a.Body:
		c.assure(aspect + ": " + brief(b))
	case !alike(b, a):
		before, after := firstDifference(b.Body, a.Body)
		c.differs(Breaks, aspect, orNone(before), orNone(after), "the body has another shape")
	case b.Volatile || a.Volatile:
		c.assure(aspect + ": " + brief(b) + ", a body of the same shape that changes by itself")
	default:
		before, after := firstDifference(b.Body, a.Body)
		c.differs(Neutral, aspect, orNone(before), orNone(after), "the body differs in its values")
	}
}

// mediaType is a Content-Type without what does not matter: letter case, spaces,
// and parameters other than the charset.
func mediaType(text string) string {
	kind, params, err := mime.ParseMediaType(text)
	if err != nil {
		return strings.ToLower(strings.TrimSpace(text))
	}
	if charset := params["charset"]; charset != "" {
		return kind + "; charset=" + strings.ToLower(charset)
	}
	return kind
}

// token is a part of an address that is made up for one request: a UUID, or a long
// run of letters and digits.
var token = regexp.MustCompile(`[0-9a-fA-F]{8}-[0-9a-fA-F]{4}-[0-9a-fA-F]{4}-[0-9a-fA-F]{4}-[0-9a-fA-F]{12}|[0-9A-Za-z_-]{16,}`)

func sameLocation(before, after string) bool {
	return before == after || stripTokens(before) == stripTokens(after)
}

func stripTokens(address string) string {
	return token.ReplaceAllStringFunc(address, func(s string) string {
		if strings.ContainsAny(s, "0123456789") {
			return "#"
		}
		return s
	})
}
