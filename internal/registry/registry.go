// Package registry asks image registries which digest a tag leads to now, with
// the user's own credentials, and keeps the answers for a while.
package registry

import (
	"context"
	"fmt"
	"net/http"
	"sync"
	"time"

	"github.com/google/go-containerregistry/pkg/name"
	"github.com/google/go-containerregistry/pkg/v1/remote"
)

const (
	// DefaultMaxAge is how old an answer of the cache may be where Options do not say.
	DefaultMaxAge = time.Hour

	perReference = 20 * time.Second // how long one reference may take, retries and logins included
	userAgent    = "bulwark"
)

// Options say how registries are asked. The zero value asks the registry that a
// reference names, and caches in the user's cache folder for an hour.
type Options struct {
	CacheDir  string            // "" for bulwark/digests in the user's cache folder
	MaxAge    time.Duration     // of cached answers; 0 for DefaultMaxAge, below 0 for none at all
	Offline   bool              // answer from the cache alone, whatever the age
	Transport http.RoundTripper // nil for the default one, which takes proxies from the environment
}

// Resolver finds digests. It is safe for concurrent use. A reference is asked for
// once, so that all who ask get one answer, be it an error; a registry that
// cannot be reached is not tried again.
type Resolver struct {
	options Options
	cache   cache
	timeout time.Duration
	now     func() time.Time

	mu    sync.Mutex
	calls map[string]*call  // by full reference
	down  map[string]*Error // by registry
}

// call is one question, answered when done is closed.
type call struct {
	done   chan struct{}
	digest string
	err    error
}

// New makes a Resolver.
func New(o Options) *Resolver {
	if o.MaxAge == 0 {
		o.MaxAge = DefaultMaxAge
	}
	if o.Transport == nil {
		o.Transport = remote.DefaultTransport
	}
	return &Resolver{
		options: o, cache: openCache(o.CacheDir), timeout: perReference, now: time.Now,
		calls: map[string]*call{}, down: map[string]*Error{},
	}
}

// Digest returns what ref ("node:20", "localhost:5000/team/app:1"; no tag stands
// for latest) leads to in its registry:
// "sha256:" and 64 hexadecimal digits. For an image of several platforms that is
// the digest of their list. Its errors are those of ctx, and *Error.
func (r *Resolver) Digest(ctx context.Context, ref string) (digest string, err error) {
	asked, err := name.NewTag(ref)
	if err != nil {
		return "", &Error{Kind: Invalid, Err: err}
	}
	if err := ctx.Err(); err != nil {
		return "", fmt.Errorf("asking for %s: %w", ref, err)
	}
	c := r.join(ctx, asked)
	select {
	case <-c.done:
		return c.digest, c.err
	case <-ctx.Done():
		return "", fmt.Errorf("asking for %s: %w", ref, ctx.Err())
	}
}

// join returns the question for a reference, put now unless it was before. It
// outlives the ctx of the one who happened to be first.
func (r *Resolver) join(ctx context.Context, ref name.Tag) *call {
	r.mu.Lock()
	defer r.mu.Unlock()
	if c := r.calls[ref.Name()]; c != nil {
		return c
	}
	c := &call{done: make(chan struct{})}
	r.calls[ref.Name()] = c
	go func() {
		defer close(c.done)
		ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), r.timeout)
		defer cancel()
		c.digest, c.err = r.find(ctx, ref)
	}()
	return c
}

// find looks in the cache, then asks.
func (r *Resolver) find(ctx context.Context, ref name.Tag) (digest string, err error) {
	known, found := r.cache.get(ref.Name())
	if found && (r.options.Offline || fresh(known.Asked, r.now(), r.options.MaxAge)) {
		return known.Digest, nil
	}
	host := ref.RegistryStr()
	if r.options.Offline {
		return "", &Error{Kind: Offline, Ref: ref.Name(), Host: host}
	}
	if down := r.isDown(host); down != nil {
		return "", down
	}
	digest, fault := r.ask(ctx, ref)
	if fault != nil {
		r.note(fault)
		return "", fault
	}
	r.cache.put(entry{Ref: ref.Name(), Digest: digest, Asked: r.now().UTC()})
	return digest, nil
}

// fresh reports whether an answer is young enough. One of the future is not: the
// clock or the file is wrong.
func fresh(asked, now time.Time, limit time.Duration) bool {
	age := now.Sub(asked)
	return age >= 0 && age <= limit
}

func (r *Resolver) isDown(host string) *Error {
	r.mu.Lock()
	defer r.mu.Unlock()
	return r.down[host]
}

// note remembers a registry that could not be reached.
func (r *Resolver) note(e *Error) {
	if e.Kind != Unreachable {
		return
	}
	r.mu.Lock()
	defer r.mu.Unlock()
	r.down[e.Host] = e
}
