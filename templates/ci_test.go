package templates

import (
	"io"
	"maps"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/rhysd/actionlint"
	"go.yaml.in/yaml/v3"
)

const ownSources = "bulwark-cli/bulwark@main"

// ciCases are workflows of all kinds of options.
func ciCases() map[string]CI {
	one := []CIFile{{Path: "Dockerfile"}}
	return map[string]CI{
		"plain":   {Files: one, Bulwark: ownSources},
		"options": {Files: one, Bulwark: "me/fork@" + strings.Repeat("a1", 20), Image: "team/app:ci", Severities: []string{"CRITICAL", "LOW"}, IgnoreUnfixed: true, Branch: "release/1.x"},
		"many":    {Files: []CIFile{{"api/Dockerfile", "api"}, {"web/Dockerfile.prod", "."}, {"API/Dockerfile", "API"}}, Bulwark: ownSources, Image: "localhost:5000/team/app"},
		"hostile": {Files: []CIFile{
			{`it's "quoted"/; rm -rf ~ #/Dockerfile`, "`id`"}, {"-f/Dockerfile", "-f"}, {`a\nb/Dockerfile`, "{{.Path}}"},
			{" - x: [&a *a !!b]/Dockerfile ", "EOF\\"}, {"END", "!x"}, {"größe/Dockerfile", "größe"}, {"}} || true/Dockerfile", "null"},
		}, Bulwark: ownSources},
	}
}

func TestGitHubIsClean(t *testing.T) {
	for name, c := range ciCases() {
		t.Run(name, func(t *testing.T) {
			text, err := GitHub(c)
			if err != nil {
				t.Fatal(err)
			}
			linter, err := actionlint.NewLinter(io.Discard, &actionlint.LinterOptions{})
			if err != nil {
				t.Fatal(err)
			}
			findings, err := linter.Lint(".github/workflows/test.yml", []byte(text), nil)
			if err != nil {
				t.Fatal(err)
			}
			for _, f := range findings {
				t.Errorf("%d:%d: %s", f.Line, f.Column, f.Message)
			}
			checkNoStolen(t, text)
		})
	}
}

// The linter is there: it finds what is wrong.
func TestLinterFinds(t *testing.T) {
	text, err := GitHub(ciCases()["plain"])
	if err != nil {
		t.Fatal(err)
	}
	linter, err := actionlint.NewLinter(io.Discard, &actionlint.LinterOptions{})
	if err != nil {
		t.Fatal(err)
	}
	findings, err := linter.Lint("test.yml", []byte(strings.Replace(text, "matrix.image }}", "matrix.imag }}", 1)), nil)
	if err != nil || len(findings) == 0 {
		t.Errorf("findings %v, error %v", findings, err)
	}
}

// checkNoStolen looks for the versions of CVE-2026-33634.
func checkNoStolen(t *testing.T, text string) {
	t.Helper()
	for line := range strings.Lines(text) {
		if !strings.HasPrefix(line, "#") && regexp.MustCompile(`0\.69\.[456]\b`).MatchString(line) {
			t.Errorf("a stolen version of Trivy: %s", line)
		}
	}
}

func TestActionsArePinned(t *testing.T) {
	pinned := regexp.MustCompile(`^ +uses: ([a-z-]+(?:/[a-z-]+)+)@([0-9a-f]{40}) # (v[0-9]+\.[0-9]+\.[0-9]+)\n$`)
	for name, c := range ciCases() {
		text, err := GitHub(c)
		if err != nil {
			t.Fatal(err)
		}
		count := 0
		for line := range strings.Lines(text) {
			if !strings.HasPrefix(strings.TrimLeft(line, " -"), "uses:") {
				continue
			}
			count++
			m := pinned.FindStringSubmatch(line)
			if m == nil {
				t.Errorf("%s: not pinned: %s", name, line)
			} else if row := pinTable()[m[1]]; !slices.Equal(row, []string{m[1], m[3], m[2]}) {
				t.Errorf("%s: %s is recorded as %q", name, m[0], row)
			}
		}
		if count != strings.Count(text, "uses:") || count < 6 {
			t.Errorf("%s: %d actions", name, count)
		}
	}
}

