package main

import (
	"io"
	"log"
	"net/http"
	"os"
)

func main() {
	http.Handle("/", http.FileServer(http.Dir("pages")))
	http.HandleFunc("/paste", func(w http.ResponseWriter, r *http.Request) {
		if r.Method == http.MethodPost {
			body, _ := io.ReadAll(r.Body)
			if err := os.WriteFile("store/last", body, 0o644); err != nil {
				http.Error(w, err.Error(), 500)
				return
			}
		}
		text, err := os.ReadFile("store/last")
		if err != nil {
			http.Error(w, err.Error(), 404)
			return
		}
		w.Write(text)
	})
	log.Fatal(http.ListenAndServe(":5000", nil))
}
