package main

import (
	"flag"
	"log"
	"net/http"
	"os/exec"

	"example.org/jobs/internal/greeting"
)

func main() {
	addr := flag.String("addr", ":8000", "address to listen on")
	flag.Parse()
	http.HandleFunc("/", func(w http.ResponseWriter, r *http.Request) { w.Write([]byte(greeting.Text("web"))) })
	http.HandleFunc("/work", func(w http.ResponseWriter, r *http.Request) {
		out, err := exec.Command("/usr/local/bin/worker", r.URL.Query().Get("n")).CombinedOutput()
		if err != nil {
			http.Error(w, err.Error()+": "+string(out), 500)
			return
		}
		w.Write(out)
	})
	log.Fatal(http.ListenAndServe(*addr, nil))
}
