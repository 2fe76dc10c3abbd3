//go:build linux

// Command actor is what the tests of the probe run in place of an image's program.
package main

import (
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/tls"
	"crypto/x509"
	"fmt"
	"io"
	"log"
	"math/big"
	"net"
	"net/http"
	"os"
	"os/exec"
	"os/signal"
	"strconv"
	"strings"
	"syscall"
	"time"
)

func main() {
	arg := func(i int) string {
		if i < len(os.Args) {
			return os.Args[i]
		}
		return ""
	}
	switch arg(1) {
	case "serve":
		wait(arg(3))
		log.Fatal(http.ListenAndServe(arg(2), handler()))
	case "tls":
		log.Fatal((&http.Server{Addr: arg(2), Handler: handler(), TLSConfig: &tls.Config{Certificates: []tls.Certificate{certificate()}}}).ListenAndServeTLS("", ""))
	case "talk": // listens and says a text at once
		accept(arg(2), func(c net.Conn) { fmt.Fprint(c, arg(3)); _, _ = io.Copy(io.Discard, c) })
	case "hang": // accepts and says nothing
		accept(arg(2), func(c net.Conn) { _, _ = io.Copy(io.Discard, c) })
	case "reset":
		accept(arg(2), func(c net.Conn) { _ = c.(*net.TCPConn).SetLinger(0); _ = c.Close() })
	case "boot": // listens at once, resets the first connections, and answers then
		l, err := net.Listen("tcp", arg(2))
		check(err)
		for n, _ := strconv.Atoi(arg(3)); n > 0; n-- {
			c, err := l.Accept()
			check(err)
			_ = c.(*net.TCPConn).SetLinger(0)
			_ = c.Close()
		}
		log.Fatal(http.Serve(l, handler()))
	case "stillborn": // listens at once, and fails after a while
		go accept(arg(2), func(c net.Conn) { _ = c.(*net.TCPConn).SetLinger(0); _ = c.Close() })
		wait(arg(3))
		log.Fatal("worker failed to boot")
	case "udp":
		c, err := net.ListenPacket("udp", arg(2))
		check(err)
		_, _, _ = c.ReadFrom(make([]byte, 1))
	case "exit":
		wait(arg(3))
		n, _ := strconv.Atoi(arg(2))
		os.Exit(n)
	case "say":
		dir, _ := os.Getwd()
		groups, _ := os.Getgroups()
		fmt.Println(dir, os.Getuid(), os.Getgid(), groups, strings.Join(os.Environ(), " "))
		_, err := os.OpenFile("/proc/self/fd/1", os.O_WRONLY, 0) // as nginx does by /dev/stdout
		check(err)
	case "signal":
		n, _ := strconv.Atoi(arg(2))
		check(syscall.Kill(os.Getpid(), syscall.Signal(n)))
		select {}
	case "deaf":
		signal.Ignore(syscall.SIGTERM)
		time.Sleep(time.Hour)
	case "drop":
		check(syscall.Setgid(1000))
		check(syscall.Setuid(1000))
		time.Sleep(time.Hour)
	case "fork":
		for {
			_ = exec.Command("/proc/self/exe", "fork").Start()
		}
	case "flood":
		b := make([]byte, 1<<16)
		for {
			if _, err := os.Stdout.Write(b); err != nil {
				os.Exit(1)
			}
		}
	case "write":
		for _, name := range os.Args[2:] {
			if dir, ok := strings.CutSuffix(name, "/"); ok {
				check(os.Mkdir(dir, 0o755))
			} else {
				check(os.WriteFile(name, []byte("x"), 0o644))
			}
		}
		time.Sleep(time.Hour)
	case "fill":
		f, err := os.Create(arg(2))
		check(err)
		for {
			_, err = f.Write(make([]byte, 1<<20))
			check(err)
		}
	case "orphans": // leaves processes behind that end by and by
		for i := range 50 {
			check(exec.Command("/proc/self/exe", "exit", "0", fmt.Sprint(i*10)).Start())
		}
		check(exec.Command("/proc/self/exe", "orphan").Start())
		time.Sleep(time.Hour)
	case "orphan":
		check(exec.Command("/proc/self/exe", "exit", "0", "50").Start())
	case "attack":
		for n := 1; n < 32; n++ {
			_ = syscall.Kill(1, syscall.Signal(n))
		}
		_ = syscall.Kill(-1, syscall.SIGKILL)
		time.Sleep(time.Hour)
	}
}

func check(err error) {
	if err != nil {
		log.Fatal(err)
	}
}

func wait(ms string) {
	n, _ := strconv.Atoi(ms)
	time.Sleep(time.Duration(n) * time.Millisecond)
}

func accept(address string, do func(net.Conn)) {
	l, err := net.Listen("tcp", address)
	check(err)
	for {
		c, err := l.Accept()
		check(err)
		go do(c)
	}
}

func handler() http.Handler {
	m := http.NewServeMux()
	m.HandleFunc("/", func(w http.ResponseWriter, r *http.Request) {
		body, _ := io.ReadAll(r.Body)
		fmt.Fprintf(w, "%s %s %s %s", r.Method, r.URL, r.Host, body)
	})
	m.HandleFunc("/time", func(w http.ResponseWriter, _ *http.Request) { fmt.Fprint(w, time.Now().UnixNano()) })
	m.HandleFunc("/away", func(w http.ResponseWriter, r *http.Request) {
		http.Redirect(w, r, "http://elsewhere.example/x", http.StatusFound)
	})
	m.HandleFunc("/long", func(w http.ResponseWriter, _ *http.Request) { fmt.Fprint(w, strings.Repeat("x", 100_000)) })
	m.HandleFunc("/bad", func(w http.ResponseWriter, _ *http.Request) { w.WriteHeader(http.StatusInternalServerError) })
	m.HandleFunc("/early", func(w http.ResponseWriter, _ *http.Request) {
		w.WriteHeader(http.StatusEarlyHints)
		fmt.Fprint(w, "then")
	})
	return m
}

func certificate() tls.Certificate {
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	check(err)
	t := &x509.Certificate{SerialNumber: big.NewInt(1), NotAfter: time.Now().Add(time.Hour)}
	der, err := x509.CreateCertificate(rand.Reader, t, t, &key.PublicKey, key)
	check(err)
	return tls.Certificate{Certificate: [][]byte{der}, PrivateKey: key}
}
