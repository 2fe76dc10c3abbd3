package dockerfile

import (
	"strings"
	"testing"
)

// FuzzParse holds Parse to its promises on any text: no panic, errors with the
// file's name, and for every file that it accepts spans that are in bounds, in
// order, and give the text back.
func FuzzParse(f *testing.F) {
	for _, src := range []string{
		"", "FROM a", "FROM a\nRUN x \\\n # c\n\n y\n", bom + "# escape=`\r\nFROM a\r\nRUN x `\r\n y\r\n",
		"FROM a\nRUN <<A cat && <<-'B' cat\n1\nA\n2\n\tB\n", "FROM a\nONBUILD RUN <<EOF\nx\nEOF\n",
		"FROM a\nENV k=v k2=\"v 2\" k3='a'b\\ c k4=\nENV k v  w\nARG A B=${A:-x}\nLABEL \"a b\"=c\n",
		"ARG V=1\nFROM --platform=$P \"node:$V\" AS Build\nCOPY --from=0 --chown=\"a b\" [\"x\", \"/y\"]\n",
		"FROM a\nHEALTHCHECK --interval=3s CMD [\"x\"]\nCMD [\"a\\u00e9\", 'b']\nENTRYPOINT []\nSHELL [\"x\"]\n",
		"#!/bin/x\n# syntax=y\n# check=skip=all\nFROM a\nFR\\\nOM b\n\\\nRUN ${x//a/b} ${y:-\\a} <<A\nA\n",
		"FROM a\rRUN b\r", "FROM a\nRUN --mount=type=cache,\\\ntarget=/x -- --y\nUSER \xff\nCOPY \u00a0 a b\u0085\n",
	} {
		f.Add(src)
	}
	f.Fuzz(func(t *testing.T, src string) {
		file, err := Parse("f", src)
		if err != nil {
			if !strings.HasPrefix(err.Error(), "f:") {
				t.Fatalf("error without a place: %v", err)
			}
			if strings.Contains(err.Error(), "report this file") {
				t.Fatalf("disagreement with BuildKit: %v", err)
			}
			return
		}
		checkFile(t, file)
		for _, st := range file.Stages {
			file.StateAt(st, nil, nodeImage)
			file.ExpandRef(st)
		}
	})
}
