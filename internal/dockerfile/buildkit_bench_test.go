package dockerfile_test

import (
	"strings"
	"testing"

	"github.com/moby/buildkit/frontend/dockerfile/instructions"
	"github.com/moby/buildkit/frontend/dockerfile/parser"

	"github.com/bulwark-cli/bulwark/internal/bench"
	"github.com/bulwark-cli/bulwark/internal/dockerfile"
)

// BenchmarkBuildKit is what a builder does before it builds: BuildKit's parse of
// every case of testdata. internal/bench has the whole engine on the same files.
func BenchmarkBuildKit(b *testing.B) {
	overCases(b, func(src string) error {
		tree, err := parser.Parse(strings.NewReader(src))
		if err != nil {
			return err
		}
		_, _, err = instructions.Parse(tree.AST, nil)
		return err
	})
}

// BenchmarkParseCases is our lossless parse of the same files, which includes
// BuildKit's.
func BenchmarkParseCases(b *testing.B) {
	overCases(b, func(src string) error {
		_, err := dockerfile.Parse("Dockerfile", src)
		return err
	})
}

func overCases(b *testing.B, parse func(src string) error) {
	cases, err := bench.Cases("../../testdata/cases")
	if err != nil {
		b.Fatal(err)
	}
	b.SetBytes(bench.Bytes(cases))
	for b.Loop() {
		for _, c := range cases {
			if err := parse(c.Src); err != nil {
				b.Fatalf("%s: %v", c.Name, err)
			}
		}
	}
	b.ReportMetric(float64(b.N*len(cases))/b.Elapsed().Seconds(), "files/s")
}
