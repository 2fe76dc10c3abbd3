//go:build unix

package templates

import (
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"
)

// runScript runs a step's script with a program that notes what it was given, and
// returns that.
func runScript(t *testing.T, shell, script string, env map[string]string) []string {
	t.Helper()
	if _, err := exec.LookPath(shell); err != nil {
		t.Skip(err)
	}
	dir := t.TempDir()
	for _, name := range []string{"bulwark", "docker"} {
		text := "#!/bin/sh\nprintf '%s\\0' \"$@\" >'" + dir + "/noted'\n"
		if err := os.WriteFile(filepath.Join(dir, name), []byte(text), 0o755); err != nil {
			t.Fatal(err)
		}
	}
	cmd := exec.CommandContext(t.Context(), shell, "-e", "-c", strings.ReplaceAll(script, "/tmp/bulwark ", dir+"/bulwark "))
	cmd.Dir = dir
	cmd.Env = []string{"PATH=" + dir + ":" + os.Getenv("PATH"), "RUNNER_TEMP=" + dir}
	for name, value := range env {
		cmd.Env = append(cmd.Env, name+"="+value)
	}
	if out, err := cmd.CombinedOutput(); err != nil || len(out) > 0 {
		t.Fatalf("%s: %v\n%s", script, err, out)
	}
	text, err := os.ReadFile(filepath.Join(dir, "noted"))
	if err != nil {
		t.Fatal(err)
	}
	return strings.Split(strings.TrimSuffix(string(text), "\x00"), "\x00")
}

func allPaths(c CI) []string {
	args := []string{"check", "--"}
	for _, f := range c.Files {
		args = append(args, ciPath(f.Path))
	}
	return args
}

func TestScriptsOfGitHub(t *testing.T) {
	for _, c := range ciCases() {
		w := readWorkflow(t, c)
		steps := w.Jobs["check"].Steps
		check := steps[len(steps)-1]
		if got, want := runScript(t, "bash", check.Run, check.Env), allPaths(c); !slices.Equal(got, want) {
			t.Errorf("bulwark was run with %q, want %q", got, want)
		}
		for _, m := range w.Jobs["image"].Strategy.Matrix.Include {
			env := map[string]string{"DOCKERFILE": m.Dockerfile, "CONTEXT": m.Context, "IMAGE": m.Image}
			got := runScript(t, "bash", w.Jobs["image"].Steps[1].Run, env)
			if want := []string{"build", "--pull", "--file", m.Dockerfile, "--tag", m.Image, m.Context}; !slices.Equal(got, want) {
				t.Errorf("docker was run with %q, want %q", got, want)
			}
		}
	}
}

func TestScriptsOfGitLab(t *testing.T) {
	for _, c := range ciCases() {
		_, jobs, _ := readGitLab(t, c)
		check := jobs["check-dockerfiles"]
		got := runScript(t, "sh", check.Script[len(check.Script)-1], check.Variables)
		if want := allPaths(c); !slices.Equal(got, want) {
			t.Errorf("bulwark was run with %q, want %q", got, want)
		}
		for _, j := range jobs {
			if j.Extends != ".build" {
				continue
			}
			v := j.Variables
			got := runScript(t, "sh", jobs[".build"].Script[0], v)
			if want := []string{"build", "--pull", "--file", v["DOCKERFILE"], "--tag", v["IMAGE"], v["CONTEXT"]}; !slices.Equal(got, want) {
				t.Errorf("docker was run with %q, want %q", got, want)
			}
		}
	}
}
