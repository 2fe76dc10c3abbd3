//go:build e2e

package e2e

import (
	"slices"
	"strings"
	"testing"

	"github.com/bulwark-cli/bulwark/internal/proof"
	"github.com/bulwark-cli/bulwark/internal/verify"
	"github.com/bulwark-cli/bulwark/internal/verify/wire"
)

// faultsDir has an application that reads a file and a variable, writes to a
// folder and listens on a port.
const faultsDir = "../../testdata/faults"

// faultless is a right rewrite of its Dockerfile, which the tests below spoil.
const faultless = `FROM python:3.11-slim
WORKDIR /srv
COPY serve.py greeting.txt ./
RUN mkdir notes && chown 10001:10001 notes
ENV GREETING_FOR=everybody PORT=8080
USER 10001:10001
EXPOSE 8080
CMD ["python3", "serve.py"]
`

// TestFaults makes the mistakes that a rewrite can make, and demands that each is
// caught; and that the right rewrite is not.
func TestFaults(t *testing.T) {
	builders := connect(t)
	original := read(t, faultsDir+"/Dockerfile")
	for _, test := range []struct {
		name, before string
		old, new     string // what is spoiled
		aspect       string // what the finding is about; "" for none
	}{
		{name: "none", before: original},
		{"missing file", original, "serve.py greeting.txt ./", "serve.py ./", "GET /"},
		{"missing program", original, "COPY serve.py greeting.txt ./", "COPY greeting.txt ./", "start"},
		{"unwritable directory", original, " && chown 10001:10001 notes", "", "/srv/notes"},
		{"lost environment", original, "GREETING_FOR=everybody ", "", "ENV GREETING_FOR"},
		{"wrong port", original, "PORT=8080", "PORT=8081", "port 8080"},
		{"wrong user: none of that name", original, "USER 10001:10001", "USER guest", "start"},
		{"wrong user: root again", faultless, "USER 10001:10001", "USER 0:0", "user"},
		{"does not build", original, "greeting.txt ./", "greetings.txt ./", "build"},
	} {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			after := strings.Replace(faultless, test.old, test.new, 1)
			if test.old != "" && after == faultless {
				t.Fatal("the mistake is not made")
			}
			o := verify.Options{Run: verify.RunOptions{Requests: []wire.Request{{Path: "/"}, {Method: "POST", Path: "/", Body: "I was here"}}}}
			p := verified(t, builders, o, verify.Job{Name: test.name, Before: test.before, After: after, Context: faultsDir})
			checkFault(t, p, test.aspect)
		})
	}
}

func checkFault(t *testing.T, p *proof.Proof, aspect string) {
	t.Helper()
	if aspect == "" {
		if p.Verdict != proof.Better {
			t.Errorf("%s, wanted better: %s", p.Verdict, p.Why)
		}
		return
	}
	if p.Verdict != proof.Broken {
		t.Errorf("%s, wanted broken: %s", p.Verdict, p.Why)
	}
	if !slices.ContainsFunc(p.Findings, func(f proof.Finding) bool {
		return f.Effect == proof.Breaks && strings.Contains(f.Aspect+" "+f.Why, aspect)
	}) {
		t.Errorf("no finding names %q: %+v", aspect, p.Findings)
	}
}
