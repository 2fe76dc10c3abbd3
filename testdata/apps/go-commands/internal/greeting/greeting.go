// Package greeting says who speaks.
package greeting

// Text is the greeting of the command called name.
func Text(name string) string { return "this is " + name }
