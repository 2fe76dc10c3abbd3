package main

import (
	"log"
	"net/http"
	"os"
)

func main() {
	http.HandleFunc("/health", func(w http.ResponseWriter, r *http.Request) { w.Write([]byte("ok at " + os.Getenv("ADDR"))) })
	log.Fatal(http.ListenAndServe(os.Getenv("ADDR"), nil))
}
