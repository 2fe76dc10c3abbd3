package transform

import (
	"path"
	"slices"
	"strings"
)

// seeds reports whether a RUN executes the program's own code, or a tool that fills
// its database: what that left behind is root's, also beside the code, and the
// program goes on writing to it.
func (u *userPlan) seeds() bool {
	return slices.ContainsFunc(u.cmds, u.seeded)
}

func (u *userPlan) seeded(c *command) bool {
	args := literals(c)
	if len(args) > 0 {
		args = args[1:]
	}
	switch name := path.Base(c.name); name {
	case "alembic", "sqlite3", "knex", "sequelize", "sequelize-cli", "typeorm":
		return true
	case "flask", "npx", "npm", "yarn", "pnpm", "bunx", "bundle", "rails", "rake":
		return slices.ContainsFunc(args, fillsDatabase)
	default:
		return isInterpreter(name) && u.runsOwnCode(c, args)
	}
}

// isInterpreter is true for the programs that run a source given by name.
func isInterpreter(name string) bool {
	return strings.HasPrefix(name, "python") || slices.Contains(words("node nodejs php ruby bun"), name)
}

// runsOwnCode reports whether an interpreter's arguments name a source of the build
// context that may write beside itself, or hand it code that fills a database.
func (u *userPlan) runsOwnCode(c *command, args []string) bool {
	at := slices.IndexFunc(args, func(a string) bool { return !strings.HasPrefix(a, "-") })
	if at < 0 {
		return false
	}
	if at > 0 && slices.Contains(words("-c -e -r -m"), args[at-1]) {
		return slices.ContainsFunc(args[at:], fillsDatabase)
	}
	switch path.Base(args[at]) {
	case "manage.py", "artisan":
		return slices.ContainsFunc(args[at+1:], fillsDatabase)
	case "setup.py":
		return false
	}
	_, _, copied := u.contextOf(absIn(c.dir, args[at]))
	return copied
}

// fillsDatabase reports whether a word of a command is the name of what makes or fills
// tables, in the words of Django, Flask, Laravel, Rails and their like.
func fillsDatabase(word string) bool {
	word = strings.ToLower(word)
	return slices.ContainsFunc(words("migrat create_all init_db init-db initdb db: seed loaddata syncdb"), func(mark string) bool {
		return strings.Contains(word, mark)
	}) || word == "db"
}
