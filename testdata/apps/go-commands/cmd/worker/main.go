package main

import (
	"fmt"
	"os"
	"strconv"

	"example.org/jobs/internal/greeting"
)

func main() {
	n, err := strconv.Atoi(os.Args[1])
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
	fmt.Println(greeting.Text("worker"), n*n)
}
