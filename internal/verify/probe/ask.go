//go:build linux

package main

import (
	"bufio"
	"context"
	"crypto/tls"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"os"
	"strconv"
	"strings"
	"syscall"
	"time"

	"github.com/bulwark-cli/bulwark/internal/verify/wire"
)

// asker makes HTTP requests to servers on the loopback interface.
type asker struct {
	servers map[int]*server
}

// server is what is known of one port.
type server struct {
	tls      bool
	problem  string // it does not speak HTTP: nothing more is asked of it
	answered bool
	silent   bool // it let a request wait, and has answered none
	absent   bool // nobody listens
}

// silentLimit is how long later requests wait for a server that has answered none:
// it may wait for something else than HTTP, and there may be many requests.
const silentLimit = 2 * time.Second

var (
	errNotHTTP = errors.New("not HTTP")
	errLate    = errors.New("no answer within 10s")
	errReset   = errors.New("connection reset")
	errRefused = errors.New("connection refused")
)

func newAsker() *asker { return &asker{servers: map[int]*server{}} }

// all makes the requests, each of the ports that it is for.
func (a *asker) all(ctx context.Context, requests []wire.Request, ports []wire.Port) []wire.HTTP {
	var out []wire.HTTP
	for _, r := range requests {
		for _, port := range targets(r, ports) {
			r.Port = port
			out = append(out, a.ask(ctx, r))
		}
	}
	return out
}

// targets are the ports that a request is for.
func targets(r wire.Request, ports []wire.Port) []int {
	if r.Port != 0 {
		return []int{r.Port}
	}
	var list []int
	for _, p := range ports { // sorted
		if !p.UDP && len(list) < wire.MaxAsked {
			list = append(list, p.Number)
		}
	}
	return list
}

// ask makes a request: twice where that is to change nothing.
func (a *asker) ask(ctx context.Context, r wire.Request) wire.HTTP {
	s := a.servers[r.Port]
	if s == nil {
		s = &server{}
		a.servers[r.Port] = s
	}
	if s.problem != "" {
		return wire.HTTP{Request: r, TLS: s.tls, Problem: s.problem}
	}
	first, err := s.request(ctx, r)
	if err != nil {
		return wire.HTTP{Request: r, TLS: s.tls, Problem: err.Error()}
	}
	if !safe(r.Method) {
		return first
	}
	second, err := s.request(ctx, r)
	first.Volatile = err != nil || second.Status != first.Status || second.Body != first.Body
	return first
}

// safe is whether a method is to change nothing, so that a request may be repeated.
func safe(method string) bool {
	return method == "" || method == http.MethodGet || method == http.MethodHead
}

// request makes a request once, over TLS where the server turns out to want that.
func (s *server) request(ctx context.Context, r wire.Request) (wire.HTTP, error) {
	limit := wire.RequestLimit
	if s.silent {
		limit = silentLimit
	}
	h, err := once(ctx, r, s.tls, limit)
	if !s.answered && !s.tls && wantsTLS(h, err) {
		if over, err2 := once(ctx, r, true, limit); err2 == nil {
			s.tls, h, err = true, over, nil
		}
	}
	switch {
	case err == nil:
		s.answered, s.silent = true, false
	case s.answered: // one bad answer is no other protocol
	case errors.Is(err, errNotHTTP):
		s.problem = err.Error()
	case errors.Is(err, errLate):
		s.silent = true
	case errors.Is(err, errRefused):
		s.absent = true
	}
	return h, err
}

// wantsTLS reads an answer to a request without TLS: servers close the connection,
// send an alert, or say what they expect in a 400. Go, nginx and Apache httpd word
// it so.
func wantsTLS(h wire.HTTP, err error) bool {
	if err != nil {
		return errors.Is(err, errNotHTTP) || errors.Is(err, errReset)
	}
	if h.Status != http.StatusBadRequest {
		return false
	}
	for _, words := range []string{
		"HTTP request to an HTTPS server",
		"plain HTTP request was sent to HTTPS port",
		"speaking plain HTTP to an SSL-enabled server port",
		"requires TLS", // Tomcat and others: This combination of host and port requires TLS.
	} {
		if strings.Contains(h.Body, words) {
			return true
		}
	}
	return false
}

