package diff

import (
	"fmt"
	"strings"
)

// headerName writes a file name for the --- and +++ lines as git does: quoted in
// the manner of C where a byte might be misread, and otherwise with a tab behind
// it where it holds a space, which is how both tools know where the name ends.
// GNU patch drops a space before that tab, so such a name is quoted as well.
func headerName(name string) string {
	if strings.IndexFunc(name, needsQuote) >= 0 || strings.HasSuffix(name, " ") {
		return quote(name)
	}
	if strings.Contains(name, " ") {
		return name + "\t"
	}
	return name
}

func needsQuote(r rune) bool { return r < ' ' || r == '"' || r == '\\' || r >= 0x7f }

func quote(name string) string {
	const letters = "\a\b\t\n\v\f\r\"\\"
	var b strings.Builder
	b.WriteByte('"')
	for i := range len(name) {
		c := name[i]
		if at := strings.IndexByte(letters, c); at >= 0 {
			b.WriteByte('\\')
			b.WriteByte(`abtnvfr"\`[at])
		} else if needsQuote(rune(c)) {
			fmt.Fprintf(&b, `\%03o`, c)
		} else {
			b.WriteByte(c)
		}
	}
	b.WriteByte('"')
	return b.String()
}
