package verify

import (
	"encoding/json"
	"errors"
	"fmt"

	"github.com/bulwark-cli/bulwark/internal/proof"
)

// maxTarget bounds the name of a system, in bytes. It is the image's own word.
const maxTarget = 80

// scanReport is what is read of `trivy image --format json`. Source: pkg/types/report.go
// and pkg/fanal/types/artifact.go of aquasecurity/trivy, v0.74.0.
type scanReport struct {
	SchemaVersion int
	ArtifactType  string
	Metadata      struct {
		OS *struct{ Family, Name string }
	}
	Results []struct {
		Vulnerabilities []struct{ Severity string }
	}
}

// readReport counts a report. It is an error when the text is no report about an
// image, so that a failed scan cannot pass for one without findings.
func readReport(text []byte) (*proof.Scan, error) {
	var r scanReport
	if err := json.Unmarshal(text, &r); err != nil {
		return nil, err
	}
	switch {
	case r.SchemaVersion == 0:
		return nil, errors.New("it is no report")
	case r.SchemaVersion != 2:
		return nil, fmt.Errorf("its format is version %d, and only 2 is known", r.SchemaVersion)
	case r.ArtifactType != "container_image":
		return nil, fmt.Errorf("it is about %q, not about a container image", oneLine(r.ArtifactType))
	}
	scan := &proof.Scan{Target: "none", BySeverity: noFindings()}
	if os := r.Metadata.OS; os != nil && os.Family != "" && os.Family != "none" {
		if name := oneLine(os.Family + " " + os.Name); name != "" && len(name) <= maxTarget {
			scan.Target = name
		} else {
			scan.Target = "unknown"
		}
	}
	for _, result := range r.Results {
		for _, v := range result.Vulnerabilities {
			severity := v.Severity
			if _, known := scan.BySeverity[severity]; !known {
				severity = "UNKNOWN"
			}
			scan.BySeverity[severity]++
		}
	}
	return scan, nil
}

// noFindings has every severity, so that "none found" differs from "not counted".
func noFindings() map[string]int {
	return map[string]int{"CRITICAL": 0, "HIGH": 0, "MEDIUM": 0, "LOW": 0, "UNKNOWN": 0}
}