// once connects, makes the request and reads the answer.
func once(ctx context.Context, r wire.Request, secure bool, limit time.Duration) (wire.HTTP, error) {
	none := wire.HTTP{Request: r}
	if ctx.Err() != nil {
		return none, errors.New("not asked: there was no time left")
	}
	end := time.Now().Add(limit)
	ctx, cancel := context.WithDeadline(ctx, end)
	defer cancel()
	req, err := newRequest(r, secure)
	if err != nil {
		return none, err
	}
	conn, err := dial(ctx, r.Port)
	if err != nil {
		return none, problem(err)
	}
	defer func() { _ = conn.Close() }() // nothing follows
	if at, ok := ctx.Deadline(); ok {
		end = at
	}
	_ = conn.SetDeadline(end) // a socket has one
	stop := context.AfterFunc(ctx, func() { _ = conn.SetDeadline(time.Unix(1, 0)) })
	defer stop()
	if secure {
		over := tls.Client(conn, &tls.Config{InsecureSkipVerify: true, ServerName: "localhost", MinVersion: tls.VersionTLS10, NextProtos: []string{"http/1.1"}})
		if err := over.HandshakeContext(ctx); err != nil {
			return none, problem(err)
		}
		conn = over
	}
	h, err := exchange(conn, req)
	h.Request, h.TLS = r, secure
	return h, err
}

func newRequest(r wire.Request, secure bool) (*http.Request, error) {
	method, scheme := r.Method, "http"
	if method == "" {
		method = http.MethodGet
	}
	if secure {
		scheme = "https"
	}
	address := scheme + "://" + net.JoinHostPort("localhost", strconv.Itoa(r.Port)) + r.Path
	req, err := http.NewRequest(method, address, strings.NewReader(r.Body))
	if err != nil {
		return nil, fmt.Errorf("making the request: %w", err)
	}
	req.Close = true
	req.Header.Set("User-Agent", "bulwark")
	req.Header.Set("Accept", "*/*")
	if r.Body != "" {
		req.Header.Set("Content-Type", contentType(r.Body))
	}
	return req, nil
}

func contentType(body string) string {
	if strings.HasPrefix(body, "{") || strings.HasPrefix(body, "[") {
		return "application/json"
	}
	return "application/x-www-form-urlencoded"
}

// dial connects to whichever loopback address the port is on. Names are not
// looked up: an image need not have /etc/hosts.
func dial(ctx context.Context, port int) (net.Conn, error) {
	var d net.Dialer
	conn, err := d.DialContext(ctx, "tcp4", net.JoinHostPort("127.0.0.1", strconv.Itoa(port)))
	if errors.Is(err, syscall.ECONNREFUSED) {
		if six, err6 := d.DialContext(ctx, "tcp6", net.JoinHostPort("::1", strconv.Itoa(port))); err6 == nil {
			return six, nil
		}
	}
	return conn, err
}

// exchange writes the request and reads the answer. The first byte already tells
// other protocols, of which some would never end a line.
func exchange(conn net.Conn, req *http.Request) (wire.HTTP, error) {
	_ = req.Write(conn) // a server may answer before it has read all; if not, reading fails too
	in := bufio.NewReader(io.LimitReader(conn, 4<<20))
	first, err := in.Peek(1)
	if err != nil {
		return wire.HTTP{}, problem(err)
	}
	if first[0] != 'H' {
		return wire.HTTP{}, errNotHTTP
	}
	res, err := http.ReadResponse(in, req)
	for i := 0; err == nil && res.StatusCode < 200 && res.StatusCode != http.StatusSwitchingProtocols && i < 5; i++ {
		res, err = http.ReadResponse(in, req) // what came was to be followed by the answer
	}
	if err != nil {
		return wire.HTTP{}, problem(err)
	}
	defer res.Body.Close()
	body, err := io.ReadAll(io.LimitReader(res.Body, keep))
	h := wire.HTTP{Status: res.StatusCode, Type: res.Header.Get("Content-Type"), Location: res.Header.Get("Location"), Body: string(body)}
	if err != nil && !errors.Is(err, os.ErrDeadlineExceeded) { // answers without an end are some too
		h.Problem = "the answer broke off"
	}
	return h, nil
}

// problem says what went wrong in words that are the same at each run.
func problem(err error) error {
	var timeout net.Error
	switch {
	case errors.Is(err, os.ErrDeadlineExceeded), errors.Is(err, context.DeadlineExceeded), errors.As(err, &timeout) && timeout.Timeout():
		return errLate
	case errors.Is(err, syscall.ECONNREFUSED):
		return errRefused
	case errors.Is(err, syscall.ECONNRESET), errors.Is(err, syscall.EPIPE), errors.Is(err, io.EOF), errors.Is(err, io.ErrUnexpectedEOF):
		return errReset
	}
	return errNotHTTP
}
