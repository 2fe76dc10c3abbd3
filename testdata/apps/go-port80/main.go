package main

import (
	"fmt"
	"log"
	"net/http"
	"os"
	"strings"
)

const counter = "/var/lib/visits/count"

func main() {
	http.HandleFunc("/", func(w http.ResponseWriter, r *http.Request) {
		f, err := os.OpenFile(counter, os.O_APPEND|os.O_CREATE|os.O_WRONLY, 0o644)
		if err != nil {
			http.Error(w, err.Error(), 500)
			return
		}
		fmt.Fprintln(f, r.URL.Path)
		f.Close()
		text, err := os.ReadFile(counter)
		if err != nil {
			http.Error(w, err.Error(), 500)
			return
		}
		fmt.Fprintf(w, "visitor %d\n", strings.Count(string(text), "\n"))
	})
	log.Fatal(http.ListenAndServe(":80", nil))
}
