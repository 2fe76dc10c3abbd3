// Package templates holds what bulwark knows of the world outside a repository
// as embedded, dated and sourced tables: images and their tags, packages, and
// the accounts that a distribution makes. It answers from those tables only: a
// tag that was never recorded is never written, and what is not recorded is
// reported as not known.
//
// The tables are text that a person can read and extend. They are searched as
// they are or parsed on first use, so that a run that asks nothing pays nothing.
package templates
