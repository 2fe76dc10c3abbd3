package templates

import (
	"embed"
	"encoding/json"
	"errors"
	"fmt"
	"path"
	"regexp"
	"slices"
	"strings"
	"sync"
	"text/template"
	"unicode"
	"unicode/utf8"
)

//go:embed ci/*.tmpl
var ciTemplates embed.FS

//go:embed ci/pins.tsv
var pinsText string

const (
	// maxImages bounds the Dockerfiles of a workflow: GitHub takes 256 jobs of a
	// matrix, GitLab 500 jobs of a pipeline, of which each takes two.
	maxImages = 200
	maxCIPath = 1024 // bytes of a path
	maxID     = 60   // bytes of a job's name
)

// severities are those of Trivy, the least first.
var severities = []string{"UNKNOWN", "LOW", "MEDIUM", "HIGH", "CRITICAL"}

// CIFile is a Dockerfile that a workflow checks, builds and scans.
type CIFile struct {
	Path    string // slash separated, from the repository's root
	Context string // folder of the build context, likewise; "" for the root
}

// CI is what a workflow is made of.
type CI struct {
	Files         []CIFile
	Image         string   // name of the images that are built, "" for "scan"; they are not published
	Severities    []string // of Trivy, those that fail; none for HIGH and CRITICAL
	IgnoreUnfixed bool     // leave out vulnerabilities without a fix
	Branch        string   // whose pushes are looked at; "" for main, or GitLab's default branch
	// Bulwark is where its sources are: OWNER/NAME on GitHub, or for GitLab CI any
	// https URL, then "@" and a branch, tag or commit.
	Bulwark string
}

// CheckCIFile tells why no workflow can safely hold a Dockerfile, nil where one can.
func CheckCIFile(f CIFile) error {
	for _, p := range []string{f.Path, f.Context} {
		switch {
		case path.IsAbs(p) || strings.HasPrefix(path.Clean(p)+"/", "../"):
			return fmt.Errorf("%q lies outside the current folder, which has to be the repository's root", p)
		case len(p) > maxCIPath:
			return fmt.Errorf("its path is longer than %d bytes", maxCIPath)
		case !utf8.ValidString(p) || strings.ContainsFunc(p, func(r rune) bool { return !unicode.IsPrint(r) }):
			return fmt.Errorf("%q holds what does not print, which a workflow cannot safely hold", p)
		case strings.ContainsAny(p, "$%"):
			return fmt.Errorf("%q holds a $ or %%, which CI systems take for the start of a variable", p)
		}
	}
	if f.Path == "" {
		return errors.New("it has no path")
	}
	return nil
}

// GitHub returns a workflow of GitHub Actions. It is an error when a value cannot
// be part of one.
func GitHub(c CI) (string, error) {
	if c.Branch == "" {
		c.Branch = "main"
	}
	p, err := c.plan()
	if err != nil {
		return "", err
	}
	if !ownerName.MatchString(p.Repository) {
		return "", fmt.Errorf("bulwark's repository is OWNER/NAME on GitHub, not %q", p.Repository)
	}
	return fillCI("github.yml.tmpl", p)
}

// GitLab returns a .gitlab-ci.yml. It is an error when a value cannot be part of
// one.
func GitLab(c CI) (string, error) {
	p, err := c.plan()
	if err != nil {
		return "", err
	}
	switch {
	case ownerName.MatchString(p.Repository):
		p.Repository = "https://github.com/" + p.Repository + ".git"
	case !gitURL.MatchString(p.Repository):
		return "", fmt.Errorf("bulwark's repository is OWNER/NAME on GitHub or an https URL, not %q", p.Repository)
	}
	p.OnBranch = "$CI_COMMIT_BRANCH == $CI_DEFAULT_BRANCH"
	if c.Branch != "" {
		p.OnBranch = `$CI_COMMIT_BRANCH == "` + c.Branch + `"`
	}
	return fillCI("gitlab.yml.tmpl", p)
}

var (
	ownerName = regexp.MustCompile(`^[A-Za-z0-9][A-Za-z0-9-]*/[A-Za-z0-9_][A-Za-z0-9._-]*$`)
	// gitURL has no user and no password: the file is read by many.
	gitURL = regexp.MustCompile(`^https://[A-Za-z0-9.-]+(:[0-9]+)?(/[A-Za-z0-9_~][A-Za-z0-9._~-]*)+$`)
	gitRef = regexp.MustCompile(`^[A-Za-z0-9_][A-Za-z0-9._/-]*$`)
	commit = regexp.MustCompile(`^[0-9a-f]{40}$`)
)

// ciPlan is what the templates read.
type ciPlan struct {
	Images           []ciImage
	Paths            string // of all Dockerfiles, one a line
	Severities       string // with commas
	IgnoreUnfixed    bool
	Branch, OnBranch string
	Repository, Ref  string
	Moving           bool // the ref is no commit
}

// ciImage is one image of a plan.
type ciImage struct{ Path, Context, Name, ID string }

