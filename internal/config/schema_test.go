package config

import (
	"encoding/json"
	"regexp"
	"slices"
	"strings"
	"testing"
)

// named finds an object of the schema by the keys that lead to it.
func named(t *testing.T, path ...string) map[string]any {
	t.Helper()
	var at map[string]any
	if err := json.Unmarshal([]byte(Schema()), &at); err != nil {
		t.Fatal(err)
	}
	for _, key := range path {
		next, ok := at[key].(map[string]any)
		if !ok {
			t.Fatalf("the schema has no %s", strings.Join(path, "."))
		}
		at = next
	}
	return at
}

// The schema has the keys that are read, and no other: an unknown key is answered
// with those that there are.
func TestSchemaHasTheKeys(t *testing.T) {
	list := regexp.MustCompile(`there are ([a-z, ]+)$`)
	for _, c := range []struct {
		text string
		path []string
	}{
		{"nokey: 1\n", []string{"properties"}},
		{"chainguard: {nokey: 1}\n", []string{"properties", "chainguard", "properties"}},
		{"images: [{nokey: 1}]\n", []string{"properties", "images", "items", "properties"}},
		{"packages: {a: {nokey: 1}}\n", []string{"properties", "packages", "additionalProperties", "properties"}},
		{"uid: {nokey: 1}\n", []string{"properties", "uid", "properties"}},
		{"transforms: [{nokey: 1}]\n", []string{"properties", "transforms", "items", "properties"}},
		{"ignores: {nokey: 1}\n", []string{"properties", "ignores", "properties"}},
	} {
		_, err := Parse([]byte(c.text), "c.yaml", "/r")
		if err == nil {
			t.Fatalf("%q is taken", c.text)
		}
		m := list.FindStringSubmatch(err.Error())
		if m == nil {
			t.Fatalf("%q: %v", c.text, err)
		}
		var keys []string
		for key := range named(t, c.path...) {
			keys = append(keys, key)
		}
		slices.Sort(keys)
		if got := strings.Join(keys, ", "); got != m[1] {
			t.Errorf("%q: the schema has %s, the reader %s", c.text, got, m[1])
		}
	}
}

func TestKeysTellEveryOne(t *testing.T) {
	text, err := Keys()
	if err != nil {
		t.Fatal(err)
	}
	for _, key := range []string{"version", "families", "chainguard.organization", "mirrors", "images[].like", "packages.NAME.none", "uid.min", "transforms[].path", "ignores.pattern"} {
		if !strings.Contains(text, "| `"+key+"` | ") {
			t.Errorf("no row for %s in\n%s", key, text)
		}
	}
}
