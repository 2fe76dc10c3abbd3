package proof

import (
	"slices"
	"testing"

	"github.com/bulwark-cli/bulwark/internal/verify/wire"
)

// Where a database could not be read, fewer packages are no improvement.
func TestUnreadDatabase(t *testing.T) {
	packages := []wire.Package{{Manager: "rpm", Name: "bash", Version: "1"}}
	for _, tt := range []struct {
		name          string
		before, after *Side
		want          *Finding
	}{
		{"both read", &Side{Packages: packages}, &Side{Packages: packages}, nil},
		{"after", &Side{Packages: packages}, &Side{Unread: "reading rpmdb: broken"}, &Finding{Before: "read", After: "not read", Why: "reading rpmdb: broken"}},
		{"before", &Side{Unread: "reading rpmdb: broken"}, &Side{Packages: packages}, &Finding{Before: "not read", After: "read", Why: "reading rpmdb: broken"}},
		{"both, for one reason", &Side{Unread: "broken"}, &Side{Unread: "broken"}, &Finding{Before: "not read", After: "not read", Why: "broken"}},
	} {
		found := Compare(tt.before, tt.after, Expect{}).Findings
		at := slices.IndexFunc(found, func(f Finding) bool { return f.Aspect == "package database" })
		if (at >= 0) != (tt.want != nil) {
			t.Errorf("%s: findings %+v", tt.name, found)
			continue
		}
		if at < 0 {
			continue
		}
		if f := found[at]; f.Before != tt.want.Before || f.After != tt.want.After || f.Why != tt.want.Why || f.Effect != Neutral {
			t.Errorf("%s: %+v", tt.name, f)
		}
		if slices.ContainsFunc(found, func(f Finding) bool { return f.Aspect == aspectPackages }) {
			t.Errorf("%s: packages are compared: %+v", tt.name, found)
		}
	}
}
