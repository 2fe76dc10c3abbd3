package main

import (
	"html/template"
	"log"
	"net/http"
	"os"

	"github.com/gorilla/mux"
)

var pages = template.Must(template.ParseGlob("templates/*.html"))

type item struct {
	Name  string
	Price int
}

func main() {
	port := os.Getenv("PORT")
	if port == "" {
		port = "8000"
	}
	r := mux.NewRouter()
	r.PathPrefix("/assets/").Handler(http.StripPrefix("/assets/", http.FileServer(http.Dir("assets"))))
	r.HandleFunc("/items/{name}", func(w http.ResponseWriter, r *http.Request) {
		show(w, "item.html", item{mux.Vars(r)["name"], 12})
	})
	r.HandleFunc("/", func(w http.ResponseWriter, r *http.Request) { show(w, "index.html", nil) })
	log.Fatal(http.ListenAndServe(":"+port, r))
}

func show(w http.ResponseWriter, name string, data any) {
	if err := pages.ExecuteTemplate(w, name, data); err != nil {
		http.Error(w, err.Error(), http.StatusInternalServerError)
	}
}
