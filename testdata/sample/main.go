// Command guestbook shows the messages that its visitors leave.
package main

import (
	"bufio"
	"errors"
	"fmt"
	"html/template"
	"io/fs"
	"log"
	"net/http"
	"os"
	"strings"
	"sync"
)

// version is set by the linker.
var version = "dev"

const messages = "data/messages.txt"

var page = template.Must(template.ParseFiles("templates/index.html"))

type guestbook struct {
	sync.Mutex
}

func main() {
	if err := os.MkdirAll("data", 0o755); err != nil {
		log.Fatal(err)
	}
	book := &guestbook{}
	http.HandleFunc("/", book.show)
	http.HandleFunc("/sign", book.sign)
	http.Handle("/static/", http.StripPrefix("/static/", http.FileServer(http.Dir("static"))))
	log.Fatal(http.ListenAndServe(":"+os.Getenv("PORT"), nil))
}

func (g *guestbook) show(w http.ResponseWriter, _ *http.Request) {
	g.Lock()
	lines, err := read()
	g.Unlock()
	if err != nil {
		http.Error(w, err.Error(), http.StatusInternalServerError)
		return
	}
	data := struct {
		Version  string
		Messages []string
	}{version, lines}
	if err := page.Execute(w, data); err != nil {
		log.Print(err)
	}
}

func read() ([]string, error) {
	file, err := os.Open(messages)
	if errors.Is(err, fs.ErrNotExist) {
		return nil, nil
	}
	if err != nil {
		return nil, err
	}
	defer file.Close()
	var lines []string
	for scan := bufio.NewScanner(file); scan.Scan(); {
		lines = append(lines, scan.Text())
	}
	return lines, nil
}

func (g *guestbook) sign(w http.ResponseWriter, r *http.Request) {
	g.Lock()
	defer g.Unlock()
	file, err := os.OpenFile(messages, os.O_APPEND|os.O_CREATE|os.O_WRONLY, 0o644)
	if err != nil {
		http.Error(w, err.Error(), http.StatusInternalServerError)
		return
	}
	defer file.Close()
	fmt.Fprintln(file, strings.Join(strings.Fields(r.FormValue("message")), " "))
	http.Redirect(w, r, "/", http.StatusSeeOther)
}
