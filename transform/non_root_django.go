package transform

import (
	"regexp"
	"strings"
)

// djangoNames are the lines of Django's DATABASES that name a database; for SQLite
// that is its file (Django's documentation, Settings, NAME).
var djangoNames = regexp.MustCompile(`(?m)^[^\n#]*["']NAME["'][ \t]*:[ \t]*([^\n#]+?)[ \t]*,?[ \t]*(?:\}[ \t,}]*)?(?:#.*)?\r?$`)

// djangoDatabases notes the files of SQLite that one file of Django's settings names;
// ok where it could tell each of them.
func (u *userPlan) djangoDatabases(p, text string, where func(at int) string) (ok bool) {
	if !strings.HasSuffix(p, ".py") || !strings.Contains(text, "django.db.backends.sqlite3") {
		return false
	}
	var found []written
	for _, m := range djangoNames.FindAllStringSubmatchIndex(text, 20) {
		expr := text[m[2]:m[3]]
		if !namesStateFile(expr) {
			continue // another kind of database, or the name of a validator
		}
		abs, told := u.settingPath(p, text, expr)
		if !told {
			return false
		}
		found = append(found, written{abs, true, where(m[2])})
	}
	for _, w := range found {
		u.write(w.path, w.file, w.why)
	}
	return len(found) > 0
}
