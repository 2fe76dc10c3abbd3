// Command probe is the helper that verify runs inside BuildKit.
package main

func main() {}
