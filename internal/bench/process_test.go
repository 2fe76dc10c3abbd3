package bench_test

import (
	"os/exec"
	"path/filepath"
	"slices"
	"testing"
	"time"
)

// BenchmarkProcess is one file as a whole process: start, read, rewrite, print.
func BenchmarkProcess(b *testing.B) {
	program := filepath.Join(b.TempDir(), "bulwark")
	if out, err := exec.Command("go", "build", "-o", program, "../../cmd/bulwark").CombinedOutput(); err != nil {
		b.Fatalf("building bulwark: %v\n%s", err, out)
	}
	for _, command := range []string{"diff", "version"} {
		b.Run(command, func(b *testing.B) { benchmarkProcess(b, program, command) })
	}
}

// benchmarkProcess runs one command over and over. `version` reads no file: what
// it takes is the start of the process alone.
func benchmarkProcess(b *testing.B, program, command string) {
	args := []string{command}
	if command != "version" {
		args = append(args, "../../testdata/sample/Dockerfile")
	}
	var took []time.Duration
	for b.Loop() {
		start := time.Now()
		if out, err := exec.Command(program, args...).CombinedOutput(); err != nil {
			b.Fatalf("bulwark %v: %v\n%s", args, err, out)
		}
		took = append(took, time.Since(start))
	}
	slices.Sort(took)
	b.ReportMetric(milliseconds(took[0]), "ms-least")
	b.ReportMetric(milliseconds(took[len(took)/2]), "ms-median")
	b.ReportMetric(milliseconds(took[len(took)*95/100]), "ms-95%")
}

func milliseconds(d time.Duration) float64 { return float64(d.Microseconds()) / 1000 }
