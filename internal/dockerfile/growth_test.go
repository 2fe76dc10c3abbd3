package dockerfile

import (
	"context"
	"strings"
	"testing"
)

// A few hundred bytes must not make BuildKit take gigabytes.
func TestConvertRefusesGrowth(t *testing.T) {
	doubling := strings.Repeat("ENV A=$A$A\n", 60)
	cases := []struct{ name, src, want string }{
		{"doubling", "FROM a\nENV A=x\n" + doubling, "the values of variables grow too large"},
		{"doubling of what is not known", "FROM a\nARG X\nENV A=$X\n" + doubling, "the values of variables grow too large"},
		{"doubling before FROM", "ARG A=x\n" + strings.Repeat("ARG A=$A$A\n", 60) + "FROM a\n", "the values of variables grow too large"},
		{"doubling through stages", "FROM a AS b\nENV A=x\n" + doubling[:297] + "FROM c\nENV A=\nFROM b\n" + doubling[:297], "the values of variables grow too large"},
		{"one long value, often", "FROM a\nENV A=" + strings.Repeat("x", 60000) + "\nRUN " + strings.Repeat("$A", 30000) + "\n", "the values of variables grow too large"},
		{"port ranges", "FROM a\nEXPOSE" + strings.Repeat(" 1-65535", 101) + "\n", "more than 100 port ranges"},
		{"variables", "FROM a\nENV" + strings.Repeat(" A=b", 2001) + "\n", "more than 2000 variables"},
		{"a PATH that grows like any other", "FROM a\n" + strings.Repeat("ENV PATH=$PATH:/usr/local/x/bin\n", 100), ""},
	}
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			err := Convert(context.Background(), c.src)
			if c.want == "" && err != nil || c.want != "" && (err == nil || !strings.HasSuffix(err.Error(), c.want)) {
				t.Errorf("error %v, want %q", err, c.want)
			}
		})
	}
}

func TestStateValuesAreBounded(t *testing.T) {
	_, s := last(t, "FROM scratch\nENV A=x\n"+strings.Repeat("ENV A=$A$A\n", 60))
	v, _ := s.env.get("A")
	if v.Known || len(v.Value) > maxValue {
		t.Errorf("a value of %d bytes, known %v", len(v.Value), v.Known)
	}
}
