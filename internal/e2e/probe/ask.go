//go:build linux

package main

import (
	"fmt"
	"io"
	"net/http"
	"strings"
	"time"
)

// ask makes one request and keeps what a user would see of the answer.
func ask(port int, r Request) Answer {
	method := r.Method
	if method == "" {
		method = http.MethodGet
	}
	req, err := http.NewRequest(method, fmt.Sprintf("http://localhost:%d%s", port, r.Path), strings.NewReader(r.Body))
	if err != nil {
		return Answer{Problem: err.Error()}
	}
	client := http.Client{
		Timeout:       10 * time.Second,
		CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse },
	}
	res, err := client.Do(req)
	if err != nil {
		return Answer{Problem: err.Error()}
	}
	defer res.Body.Close()
	body, err := io.ReadAll(io.LimitReader(res.Body, keep))
	a := Answer{Status: res.StatusCode, Type: res.Header.Get("Content-Type"), Body: string(body)}
	if err != nil {
		a.Problem = err.Error()
	}
	return a
}
