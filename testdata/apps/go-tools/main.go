package main

import (
	"log"
	"net/http"
	"os/exec"
	"strings"
)

func main() {
	http.HandleFunc("/sort", func(w http.ResponseWriter, r *http.Request) {
		cmd := exec.Command("sort", "-r")
		cmd.Stdin = strings.NewReader("a\nb\nc\n")
		out, err := cmd.Output()
		if err != nil {
			http.Error(w, err.Error(), 500)
			return
		}
		w.Write(out)
	})
	log.Fatal(http.ListenAndServe(":8080", nil))
}
