package evidence

import "testing"

func TestPythonRequirements(t *testing.T) {
	c := open(t, `
-- app/requirements.txt --
# comment
-r ../base/common.txt
-r gone.txt
-c constraints.txt
--index-url https://example.com/simple
Flask==2.0.1  # pinned
psycopg2-binary >= 2.9, <3 ; python_version > "3.7"
Pillow[extra]===9.0
numpy==1.2 \
    --hash=sha256:aa \
    --hash=sha256:bb
mylib @ git+https://example.com/mylib.git
-e ./local
./wheels/x.whl
git+https://example.com/y.git
-r requirements.txt
-- app/constraints.txt --
urllib3==1.26
-- base/common.txt --
uvicorn
-- app/requirements-dev.txt --
pytest
`)
	d := c.PythonRequirements("app")
	var got []string
	for _, r := range d.Requirements {
		s := r.File + ":" + itoa(r.Line) + " " + r.Name + " " + r.Version
		if r.Hashes {
			s += " hashed"
		}
		got = append(got, s+r.URL)
	}
	same(t, "requirements", got, []string{
		"app/requirements-dev.txt:1 pytest ",
		"base/common.txt:1 uvicorn ",
		"app/constraints.txt:1 urllib3 1.26",
		"app/requirements.txt:6 flask 2.0.1",
		"app/requirements.txt:7 psycopg2-binary ",
		"app/requirements.txt:8 pillow 9.0",
		"app/requirements.txt:9 numpy 1.2 hashed",
		"app/requirements.txt:12 mylib git+https://example.com/mylib.git",
	})
	same(t, "missing", settings(d.Missing), []string{"app/requirements.txt:3 gone.txt"})
	same(t, "local", settings(d.Local), []string{"app/requirements.txt:13 ./local", "app/requirements.txt:14 ./wheels/x.whl",
		"app/requirements.txt:15 git+https://example.com/y.git"})
	same(t, "indexes", settings(d.Indexes), []string{"app/requirements.txt:5 https://example.com/simple"})
	if !d.Has("Psycopg2_Binary") || d.Has("django") || d.Manager != "pip" {
		t.Errorf("%+v", d)
	}
}

func TestPythonProjects(t *testing.T) {
	tests := []struct {
		name, text, manager string
		want                []string
	}{
		{"pyproject", `-- pyproject.toml --
[project]
name = "x"
dependencies = [
  "django>=4", # the [framework]
  "uvicorn[standard]==0.20",
]
[project.optional-dependencies]
pg = ["psycopg2"]
[tool.other]
dependencies = ["not-this"]
`, "", []string{"django ", "uvicorn 0.20", "psycopg2 "}},
		{"poetry", `-- pyproject.toml --
[tool.poetry.dependencies]
python = "^3.11"
Flask = "^2"
pillow = {version = "9", optional = true}
-- poetry.lock --
[[package]]
name = "flask"
version = "2.3.0"

[package.dependencies]
name = "no"

[[package]]
name = "Typing_Extensions"
version = "4.0"
`, "poetry", []string{"flask 2.3.0", "typing-extensions 4.0", "flask ", "pillow "}},
		{"uv", "-- uv.lock --\nversion = 1\n[[package]]\nname = \"a\"\nversion = \"1\"\n", "uv", []string{"a 1"}},
		{"pipenv", "-- Pipfile --\n[packages]\nrequests = \"*\"\n[dev-packages]\npytest = \"*\"\n", "pipenv", []string{"requests "}},
	}
	for _, test := range tests {
		d := open(t, test.text).PythonRequirements(".")
		var got []string
		for _, r := range d.Requirements {
			got = append(got, r.Name+" "+r.Version)
		}
		same(t, test.name, got, test.want)
		if d.Manager != test.manager {
			t.Errorf("%s: manager %q", test.name, d.Manager)
		}
	}
}