// workflow is what the tests read of a workflow of GitHub.
type workflow struct {
	Permissions map[string]string
	Jobs        map[string]struct {
		Permissions map[string]string
		Strategy    struct {
			Matrix struct {
				Include []struct{ Dockerfile, Context, Image, ID string }
			}
		}
		Steps []struct {
			Run  string
			Env  map[string]string
			With map[string]string
		}
	}
}

func readWorkflow(t *testing.T, c CI) workflow {
	t.Helper()
	text, err := GitHub(c)
	if err != nil {
		t.Fatal(err)
	}
	var w workflow
	if err := yaml.Unmarshal([]byte(text), &w); err != nil {
		t.Fatal(err)
	}
	return w
}

func TestPermissionsAreLeast(t *testing.T) {
	for name, c := range ciCases() {
		w := readWorkflow(t, c)
		if w.Permissions == nil || len(w.Permissions) != 0 {
			t.Errorf("%s: permissions of the workflow: %v", name, w.Permissions)
		}
		for job, j := range w.Jobs {
			allowed := map[string]string{"contents": "read"}
			if job == "image" {
				allowed = map[string]string{"contents": "read", "actions": "read", "security-events": "write"}
			}
			for scope, level := range j.Permissions {
				if allowed[scope] != level {
					t.Errorf("%s: job %s may %s %s", name, job, level, scope)
				}
			}
			if len(j.Permissions) != len(allowed) {
				t.Errorf("%s: job %s: permissions %v", name, job, j.Permissions)
			}
			for _, s := range j.Steps {
				if strings.Contains(s.Run, "${{") {
					t.Errorf("%s: an expression in a script: %s", name, s.Run)
				}
			}
		}
		if text, _ := GitHub(c); strings.Contains(text, "secrets.") || strings.Contains(text, "pull_request_target") {
			t.Errorf("%s: secrets can be reached", name)
		}
	}
}

// Hostile names arrive as they are, as data.
func TestPathsArrive(t *testing.T) {
	for name, c := range ciCases() {
		w := readWorkflow(t, c)
		var want, got []string
		for _, f := range c.Files {
			want = append(want, ciPath(f.Path)+" in "+ciPath(f.Context))
		}
		ids := map[string]bool{}
		for _, m := range w.Jobs["image"].Strategy.Matrix.Include {
			got = append(got, m.Dockerfile+" in "+m.Context)
			ids[m.ID] = true
			if _, err := ParseRef(m.Image); err != nil {
				t.Errorf("%s: image %q: %v", name, m.Image, err)
			}
		}
		if !slices.Equal(want, got) {
			t.Errorf("%s: images of %q, want %q", name, got, want)
		}
		if len(ids) != len(want) {
			t.Errorf("%s: ids %v", name, ids)
		}
		steps := w.Jobs["check"].Steps
		var paths []string
		for _, f := range c.Files {
			paths = append(paths, ciPath(f.Path))
		}
		if got := strings.Split(steps[len(steps)-1].Env["DOCKERFILES"], "\n"); !slices.Equal(got, paths) {
			t.Errorf("%s: checked are %q, want %q", name, got, paths)
		}
	}
}

// gitlabJob are the keywords that the file uses, of those that GitLab has.
type gitlabJob struct {
	Extends, Stage, Timeout string
	Image                   yaml.Node
	Services                []struct{ Name, Alias string }
	Interruptible           bool
	Needs                   []string
	Variables               map[string]string
	Script                  []string
	Artifacts               struct {
		Paths    []string
		ExpireIn string `yaml:"expire_in"`
		When     string
		Reports  map[string]string
	}
}

