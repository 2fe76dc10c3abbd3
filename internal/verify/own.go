package verify

import (
	"reflect"
	"slices"
	"strings"

	"github.com/bulwark-cli/bulwark/internal/dockerfile"
	"github.com/bulwark-cli/bulwark/internal/proof"
)

// own are the parts of the configuration that the Dockerfile's author set: those
// that the base image does not have, or has otherwise. Where the builder does not
// tell the base image, as on scratch and before BuildKit 0.11, the text says it;
// target is the stage that is built, "" the last.
func (i *image) own(text, target string) proof.Expect {
	if !i.based {
		return written(text, target)
	}
	was, is := i.base.Config, i.config.Config
	e := proof.Expect{
		Own:        added(environment(was.Env), environment(is.Env)),
		OwnLabels:  added(was.Labels, is.Labels),
		OwnPorts:   added(was.ExposedPorts, is.ExposedPorts),
		OwnVolumes: added(was.Volumes, is.Volumes),
	}
	if reflect.DeepEqual(was.Healthcheck, is.Healthcheck) {
		e.Inherited = append(e.Inherited, "HEALTHCHECK")
	}
	if was.StopSignal == is.StopSignal {
		e.Inherited = append(e.Inherited, "STOPSIGNAL")
	}
	return e
}

// written is what the instructions of the stage and of those that it stands on set.
// A range of ports is none of them.
func written(text, target string) (e proof.Expect) {
	file, err := dockerfile.Parse(dockerfileName, text)
	if err != nil || len(file.Stages) == 0 {
		return e // BuildKit took it, and said nothing of its base
	}
	stage := file.StageNamed(target, len(file.Stages))
	if stage == nil {
		stage = file.Stages[len(file.Stages)-1]
	}
	s := file.StateAt(stage, nil, nil)
	for _, v := range s.Env {
		e.Own = append(e.Own, v.Name)
	}
	for _, v := range s.Labels {
		e.OwnLabels = append(e.OwnLabels, v.Name)
	}
	for _, port := range s.Exposed {
		if !strings.Contains(port.Value, "/") {
			port.Value += "/tcp"
		}
		e.OwnPorts = append(e.OwnPorts, port.Value)
	}
	for _, v := range s.Volumes {
		e.OwnVolumes = append(e.OwnVolumes, v.Value)
	}
	if s.Health == nil {
		e.Inherited = append(e.Inherited, "HEALTHCHECK")
	}
	if s.StopSignal == nil {
		e.Inherited = append(e.Inherited, "STOPSIGNAL")
	}
	for _, list := range [][]string{e.Own, e.OwnLabels, e.OwnPorts, e.OwnVolumes} {
		slices.Sort(list)
	}
	return e
}

// added lists the keys that are new or have another value, sorted.
func added[V comparable](was, is map[string]V) []string {
	var out []string
	for name, value := range is {
		if old, ok := was[name]; !ok || old != value {
			out = append(out, name)
		}
	}
	slices.Sort(out)
	return out
}

func environment(list []string) map[string]string {
	out := map[string]string{}
	for _, pair := range list {
		name, value, _ := strings.Cut(pair, "=")
		out[name] = value
	}
	return out
}
