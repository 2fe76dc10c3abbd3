package diff

import (
	"fmt"
	"strconv"
	"strings"
	"testing"
)

func itoa(i int) string { return strconv.Itoa(i) }

func FuzzUnified(f *testing.F) {
	f.Add("a\nb\nc\n", "a\nB\nc", 1)
	f.Add("", "a", 0)
	f.Add("\r\n\r\n", "\n\r\n\r", 3)
	f.Add("a\na\nb\na\n\xff", "b\na\na\x00\n", 2)
	f.Add("-- a\n++ b\n@@ -1 +1 @@\n\\ No\n", "--- a\n@@\n", 3)
	f.Fuzz(func(t *testing.T, before, after string, context int) {
		checkDiff(t, before, after, context%8)
	})
}

// checkDiff applies the diff of the texts to the first and wants the second.
func checkDiff(t *testing.T, before, after string, context int) {
	t.Helper()
	diff := Unified([]File{{"f", before, after}}, context)
	if (diff == "") != (before == after) {
		t.Fatalf("diff %q of texts that are equal: %v", diff, before == after)
	}
	got, err := applyDiff(before, diff)
	if err != nil {
		t.Fatal(err)
	}
	if got != after {
		t.Fatalf("the diff does not give the text after it:\n%.2000s", diff)
	}
	if plain := uncolour(Colour(diff)); !strings.Contains(before+after, "\x1b") && plain != diff {
		t.Fatalf("Colour changes more than colours:\n%.2000s", plain)
	}
}

func uncolour(s string) string {
	for _, c := range []string{bold, red, green, cyan, reset} {
		s = strings.ReplaceAll(s, c, "")
	}
	return s
}

// applyDiff is a strict patch of its own: every line number and every line has
// to be right.
func applyDiff(before, diff string) (string, error) {
	if diff == "" {
		return before, nil
	}
	lines, old := splitLines(diff), splitLines(before)
	if lines[0] != "--- a/f\n" || lines[1] != "+++ b/f\n" {
		return "", fmt.Errorf("header %q", lines[:2])
	}
	var out []string
	at := 0
	for lines = lines[2:]; len(lines) > 0; {
		a, an, b, bn, err := readHeader(lines[0])
		if err != nil {
			return "", err
		}
		for ; at < a; at++ {
			out = append(out, old[at])
		}
		if len(out) != b {
			return "", fmt.Errorf("%q stands after %d lines", lines[0], len(out))
		}
		for lines = lines[1:]; an > 0 || bn > 0; {
			mark, text := lines[0][0], lines[0][1:]
			if lines = lines[1:]; len(lines) > 0 && lines[0] == "\\ No newline at end of file\n" {
				text, lines = strings.TrimSuffix(text, "\n"), lines[1:]
			}
			if mark != '+' {
				if old[at] != text {
					return "", fmt.Errorf("line %d is %q, not %q", at+1, old[at], text)
				}
				at, an = at+1, an-1
			}
			if mark != '-' {
				out, bn = append(out, text), bn-1
			}
		}
	}
	return strings.Join(append(out, old[at:]...), ""), nil
}

// readHeader returns the lines, counted from 0, where a hunk starts, and their numbers.
func readHeader(line string) (a, an, b, bn int, err error) {
	words := strings.Fields(line)
	if len(words) != 4 || words[0] != "@@" || words[3] != "@@" {
		return 0, 0, 0, 0, fmt.Errorf("hunk header %q", line)
	}
	a, an, err = readRange(words[1], "-")
	if err == nil {
		b, bn, err = readRange(words[2], "+")
	}
	return a, an, b, bn, err
}

func readRange(s, mark string) (start, n int, err error) {
	from, count, many := strings.Cut(strings.TrimPrefix(s, mark), ",")
	n = 1
	if many {
		if n, err = strconv.Atoi(count); err != nil {
			return 0, 0, err
		}
	}
	start, err = strconv.Atoi(from)
	if n > 0 {
		start--
	}
	return start, n, err
}
