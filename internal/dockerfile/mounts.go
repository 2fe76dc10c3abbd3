package dockerfile

import (
	"encoding/csv"
	"strings"
)

// Mount is one RUN --mount. The strings are as written, variables not expanded.
type Mount struct {
	Type    string // bind, cache, tmpfs, secret or ssh
	Target  string
	Source  string
	From    string // stage or image; "" for the build context
	ID      string
	Sharing string
	Flag    *Flag
}

// Mounts returns the mounts of a RUN in order; nil for any other instruction.
func (i *Instr) Mounts() []Mount {
	if i.Name != "run" {
		return nil
	}
	var out []Mount
	for n := range i.Flags {
		if i.Flags[n].Name == "mount" {
			out = append(out, parseMount(&i.Flags[n]))
		}
	}
	return out
}

func parseMount(fl *Flag) Mount {
	m := Mount{Type: "bind", Flag: fl}
	fields, err := csv.NewReader(strings.NewReader(fl.Value)).Read()
	if err != nil {
		fields = strings.Split(fl.Value, ",")
	}
	for _, field := range fields {
		key, value, _ := strings.Cut(field, "=")
		switch strings.ToLower(key) {
		case "type":
			m.Type = strings.ToLower(value)
		case "target", "dst", "destination":
			m.Target = value
		case "source", "src":
			m.Source = value
		case "from":
			m.From = value
		case "id":
			m.ID = value
		case "sharing":
			m.Sharing = value
		}
	}
	return m
}
