package diff

import (
	"math/rand/v2"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"testing"
)

// tools are the programs that have to take every diff.
var tools = []struct {
	name string
	args func(context int) []string
}{
	{"git", func(context int) []string {
		args := []string{"apply", "-p1"}
		if context == 0 {
			args = append(args, "--unidiff-zero")
		}
		return args
	}},
	{"patch", func(int) []string { return []string{"-p1", "--quiet", "--fuzz=0"} }},
}

func TestToolsTakeNames(t *testing.T) {
	names := []string{
		"Dockerfile", "docker/Dockerfile", "my app/Docker file", " lead", "trail ", "tab\there", `quo"te`, `back\slash`,
		"größe/Dockerfile.日本", "it's", "new\nline", "a/b/a/Dockerfile", "-dash", "a\tb c", "Dockerfile 2024-01-02 03:04:05",
		"dev/null", "#x", "b\x01c",
	}
	var files []File
	for _, name := range names {
		files = append(files, File{name, "FROM a\nCMD x\n", "FROM b\nCMD x\n"})
	}
	applyWithTools(t, files, 3)
}

func TestToolsTakeEdges(t *testing.T) {
	texts := []string{"", "a", "a\n", "a\r\n", "\n", "\r", "a\nb", "a\nb\n", "b\na\r\n", "\ufeffa\n", "\xff\xfe\n", "a\n\n\n", "-- a\n++ b\n", "\\ No newline at end of file\n"}
	for _, context := range []int{0, 1, 3} {
		var files []File
		for i, before := range texts {
			for j, after := range texts {
				files = append(files, File{"f" + strconv.Itoa(i) + "-" + strconv.Itoa(j), before, after})
			}
		}
		applyWithTools(t, files, context)
	}
}

func TestToolsTakeRandomEdits(t *testing.T) {
	rnd := rand.New(rand.NewPCG(7, 7))
	for _, context := range []int{0, 1, 2, 3, 10} {
		var files []File
		for i := range 200 {
			before := randomText(rnd, rnd.IntN(60))
			files = append(files, File{"f" + strconv.Itoa(i), before, randomEdits(rnd, before)})
		}
		applyWithTools(t, files, context)
	}
}

// randomText repeats few lines often, as Dockerfiles do with blank lines and braces.
func randomText(rnd *rand.Rand, lines int) string {
	var b strings.Builder
	for range lines {
		b.WriteString([]string{"", "RUN x", "  && y \\", "#", "FROM z", strconv.Itoa(rnd.IntN(99))}[rnd.IntN(6)])
		b.WriteString([]string{"\n", "\n", "\n", "\r\n"}[rnd.IntN(4)])
	}
	if rnd.IntN(3) == 0 {
		b.WriteString("CMD x")
	}
	return b.String()
}

func randomEdits(rnd *rand.Rand, text string) string {
	lines := splitLines(text)
	for range 1 + rnd.IntN(4) {
		at := rnd.IntN(len(lines) + 1)
		end := min(len(lines), at+rnd.IntN(4))
		lines = append(append(append([]string(nil), lines[:at]...), splitLines(randomText(rnd, rnd.IntN(4)))...), lines[end:]...)
	}
	return strings.Join(lines, "")
}

// applyWithTools has each tool on the machine apply the diff of all files.
func applyWithTools(t *testing.T, files []File, context int) {
	t.Helper()
	for _, tool := range tools {
		if _, err := exec.LookPath(tool.name); err != nil {
			t.Logf("%s is not on this machine", tool.name)
			continue
		}
		dir := t.TempDir()
		for _, f := range files {
			path := filepath.Join(dir, f.Name)
			must(t, os.MkdirAll(filepath.Dir(path), 0o755))
			must(t, os.WriteFile(path, []byte(f.Before), 0o644))
		}
		cmd := exec.Command(tool.name, tool.args(context)...)
		cmd.Dir = dir
		cmd.Env = append(os.Environ(), "GIT_CONFIG_GLOBAL=/dev/null", "GIT_CONFIG_SYSTEM=/dev/null", "GIT_CEILING_DIRECTORIES="+filepath.Dir(dir))
		cmd.Stdin = strings.NewReader(Unified(files, context))
		if out, err := cmd.CombinedOutput(); err != nil {
			t.Fatalf("%s, context %d: %v\n%.3000s", tool.name, context, err, out)
		}
		for _, f := range files {
			got, err := os.ReadFile(filepath.Join(dir, f.Name))
			must(t, err)
			if string(got) != f.After {
				t.Errorf("%s, context %d: %q gives %q, want %q", tool.name, context, f.Name, got, f.After)
			}
		}
	}
}

func must(t *testing.T, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}
