package templates

import (
	_ "embed"
	"strings"
	"sync"
)

//go:embed data/undescribed.tsv
var undescribedText string

// Undescribed gives the reason, one sentence without a full stop, why an image
// that is known by name is not described: nothing of its configuration is
// recorded, and Lookup does not answer for it. ok is false for images that
// Lookup describes and for those that nobody looked at. Images for Windows are
// among the undescribed.
func Undescribed(ref string) (why string, ok bool) {
	r, err := ParseRef(ref)
	if err != nil {
		return "", false
	}
	if _, described := r.Image(); described {
		return "", false
	}
	name := r.factName()
	if splitTag(r.Tag).windows() || strings.HasPrefix(name, "mcr.microsoft.com/windows") {
		return "it is an image for Windows, whose Dockerfiles are left alone", true
	}
	reasons := undescribed()
	if why, ok := reasons[name]; ok {
		return why, true
	}
	for at := len(name); at > 0; at = strings.LastIndexByte(name[:at], '/') {
		if why, ok := reasons[name[:at]+"/*"]; ok {
			return why, true
		}
	}
	return "", false
}

// undescribed is the parsed table: a name, or the start of names with "/*", and
// the reason.
var undescribed = sync.OnceValue(func() map[string]string {
	all := map[string]string{}
	for _, row := range rows(undescribedText) {
		all[row[0]] = row[1]
	}
	return all
})
