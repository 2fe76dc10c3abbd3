// Package proof compares what an image was with what its rewrite made of it, and
// judges: better, same, broken or inconclusive. It works on values alone; package
// verify builds and runs to get them.
package proof

import (
	"time"

	image "github.com/moby/docker-image-spec/specs-go/v1"

	"github.com/bulwark-cli/bulwark/internal/verify/wire"
)

// Side is one of the two images, as built and as run.
type Side struct {
	Failed    string        // why there is no image: the build's error; "" where there is one
	Outside   bool          // Failed is no fault of the Dockerfile: a time limit, a registry that cannot be asked
	Log       string        // the last lines of a failed build's log
	Took      time.Duration // to build
	Config    image.DockerOCIImageConfig
	Inventory *wire.Inventory
	Layers    int64          // bytes that the layers above the base image's take on the builder, each counted whole; 0: not known
	Packages  []wire.Package // of all package managers, sorted
	Unread    string         // why a package database could not be read; "" where all that there are were
	Seen      *wire.Seen     // nil where nothing was run
	NotRun    string         // why Seen is nil
	Scan      *Scan          // nil where no scan was asked for
}

// Scan counts the known vulnerabilities of an image.
type Scan struct {
	Problem    string         `json:",omitempty"` // why there are no counts: no scanner, no database ...
	Target     string         `json:",omitempty"` // what was read: "debian 12.5", "none"
	BySeverity map[string]int `json:",omitempty"` // "CRITICAL", "HIGH", "MEDIUM", "LOW", "UNKNOWN"
}

// Expect is what the user and the rewrite say beforehand.
type Expect struct {
	Exit    *int     // the status that the program ends with when all is well; nil: 0, or it stays alive
	Dropped []string // names of environment variables that the rewrite leaves behind on purpose
	Own     []string // names of environment variables that the Dockerfile's author set in the shipped stage

	// What else the author set in the shipped stage, in the same spirit: losing it
	// breaks, while what came with the base image may change with it.
	OwnLabels  []string // names of labels
	OwnPorts   []string // as the image has them: "8080/tcp"
	OwnVolumes []string // paths
	// Inherited names the single-valued instructions that the original has from its
	// base image: "HEALTHCHECK", "STOPSIGNAL". One not named here counts as the author's.
	Inherited []string
}

// Verdict is the judgement of a rewrite.
type Verdict string

const (
	Better       Verdict = "better"
	Same         Verdict = "same"
	Broken       Verdict = "broken"       // something that worked does not
	Inconclusive Verdict = "inconclusive" // the original does not build or start, so that there is nothing to compare with
)

// Effect is what a difference means. The worst and the best decide the verdict.
type Effect string

const (
	Improves Effect = "better"
	Neutral  Effect = "differs" // told, judged by the reader
	Worsens  Effect = "worse"   // a drawback that breaks nothing: told, and no reason to call it broken
	Breaks   Effect = "broken"
)

// Finding is one difference.
type Finding struct {
	Aspect string // what differs: "size", "user", "port 8080", "GET / on 8080", "ENV LANG", "shell"
	Before string // as shown; "" where there was none
	After  string
	Delta  *int64 `json:",omitempty"` // after minus before, signed; bytes for sizes, a count for others
	Bytes  bool   `json:",omitempty"` // Delta is in bytes
	Effect Effect
	Why    string `json:",omitempty"` // a sentence, where the values do not say it themselves
}

// Proof is the comparison of one pair.
type Proof struct {
	Verdict  Verdict
	Why      string    // one sentence: what decided
	Hint     string    // what the user could try where the verdict is inconclusive; "" for nothing
	Findings []Finding // broken first, then worse, better and neutral; in a fixed order of aspects
	Assured  []string  // what was seen to be the same: "GET / on 8080: 200 text/html", "ends with 0" ...
	Before   *Side
	After    *Side // nil where the original is inconclusive
}
