package registry

import (
	"context"
	"regexp"
	"time"

	"github.com/google/go-containerregistry/pkg/authn"
	"github.com/google/go-containerregistry/pkg/name"
	v1 "github.com/google/go-containerregistry/pkg/v1"
	"github.com/google/go-containerregistry/pkg/v1/remote"
)

// sha256Digest is the one form of digest that is written and cached.
var sha256Digest = regexp.MustCompile(`^sha256:[0-9a-f]{64}$`)

// ask puts the question to the registry: by HEAD, which does not count as a pull,
// and by GET where the registry does not answer that in full.
func (r *Resolver) ask(ctx context.Context, ref name.Tag) (digest string, fault *Error) {
	login, err := authn.Resolve(ctx, authn.DefaultKeychain, ref.Context())
	if err != nil {
		return "", &Error{Kind: NoLogin, Ref: ref.Name(), Host: ref.RegistryStr(), Err: shortened(err)}
	}
	options := []remote.Option{
		remote.WithContext(ctx),
		remote.WithTransport(r.options.Transport),
		remote.WithAuth(login),
		remote.WithUserAgent(userAgent),
		remote.WithRetryBackoff(remote.Backoff{Duration: time.Second / 2, Factor: 3, Jitter: 0.1, Steps: 2}),
	}
	desc, err := remote.Head(ref, options...)
	if err != nil {
		if fault := newError(ref, err); fault.Kind != Failed || ctx.Err() != nil {
			return "", fault
		}
		var got *remote.Descriptor
		if got, err = remote.Get(ref, options...); err != nil {
			return "", newError(ref, err)
		}
		desc = &got.Descriptor
	}
	return usable(ref, desc)
}

// usable takes the digest from an answer that can be built from.
func usable(ref name.Tag, desc *v1.Descriptor) (digest string, fault *Error) {
	digest = desc.Digest.String()
	switch {
	case desc.MediaType.IsSchema1():
		return "", &Error{Kind: Invalid, Ref: ref.Name(), Host: ref.RegistryStr(), Err: errOldManifest}
	case !desc.MediaType.IsImage() && !desc.MediaType.IsIndex(): // such as the login page of a network
		return "", &Error{Kind: Failed, Ref: ref.Name(), Host: ref.RegistryStr(), Err: errNoManifest}
	case !sha256Digest.MatchString(digest):
		return "", &Error{Kind: Failed, Ref: ref.Name(), Host: ref.RegistryStr(), Err: errNoDigest}
	}
	return digest, nil
}
