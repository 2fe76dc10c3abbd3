package bench_test

import (
	"context"
	"testing"

	"github.com/bulwark-cli/bulwark/internal/bench"
	"github.com/bulwark-cli/bulwark/transform"
)

// BenchmarkEngine is the whole engine on every case of testdata, context
// included. internal/dockerfile has BuildKit's parse of the same files.
func BenchmarkEngine(b *testing.B) {
	cases, err := bench.Cases("../../testdata/cases")
	if err != nil {
		b.Fatal(err)
	}
	b.SetBytes(bench.Bytes(cases))
	for b.Loop() {
		for _, c := range cases {
			_, err := transform.Run(context.Background(), c.Name, c.Src, c.Build, transform.Options{Dockerfile: "Dockerfile"})
			if err != nil {
				b.Fatalf("%s: %v", c.Name, err)
			}
		}
	}
	b.ReportMetric(float64(b.N*len(cases))/b.Elapsed().Seconds(), "files/s")
}