func readGitLab(t *testing.T, c CI) (stages []string, jobs map[string]gitlabJob, text string) {
	t.Helper()
	text, err := GitLab(c)
	if err != nil {
		t.Fatal(err)
	}
	var doc map[string]yaml.Node
	if err := yaml.Unmarshal([]byte(text), &doc); err != nil {
		t.Fatal(err)
	}
	jobs = map[string]gitlabJob{}
	for name, node := range doc {
		raw, err := yaml.Marshal(&node)
		if err != nil {
			t.Fatal(err)
		}
		d := yaml.NewDecoder(strings.NewReader(string(raw)))
		d.KnownFields(true)
		switch name {
		case "stages":
			err = d.Decode(&stages)
		case "workflow":
			var w struct{ Rules []struct{ If string } }
			if err = d.Decode(&w); err == nil && len(w.Rules) != 3 {
				t.Errorf("rules %v", w.Rules)
			}
		default:
			var j gitlabJob
			err = d.Decode(&j)
			jobs[name] = j
		}
		if err != nil {
			t.Errorf("%s: %v", name, err)
		}
	}
	return stages, jobs, text
}

func TestGitLabIsSound(t *testing.T) {
	for name, c := range ciCases() {
		stages, jobs, text := readGitLab(t, c)
		checkNoStolen(t, text)
		if want := 3 + 2*len(c.Files); len(jobs) != want {
			t.Errorf("%s: %d jobs, want %d", name, len(jobs), want)
		}
		for job, j := range jobs {
			base := jobs[j.Extends]
			if stage := j.Stage + base.Stage; !slices.Contains(stages, stage) {
				t.Errorf("%s: job %s is of the stage %q", name, job, stage)
			}
			if len(j.Script)+len(base.Script) == 0 {
				t.Errorf("%s: job %s has no script", name, job)
			}
			for _, need := range j.Needs {
				if _, ok := jobs[need]; !ok || need[0] == '.' {
					t.Errorf("%s: job %s needs %s", name, job, need)
				}
			}
			if j.Extends == ".scan" && (len(j.Needs) != 1 || jobs[j.Needs[0]].Variables["ARCHIVE"] != j.Variables["ARCHIVE"]) {
				t.Errorf("%s: job %s does not scan what is built", name, job)
			}
		}
		if got := jobs[".scan"].Artifacts; got.When != "always" || got.Reports["container_scanning"] == "" {
			t.Errorf("%s: artifacts %+v", name, got)
		}
		if strings.Contains(text, ":latest") || regexp.MustCompile(`(?m)(image|name): [^\n:]*$`).MatchString(text) {
			t.Errorf("%s: an image without a version", name)
		}
		for _, f := range c.Files {
			used := slices.ContainsFunc(slices.Collect(maps.Values(jobs)), func(j gitlabJob) bool {
				return j.Variables["DOCKERFILE"] == ciPath(f.Path) && j.Variables["CONTEXT"] == ciPath(f.Context)
			})
			if !used {
				t.Errorf("%s: %q is not built", name, f.Path)
			}
		}
	}
}

func TestGitLabOptions(t *testing.T) {
	_, jobs, text := readGitLab(t, ciCases()["options"])
	if got := jobs["check-dockerfiles"].Variables["BULWARK_REPOSITORY"]; got != "https://github.com/me/fork.git" {
		t.Errorf("repository %s", got)
	}
	for _, want := range []string{`== \"release/1.x\"`, "--severity LOW,CRITICAL --exit-code 1", `TRIVY_IGNORE_UNFIXED: "true"`, `IMAGE: "team/app:ci"`} {
		if !strings.Contains(text, want) {
			t.Errorf("no %s in\n%s", want, text)
		}
	}
	if strings.Contains(text, "is not a\n") {
		t.Error("a commit is said to be none")
	}
}