// plan checks all values; none that reaches a template can be read as more than
// it is.
func (c CI) plan() (*ciPlan, error) {
	p := &ciPlan{IgnoreUnfixed: c.IgnoreUnfixed, Branch: c.Branch}
	if c.Branch != "" && !gitRef.MatchString(c.Branch) {
		return nil, fmt.Errorf("%q is not the plain name of a branch", c.Branch)
	}
	var err error
	if p.Severities, err = ciSeverities(c.Severities); err != nil {
		return nil, err
	}
	at := strings.LastIndexByte(c.Bulwark, '@')
	if at < 0 || !gitRef.MatchString(c.Bulwark[at+1:]) {
		return nil, fmt.Errorf("where bulwark's sources are is REPOSITORY@REF, not %q", c.Bulwark)
	}
	p.Repository, p.Ref = c.Bulwark[:at], c.Bulwark[at+1:]
	p.Moving = !commit.MatchString(p.Ref)
	if p.Images, err = c.images(); err != nil {
		return nil, err
	}
	var paths []string
	for _, image := range p.Images {
		paths = append(paths, image.Path)
	}
	p.Paths = strings.Join(paths, "\n")
	return p, nil
}

// ciSeverities joins the severities in the order of Trivy.
func ciSeverities(names []string) (string, error) {
	if len(names) == 0 {
		names = []string{"HIGH", "CRITICAL"}
	}
	for _, name := range names {
		if !slices.Contains(severities, name) {
			return "", fmt.Errorf("no severity is called %q; there are %s", name, strings.Join(severities, ", "))
		}
	}
	var out []string
	for _, name := range severities {
		if slices.Contains(names, name) {
			out = append(out, name)
		}
	}
	return strings.Join(out, ","), nil
}

func (c CI) images() ([]ciImage, error) {
	switch {
	case len(c.Files) == 0:
		return nil, errors.New("there is no Dockerfile to make a workflow for")
	case len(c.Files) > maxImages:
		return nil, fmt.Errorf("%d Dockerfiles are more than the %d that one workflow takes: name those it is for", len(c.Files), maxImages)
	}
	base, err := c.imageName()
	if err != nil {
		return nil, err
	}
	var out []ciImage
	used := map[string]bool{}
	for _, f := range c.Files {
		if err := CheckCIFile(f); err != nil {
			return nil, fmt.Errorf("%q: %w", f.Path, err)
		}
		id := ciID(f.Path, used)
		image := ciImage{Path: ciPath(f.Path), Context: ciPath(f.Context), ID: id, Name: base.String()}
		if base.Tag == "" {
			image.Name += ":" + id
		}
		out = append(out, image)
	}
	return out, nil
}

// imageName reads the name that images are given.
func (c CI) imageName() (Ref, error) {
	if c.Image == "" {
		return ParseRef("scan")
	}
	ref, err := ParseRef(c.Image)
	switch {
	case err != nil:
		return Ref{}, err
	case ref.Digest != "":
		return Ref{}, fmt.Errorf("the image name %q has a digest: it names what is yet to be built", c.Image)
	case ref.Tag != "" && len(c.Files) > 1:
		return Ref{}, fmt.Errorf("the image name %q has a tag, and there are %d images: without it each is given its own", c.Image, len(c.Files))
	}
	return ref, nil
}

// ciPath is a path that no program takes for a flag.
func ciPath(p string) string {
	p = path.Clean(p)
	if p[0] == '-' {
		return "./" + p
	}
	return p
}

// ciID makes a name of a path, for jobs, tags and files, unlike those in used.
func ciID(p string, used map[string]bool) string {
	words := strings.FieldsFunc(strings.ToLower(p), func(r rune) bool {
		return (r < 'a' || r > 'z') && (r < '0' || r > '9')
	})
	name := strings.Join(words, "-")
	if len(name) > maxID {
		name = strings.TrimLeft(name[len(name)-maxID:], "-") // the end tells more
	}
	if name == "" {
		name = "image"
	}
	id := name
	for n := 2; used[id]; n++ {
		id = fmt.Sprintf("%s-%d", name, n)
	}
	used[id] = true
	return id
}

// pinTable gives the row of each pinned thing: its name, version and commit.
var pinTable = sync.OnceValue(func() map[string][]string {
	table := map[string][]string{}
	for _, row := range rows(pinsText) {
		table[row[0]] = row
	}
	return table
})

func fillCI(name string, p *ciPlan) (string, error) {
	t, err := template.New(name).Funcs(template.FuncMap{
		"quote":  quoteYAML,
		"action": pinnedAction,
		"pin":    pinnedVersion,
	}).ParseFS(ciTemplates, "ci/"+name)
	if err != nil {
		return "", err
	}
	var out strings.Builder
	if err := t.Execute(&out, p); err != nil {
		return "", err
	}
	return out.String(), nil
}

// pinnedAction is the value of a workflow's `uses` with the version as a comment.
func pinnedAction(name string) (string, error) {
	row := pinTable()[name]
	if len(row) != 3 {
		return "", fmt.Errorf("the commit of %s is not recorded", name)
	}
	return row[0] + "@" + row[2] + " # " + row[1], nil
}

func pinnedVersion(name string) (string, error) {
	row := pinTable()[name]
	if len(row) != 2 {
		return "", fmt.Errorf("the version of %s is not recorded", name)
	}
	return row[1], nil
}

// quoteYAML writes a text as a string of YAML: what is one in JSON is one there.
func quoteYAML(text string) (string, error) {
	var out strings.Builder
	e := json.NewEncoder(&out)
	e.SetEscapeHTML(false)
	err := e.Encode(text)
	return strings.TrimSuffix(out.String(), "\n"), err
}
