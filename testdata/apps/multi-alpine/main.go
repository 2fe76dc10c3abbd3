package main

import (
	"fmt"
	"log"
	"net/http"
	"time"
)

func main() {
	http.HandleFunc("/", func(w http.ResponseWriter, r *http.Request) {
		zone, err := time.LoadLocation("Asia/Tokyo")
		if err != nil {
			http.Error(w, "no zones", 500)
			return
		}
		fmt.Fprintln(w, time.Unix(0, 0).In(zone).Format(time.RFC3339))
	})
	log.Fatal(http.ListenAndServe(":8080", nil))
}
