package main

import (
	"fmt"
	"log"
	"net/http"
	"os"
	"path/filepath"
)

func main() {
	dir, err := os.UserCacheDir()
	if err != nil {
		log.Fatal(err)
	}
	dir = filepath.Join(dir, "cached")
	if err := os.MkdirAll(dir, 0o700); err != nil {
		log.Fatal(err)
	}
	http.HandleFunc("/", func(w http.ResponseWriter, r *http.Request) {
		tmp, err := os.CreateTemp("", "page")
		if err != nil {
			http.Error(w, err.Error(), 500)
			return
		}
		defer os.Remove(tmp.Name())
		if err := os.WriteFile(filepath.Join(dir, "page"), []byte("kept"), 0o600); err != nil {
			http.Error(w, err.Error(), 500)
			return
		}
		fmt.Fprint(w, "kept")
	})
	log.Fatal(http.ListenAndServe(":8080", nil))
}