func TestCIRefuses(t *testing.T) {
	plain := func(change func(*CI)) CI {
		c := CI{Files: []CIFile{{Path: "Dockerfile"}}, Bulwark: ownSources}
		change(&c)
		return c
	}
	file := func(p, context string) CI { return plain(func(c *CI) { c.Files = []CIFile{{p, context}} }) }
	for want, c := range map[string]CI{
		"no Dockerfile":              plain(func(c *CI) { c.Files = nil }),
		"more than the 200":          plain(func(c *CI) { c.Files = make([]CIFile, 201) }),
		"has no path":                file("", ""),
		`"../Dockerfile" lies`:       file("../Dockerfile", ""),
		`"/etc/Dockerfile" lies`:     file("/etc/Dockerfile", ""),
		`"a/../.." lies`:             file("a/Dockerfile", "a/../.."),
		`"a\nb" holds what does`:     file("a\nb", ""),
		`"a\u2028b" holds`:           file("a\u2028b", ""),
		`"a\u202eb" holds`:           file("Dockerfile", "a\u202eb"),
		`"a\xffb" holds`:             file("a\xffb", ""),
		"${{ github.token }}/D":      file("${{ github.token }}/Dockerfile", ""),
		"$CI_JOB_TOKEN":              file("$CI_JOB_TOKEN", ""),
		"%PATH%":                     file("%PATH%", ""),
		"longer than 1024":           file(strings.Repeat("x", 1025), ""),
		"name of a branch":           plain(func(c *CI) { c.Branch = `main" || "` }),
		"no severity is called":      plain(func(c *CI) { c.Severities = []string{"BAD"} }),
		"is REPOSITORY@REF":          plain(func(c *CI) { c.Bulwark = "a/b" }),
		`not "a/b@--upload-pack=x"`:  plain(func(c *CI) { c.Bulwark = "a/b@--upload-pack=x" }),
		`not "https://u:p@h.test/x"`: plain(func(c *CI) { c.Bulwark = "https://u:p@h.test/x@main" }),
		`not "ext::sh -c id"`:        plain(func(c *CI) { c.Bulwark = "ext::sh -c id@main" }),
		"parsing reference":          plain(func(c *CI) { c.Image = "--privileged" }),
		"has a digest":               plain(func(c *CI) { c.Image = "a@sha256:" + strings.Repeat("0", 64) }),
		"has a tag":                  plain(func(c *CI) { c.Image = "a:b"; c.Files = append(c.Files, CIFile{Path: "b"}) }),
	} {
		for _, render := range []func(CI) (string, error){GitHub, GitLab} {
			if text, err := render(c); err == nil || !strings.Contains(err.Error(), want) || text != "" {
				t.Errorf("error %v, want %s", err, want)
			}
		}
	}
	url := plain(func(c *CI) { c.Bulwark = "https://git.example.test/team/bulwark.git@v1" })
	if _, err := GitHub(url); err == nil {
		t.Error("GitHub checks out from elsewhere")
	}
	if _, err := GitLab(url); err != nil {
		t.Error(err)
	}
}

func TestPins(t *testing.T) {
	for name, row := range pinTable() {
		switch len(row) {
		case 2:
			if strings.Contains(name, "/") || row[1] == "" {
				t.Errorf("%s has no commit", name)
			}
		case 3:
			if !commit.MatchString(row[2]) || !strings.HasPrefix(row[1], "v") {
				t.Errorf("%s: %q", name, row)
			}
		default:
			t.Errorf("%s: %q", name, row)
		}
	}
	if trivy, image := pinTable()["trivy"][1], pinTable()["trivy-image"][1]; !strings.HasSuffix(image, ":"+trivy) {
		t.Errorf("Trivy %s and its image %s differ", trivy, image)
	}
}

func FuzzCI(f *testing.F) {
	for _, c := range ciCases() {
		for _, file := range c.Files {
			f.Add(file.Path, file.Context)
		}
	}
	f.Fuzz(func(t *testing.T, p, context string) {
		c := CI{Files: []CIFile{{p, context}}, Bulwark: ownSources}
		if _, err := GitHub(c); err != nil {
			return
		}
		m := readWorkflow(t, c).Jobs["image"].Strategy.Matrix.Include
		if len(m) != 1 || m[0].Dockerfile != ciPath(p) || m[0].Context != ciPath(context) {
			t.Errorf("%q in %q became %q", p, context, m)
		}
		_, jobs, _ := readGitLab(t, c)
		if got := jobs["build-"+m[0].ID].Variables; got["DOCKERFILE"] != ciPath(p) || got["CONTEXT"] != ciPath(context) {
			t.Errorf("%q in %q became %q", p, context, got)
		}
	})
}
