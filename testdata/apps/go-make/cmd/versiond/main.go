package main

import (
	"fmt"
	"net/http"
	"os"
)

var version = "unset"

func main() {
	http.HandleFunc("/version", func(w http.ResponseWriter, r *http.Request) { fmt.Fprintln(w, "versiond", version) })
	if err := http.ListenAndServe(":7070", nil); err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
}
