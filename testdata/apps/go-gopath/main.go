package main

import (
	"fmt"
	"io/ioutil"
	"log"
	"net/http"

	"github.com/acme/lines"
)

func main() {
	http.HandleFunc("/", func(w http.ResponseWriter, r *http.Request) {
		text, err := ioutil.ReadFile("quotes.txt")
		if err != nil {
			http.Error(w, err.Error(), 500)
			return
		}
		fmt.Fprintf(w, "%s of %d", lines.First(string(text)), lines.Count(string(text)))
	})
	log.Fatal(http.ListenAndServe(":8080", nil))
}
