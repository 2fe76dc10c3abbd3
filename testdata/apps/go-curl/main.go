package main

import (
	"log"
	"net/http"
	"os/exec"
)

func main() {
	http.HandleFunc("/", func(w http.ResponseWriter, r *http.Request) { w.Write([]byte("here")) })
	http.HandleFunc("/self", func(w http.ResponseWriter, r *http.Request) {
		out, err := exec.Command("curl", "-s", "http://localhost:8080/").CombinedOutput()
		if err != nil {
			http.Error(w, err.Error(), 500)
			return
		}
		w.Write(append([]byte("curl says "), out...))
	})
	log.Fatal(http.ListenAndServe(":8080", nil))
}
