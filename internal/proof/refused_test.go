package proof

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

func TestRefused(t *testing.T) {
	tests := []struct {
		name          string
		before, after string // standard error
		want          []string
	}{
		{"nothing", "up\n", "up\n", nil},
		{"Go", "up\n", "up\nopen /var/log/app.log: permission denied\n", []string{"worse refusals in its output: none > open /var/log/app.log: permission denied"}},
		{"Node", "", "\x1b[31mError: EACCES: permission denied, mkdir '/app/logs'\x1b[0m\n", []string{"worse refusals in its output: none > Error: EACCES: permission denied, mkdir '/app/logs'"}},
		{"Python", "", "PermissionError: [Errno 13] Permission denied: 'x'\n", []string{"worse refusals in its output: none > PermissionError: [Errno 13] Permission denied: 'x'"}},
		{"Java", "", "java.nio.file.AccessDeniedException: /x\n", []string{"worse refusals in its output: none > java.nio.file.AccessDeniedException: /x"}},
		{"a read-only folder", "", "cp: cannot create 'x': Read-only file system\n", []string{"worse refusals in its output: none > cp: cannot create 'x': Read-only file system"}},
		{"no privilege", "", "chown: x: Operation not permitted\n", []string{"worse refusals in its output: none > chown: x: Operation not permitted"}},
		{"several, one of them twice", "", "10:01 a: EPERM\n10:02 a: EPERM\nb: EPERM\nc: EPERM\n", []string{"worse refusals in its output: none > 10:01 a: EPERM (and 2 other lines)"}},
		{"the original says it too", "10:01 [12] open /x: permission denied\n", "11:22 [7] open /x: permission denied\n", nil},
		{"the original says another", "open /x: permission denied\n", "open /x: permission denied\nopen /y: permission denied\n", []string{"worse refusals in its output: none > open /y: permission denied"}},
		{"the original alone", "open /x: permission denied\n", "", nil},
		{"a pid file at the end", "", "[alert] 15#15: unlink() \"/var/run/nginx.pid\" failed (13: Permission denied)\n", nil},
		{"a pid file at the start", "", "open() \"/run/nginx.pid\" failed (13: Permission denied)\n", []string{"worse refusals in its output: none > open() \"/run/nginx.pid\" failed (13: Permission denied)"}},
		{"part of a word", "", "setting LEEPERMIT\n", nil},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			before, after := server(), server()
			before.Seen.Stderr, after.Seen.Stderr = tt.before, tt.after
			got := Compare(before, after, own)
			if diff := cmp.Diff(tt.want, found(got.Findings)); diff != "" {
				t.Errorf("(-want +got)\n%s", diff)
			}
			checkVerdict(t, got)
		})
	}
}

// What went wrong is not drowned by what is better.
func TestBetterWithDrawback(t *testing.T) {
	after := server()
	after.Seen.UIDs = []int{65532}
	after.Seen.Stdout = "open /cache: permission denied\n"
	got := Compare(server(), after, own)
	if want := "runs as 65532 instead of root; a drawback: refusals in its output: open /cache: permission denied"; got.Verdict != Better || got.Why != want {
		t.Errorf("%s: %s", got.Verdict, got.Why)
	}
	after.Inventory.Size = 3 * server().Inventory.Size
	got = Compare(server(), after, own)
	if !strings.HasSuffix(got.Why, "open /cache: permission denied (and 1 more)") {
		t.Errorf("%s: %s", got.Verdict, got.Why)
	}
}
