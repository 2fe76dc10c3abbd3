package verify

import (
	"encoding/csv"
	"errors"
	"fmt"
	"os"
	"strconv"
	"strings"

	"github.com/docker/cli/cli/config"
	"github.com/moby/buildkit/session"
	"github.com/moby/buildkit/session/auth/authprovider"
	"github.com/moby/buildkit/session/secrets/secretsprovider"
	"github.com/moby/buildkit/session/sshforward/sshprovider"
)

// SessionOptions are what a build may ask of the machine it is started on, in
// the words of buildctl and docker build.
type SessionOptions struct {
	Secrets []string // "id=x,src=FILE", "id=x,env=NAME", "id=x" (the variable x, else the file x)
	SSH     []string // "default", "default=SOCKET", "ID=KEY[,KEY]", "ID=SOCKET,raw=true"
}

// attachables checks the options and returns what a build's session offers:
// these, and the registry credentials of the user's Docker configuration. It
// may be used by several builds, also at the same time. An error names the
// value that it is about.
func (o SessionOptions) attachables() ([]session.Attachable, error) {
	cfg, err := config.Load(config.Dir())
	if err != nil {
		return nil, fmt.Errorf("reading Docker's configuration for the registry credentials: %w", err)
	}
	out := []session.Attachable{authprovider.NewDockerAuthProvider(authprovider.DockerAuthProviderConfig{
		AuthConfigProvider: authprovider.LoadAuthConfig(cfg),
	})}
	if len(o.Secrets) > 0 {
		secrets, err := openSecrets(o.Secrets)
		if err != nil {
			return nil, err
		}
		out = append(out, secrets)
	}
	if len(o.SSH) > 0 {
		agents, err := openAgents(o.SSH)
		if err != nil {
			return nil, err
		}
		out = append(out, agents)
	}
	return out, nil
}

// openSecrets offers secrets; a session has room for one provider of them.
func openSecrets(values []string) (session.Attachable, error) {
	var sources []secretsprovider.Source
	seen := map[string]bool{}
	for _, v := range values {
		s, err := parseSecret(v)
		if err == nil && seen[s.ID] {
			err = fmt.Errorf("a second secret of the id %q", s.ID)
		}
		if err == nil {
			_, err = secretsprovider.NewStore([]secretsprovider.Source{s})
		}
		if err != nil {
			return nil, fmt.Errorf("--secret %q: %w", v, err)
		}
		seen[s.ID] = true
		sources = append(sources, s)
	}
	store, err := secretsprovider.NewStore(sources)
	if err != nil {
		return nil, fmt.Errorf("--secret: %w", err)
	}
	return secretsprovider.NewSecretProvider(store), nil
}

func parseSecret(value string) (s secretsprovider.Source, err error) {
	fields, err := csv.NewReader(strings.NewReader(value)).Read()
	if err != nil {
		return s, errors.New("want id=ID with src=FILE or env=NAME, with commas between")
	}
	kind, from := "", ""
	for _, f := range fields {
		key, v, ok := strings.Cut(f, "=")
		if !ok || v == "" {
			return s, fmt.Errorf("%q is not KEY=VALUE", f)
		}
		switch strings.ToLower(key) {
		case "id":
			s.ID = v
		case "src", "source":
			from = v
		case "env":
			s.Env = v
		case "type":
			kind = v
		default:
			return s, fmt.Errorf("unknown key %q; there are id, src, env and type", key)
		}
	}
	return completeSecret(s, kind, from)
}

// completeSecret tells whether from is a file or, with type=env, a variable.
func completeSecret(s secretsprovider.Source, kind, from string) (secretsprovider.Source, error) {
	switch {
	case s.ID == "":
		return s, errors.New("it has no id")
	case kind != "" && kind != "file" && kind != "env":
		return s, fmt.Errorf("unknown type %q; there are file and env", kind)
	case s.Env != "" && (from != "" || kind == "file"):
		return s, errors.New("it is either a file or a variable")
	}
	if kind == "env" && s.Env == "" {
		s.Env = from
	} else {
		s.FilePath = from
	}
	if s.Env != "" {
		if _, ok := os.LookupEnv(s.Env); !ok {
			return s, fmt.Errorf("the environment variable %s is not set", s.Env)
		}
	}
	return s, nil
}

// openAgents offers SSH agents; a session has room for one provider of them.
func openAgents(values []string) (session.Attachable, error) {
	var agents []sshprovider.AgentConfig
	seen := map[string]bool{}
	for _, v := range values {
		a, err := parseAgent(v)
		if err == nil && seen[a.ID] {
			err = fmt.Errorf("a second agent of the id %q", a.ID)
		}
		if err == nil {
			_, err = sshprovider.NewSSHAgentProvider([]sshprovider.AgentConfig{a})
		}
		if err != nil {
			return nil, fmt.Errorf("--ssh %q: %w", v, err)
		}
		seen[a.ID] = true
		agents = append(agents, a)
	}
	provider, err := sshprovider.NewSSHAgentProvider(agents)
	if err != nil {
		return nil, fmt.Errorf("--ssh: %w", err)
	}
	return provider, nil
}

func parseAgent(value string) (a sshprovider.AgentConfig, err error) {
	id, rest, given := strings.Cut(value, "=")
	if a.ID = id; id == "" {
		return a, errors.New("it has no id; the usual one is default")
	}
	if !given {
		return a, nil // the agent of SSH_AUTH_SOCK
	}
	for p := range strings.SplitSeq(rest, ",") {
		raw, ok := strings.CutPrefix(p, "raw=")
		if !ok {
			a.Paths = append(a.Paths, p)
			continue
		}
		if a.Raw, err = strconv.ParseBool(raw); err != nil {
			return a, fmt.Errorf("raw=%s is neither true nor false", raw)
		}
	}
	if a.Raw && len(a.Paths) != 1 {
		return a, errors.New("with raw=true it is one socket")
	}
	return a, nil
}
