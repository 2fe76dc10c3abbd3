package templates

import (
	_ "embed"
	"strings"
	"sync"
)

//go:embed data/eol.tsv
var eolText string

// ends gives by "product:cycle" the day after which there are no fixes.
var ends = sync.OnceValue(func() map[string]string {
	all := map[string]string{}
	for _, row := range rows(eolText) {
		for cycle := range strings.FieldsSeq(row[1]) {
			name, end, _ := strings.Cut(cycle, "=")
			all[row[0]+":"+name] = end
		}
	}
	return all
})

// endOf gives the end of life of a version of an image's own product, by the
// longest part of the version that has one.
func endOf(family, version string) string {
	product := family
	if rest, ok := strings.CutPrefix(family, "mcr.microsoft.com/dotnet/"); ok && rest != "" {
		product = "dotnet"
	}
	for v := version; v != ""; {
		if end, ok := ends()[product+":"+v]; ok {
			return end
		}
		v = v[:max(strings.LastIndexAny(v, "._u-"), 0)]
	}
	return ""
}

// systemEnd gives the end of life of a release of a distribution.
func systemEnd(suite string) string {
	s, ok := SystemOf(suite)
	if !ok {
		return ""
	}
	if end, ok := ends()[s.Name+":"]; ok {
		return end
	}
	return ends()[s.Distro+":"+s.Version]
}
