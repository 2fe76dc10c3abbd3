package templates

import "strconv"

// CurrentAlpine is the newest Alpine release in the tag record, as "3.24".
func CurrentAlpine() string { return "3." + strconv.Itoa(newestAlpine) }

// CurrentDebian is the release of Debian that a program tied to none goes to: the
// one that the distroless images stand on, too.
const CurrentDebian = "trixie"
