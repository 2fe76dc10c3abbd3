package registry

import (
	"context"
	"errors"
	"fmt"
	"net"
	"net/http"
	"strings"

	"github.com/google/go-containerregistry/pkg/name"
	"github.com/google/go-containerregistry/pkg/v1/remote/transport"
)

// Kind says why there is no digest.
type Kind int

// The kinds of Error.
const (
	NotFound    Kind = iota // the registry has no such image or tag
	Denied                  // the registry does not give it out to this login
	NoLogin                 // the user's credentials for it cannot be read
	Unreachable             // the registry did not answer at all
	Failed                  // the registry answered something of no use
	Offline                 // asking was forbidden, and the cache has nothing
	Invalid                 // no reference, or nothing that can be pinned
)

var (
	errOldManifest = errors.New("it is stored in the first format of manifests, which engines no longer build from")
	errNoManifest  = errors.New("its answer is not the manifest of an image")
	errNoDigest    = errors.New("its answer names no sha256 digest")
)

// Error is a digest that was not found. Its text is one clause for a report. What
// concerns a registry as a whole has the same text for all its references.
type Error struct {
	Kind Kind
	Ref  string // in full, as asked for; "" for an invalid reference
	Host string // the registry asked; "" for an invalid reference
	Err  error  // the cause; nil where Kind says all
}

// Error returns the clause.
func (e *Error) Error() string {
	host := strings.TrimPrefix(e.Host, "index.")
	switch e.Kind {
	case NotFound:
		return "there is no such tag: " + strings.TrimPrefix(e.Ref, "index.")
	case Denied:
		return strings.TrimPrefix(e.Ref, "index.") + " is not given out to this login: it is private, or is not there"
	case NoLogin:
		return fmt.Sprintf("the credentials for %s cannot be read: %v", host, e.Err)
	case Unreachable:
		return fmt.Sprintf("the registry %s cannot be reached: %v", host, e.Err)
	case Failed:
		return fmt.Sprintf("the registry %s gave no answer of use: %v", host, e.Err)
	case Offline:
		return host + " was not asked, since bulwark is to stay offline, and no earlier answer is in the cache"
	}
	return e.Err.Error()
}

// Unwrap returns the cause.
func (e *Error) Unwrap() error { return e.Err }

// Unasked reports whether err leaves open what the digest is: another try, a
// login or a network may give it. It is false where the registry said that there
// is none.
func Unasked(err error) bool {
	var e *Error
	if !errors.As(err, &e) {
		return err != nil
	}
	return e.Kind != NotFound && e.Kind != Invalid
}

// newError sorts an error of the client. What a registry says of itself may be
// long and hostile, so no more than its status is told.
func newError(ref name.Tag, err error) *Error {
	e := &Error{Kind: Unreachable, Ref: ref.Name(), Host: ref.RegistryStr(), Err: cause(err)}
	var status *transport.Error
	if errors.As(err, &status) {
		e.Kind, e.Err = kindOf(status.StatusCode), fmt.Errorf("status %d %s", status.StatusCode, http.StatusText(status.StatusCode))
	} else if !fromNetwork(err) {
		e.Kind = Failed
	}
	return e
}

func kindOf(status int) Kind {
	switch status {
	case http.StatusNotFound:
		return NotFound
	case http.StatusUnauthorized, http.StatusForbidden:
		return Denied
	}
	return Failed
}

// fromNetwork reports whether no answer came at all.
func fromNetwork(err error) bool {
	var network net.Error // time limits of a context are among them
	return errors.As(err, &network)
}

// cause is what is at the bottom of an error of the network, without addresses of
// this machine and without the URL that was asked.
func cause(err error) error {
	var op *net.OpError
	var dns *net.DNSError
	switch {
	case errors.As(err, &dns):
		return errors.New("no address is known for " + dns.Name)
	case errors.Is(err, context.DeadlineExceeded):
		return fmt.Errorf("no answer within %s", perReference)
	case errors.As(err, &op):
		return op.Err
	}
	for next := errors.Unwrap(err); next != nil; next = errors.Unwrap(err) {
		err = next
	}
	return shortened(err)
}

// shortened bounds the length of a text that may have come from outside.
func shortened(err error) error {
	const most = 200
	if text := err.Error(); len(text) > most {
		return errors.New(strings.ToValidUTF8(text[:most], "") + " ...")
	}
	return err
}
