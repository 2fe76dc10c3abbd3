package evidence

import "io/fs"

// Context is a build context as the builder would see it: what .dockerignore
// excludes is not there. It is never written to.
type Context struct {
	fsys fs.FS
}
