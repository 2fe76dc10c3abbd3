package main

import (
	_ "embed"
	"encoding/json"
	"flag"
	"fmt"
	"io"
	"log"
	"net/http"
	"os"
	"path/filepath"
)

//go:embed banner.txt
var banner string

type settings struct{ Title, Dir string }

func main() {
	file := flag.String("config", "config/default.json", "settings")
	flag.Parse()
	text, err := os.ReadFile(*file)
	if err != nil {
		log.Fatal(err)
	}
	var s settings
	if err := json.Unmarshal(text, &s); err != nil {
		log.Fatal(err)
	}
	http.HandleFunc("/", func(w http.ResponseWriter, r *http.Request) {
		if r.Method == http.MethodPut {
			body, _ := io.ReadAll(r.Body)
			if err := os.WriteFile(filepath.Join(s.Dir, filepath.Base(r.URL.Path)), body, 0o644); err != nil {
				http.Error(w, err.Error(), 500)
				return
			}
			w.WriteHeader(201)
			return
		}
		fmt.Fprintf(w, "%s%s", banner, s.Title)
	})
	http.Handle("/files/", http.StripPrefix("/files/", http.FileServer(http.Dir(s.Dir))))
	log.Fatal(http.ListenAndServe(":8080", nil))
}
