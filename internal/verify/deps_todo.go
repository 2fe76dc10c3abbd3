package verify // builds both and runs both

// Keeps the modules in go.mod until the code that needs them is here; deleted with issue 3.
import (
	_ "github.com/google/go-containerregistry/pkg/authn"
	_ "github.com/google/go-containerregistry/pkg/registry"
	_ "github.com/google/go-containerregistry/pkg/v1/remote"
	_ "github.com/moby/buildkit/client"
	_ "github.com/moby/buildkit/client/connhelper/dockercontainer"
	_ "github.com/moby/buildkit/client/connhelper/kubepod"
	_ "github.com/moby/buildkit/client/connhelper/nerdctlcontainer"
	_ "github.com/moby/buildkit/client/connhelper/podmancontainer"
	_ "github.com/moby/buildkit/client/connhelper/ssh"
	_ "github.com/moby/buildkit/session/auth/authprovider"
	_ "github.com/moby/buildkit/session/secrets/secretsprovider"
	_ "github.com/moby/buildkit/session/sshforward/sshprovider"
	_ "github.com/moby/buildkit/util/progress/progressui"
	_ "github.com/moby/docker-image-spec/specs-go/v1"
	_ "github.com/moby/moby/client"
	_ "github.com/rhysd/actionlint"
	_ "github.com/tonistiigi/fsutil"
	_ "golang.org/x/sync/errgroup"
	_ "golang.org/x/term"
)
