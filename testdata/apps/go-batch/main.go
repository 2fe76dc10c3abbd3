package main

import (
	"crypto/x509"
	"fmt"
	"os"
	"time"
)

func main() {
	zone, err := time.LoadLocation("America/New_York")
	if err != nil {
		fmt.Println("no zones:", err)
		os.Exit(1)
	}
	at := time.Date(2024, 7, 1, 12, 0, 0, 0, time.UTC)
	fmt.Println(at.In(zone).Format("15:04 MST"), at.Local().Format("15:04 MST"))
	pool, err := x509.SystemCertPool()
	fmt.Println("certificates:", err == nil && !pool.Equal(x509.NewCertPool()))
	if len(os.Args) > 1 && os.Args[1] == "--fail" {
		fmt.Fprintln(os.Stderr, "asked to fail")
		os.Exit(3)
	}
}
