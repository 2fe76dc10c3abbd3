package bulk

import "testing"

func TestIsDockerfile(t *testing.T) {
	yes := []string{
		"Dockerfile", "dockerfile", "DOCKERFILE", "Containerfile", "containerfile", "Dockerfile.prod", "Dockerfile.dev.arm64",
		"dockerfile.alpine", "web.Dockerfile", "web.dockerfile", "a.b.Containerfile", "Containerfile.base", "Dockerfile.go",
		"Dockerfile.py", "Dockerfile.1809", "Dockerfile.python-3.9", "Dockerfile.old",
	}
	no := []string{
		"", "Dockerfile.dockerignore", "Dockerfile.md", "Dockerfile.j2", "Dockerfile.prod.tmpl", "Dockerfile.erb", "Dockerfile.in",
		"Dockerfile.", "Dockerfile~", "Dockerfile.prod~", "Dockerfile.bak", "Dockerfile.bak_20260312_122710", "Dockerfile.prod.bak",
		"Dockerfile.orig", "dockerfile.go", "dockerfile_test.go", "dockerfile.test.js", "Dockerfile-prod", "MyDockerfile",
		"Dockerfiles", "dockerfile.json", "Containerfile.template", "docker-compose.yml", ".dockerignore",
	}
	for _, name := range yes {
		if !IsDockerfile(name) {
			t.Errorf("IsDockerfile(%q) = false", name)
		}
	}
	for _, name := range no {
		if IsDockerfile(name) {
			t.Errorf("IsDockerfile(%q) = true", name)
		}
	}
}

func TestIsCompose(t *testing.T) {
	for name, want := range map[string]bool{
		"compose.yml": true, "compose.yaml": true, "docker-compose.yml": true, "docker-compose.prod.yaml": true, "compose.dev.yml": true,
		"composer.json": false, "docker-compose.json": false, "my.yml": false, "composed.yml": false,
	} {
		if isCompose(name) != want {
			t.Errorf("isCompose(%q) = %v", name, !want)
		}
	}
}
