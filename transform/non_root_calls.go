package transform

import (
	"regexp"
)

// writeCall is a call that writes a file or makes a folder.
type writeCall struct {
	lang string
	re   *regexp.Regexp // ends before the first argument
	arg  int            // which argument is the path
	dir  bool           // it is a folder
	mode bool           // the argument after it has to be a mode that writes
}

// writeCalls are the calls of each language; no more than what most programs use.
func writeCalls() []writeCall {
	re := regexp.MustCompile
	return []writeCall{
		{"Python", re(`\b(?:io\.|codecs\.|aiofiles\.)?open\(`), 0, false, true},
		{"Python", re(`\bos\.(?:makedirs|mkdir)\(`), 0, true, false},
		{"Python", re(`\b(?:sqlite3|aiosqlite)\.connect\(|\bTinyDB\(|\bshelve\.open\(|\b(?:Rotating|TimedRotating)?FileHandler\(|\bcv2\.imwrite\(|\.to_csv\(|\.to_excel\(|\bplt\.savefig\(`), 0, false, false},
		{"Python", re(`\.save\((?:os\.path\.join)`), -1, false, false},
		{"Python", re(`\bshutil\.(?:copy|copyfile|copy2|move)\(`), 1, false, false},
		{"JavaScript", re(`\b(?:fs|fsp|fse|fsPromises|promises)\.(?:writeFile|writeFileSync|appendFile|appendFileSync|createWriteStream|outputFile|outputFileSync|writeJson|writeJsonSync)\(`), 0, false, false},
		{"JavaScript", re(`\b(?:fs|fsp|fse|fsPromises|promises)\.(?:mkdir|mkdirSync|ensureDir|ensureDirSync|mkdirp)\(|\bmkdirp(?:\.sync)?\(`), 0, true, false},
		{"JavaScript", re(`\bnew (?:sqlite3|sqlite)\.Database\(|\bnew (?:JSONFile|JSONFileSync|FileSync|FileAsync)\(|\bnew Datastore\(|\bnew Database\(`), 0, false, false},
		{"JavaScript", re(`\bdestination: *|\bdest: *|\buploadDir: *|\bfilename: *(?:["'` + "`" + `][^"'` + "`" + `]*\.log)`), -2, true, false},
		{"PHP", re(`\bfile_put_contents\(`), 0, false, false},
		{"PHP", re(`\bfopen\(`), 0, false, true},
		{"PHP", re(`\bmkdir\(`), 0, true, false},
		{"PHP", re(`\bmove_uploaded_file\(`), 1, false, false},
		{"Ruby", re(`\bFile\.(?:write|open)\(`), 0, false, true},
		{"Ruby", re(`\bFileUtils\.mkdir_p[( ]`), 0, true, false},
		{"Java", re(`\bnew (?:FileWriter|FileOutputStream|PrintWriter)\(`), 0, false, false},
		{"Java", re(`\bFiles\.(?:write|writeString|newBufferedWriter)\(`), 0, false, false},
		{"Java", re(`\bFiles\.(?:createDirectory|createDirectories)\(`), 0, true, false},
		{"C#", re(`\bFile\.(?:WriteAll\w+|AppendAll\w+|Create|OpenWrite|AppendText|CreateText)\(`), 0, false, false},
		{"C#", re(`\bDirectory\.CreateDirectory\(`), 0, true, false},
		{"C", re(`\bfopen\(`), 0, false, true},
		{"C", re(`\bmkdir\(`), 0, true, false},
		{"C", re(`\b(?:sqlite3_open(?:_v2)?|creat)\(|\bofstream \w+[({]`), 0, false, false},
		{"Rust", re(`\bFile::create\(|\bfs::write\(`), 0, false, false},
		{"Rust", re(`\bcreate_dir(?:_all)?\(`), 0, true, false},
	}
}

// settingPath finds settings that name a place to write to, in any language.
var settingPaths = regexp.MustCompile(`(?i)\b\w*(?:upload|data|log|output|cache|media|storage|download|export|result|temp|tmp)s?_?(?:dir|folder|path|root|directory)\w*["']?\]?\s*[:=]\s*(?:r|f)?["']([^"'\n]{1,200})["']`)

// databases finds embedded databases by their URLs, and log files of properties and appenders.
var (
	sqliteURLs = regexp.MustCompile(`\bsqlite(?:\+\w+)?:///?([^"'\s?]{1,200})|\bjdbc:(?:sqlite|h2|hsqldb|derby):(?:file:)?([^"'\s;?]{1,200})|\bData Source=([^"';\s]{1,200}\.(?:db|sqlite3?))|['"]([^"'\s:]{0,200}\.sqlite3?)['"]`)
	logFiles   = regexp.MustCompile(`(?m)^\s*logging\.(?:file|file\.name|path|file\.path)\s*[=:]\s*(\S+)|<(?:file|File|fileNamePattern|FileNamePattern)>([^<$]{1,200})<|\bfileName="([^"$]{1,200})"`)
)

// sourceEndings are the files of each language, configuration with it.
func sourceEndings(lang string) []string {
	switch lang {
	case "Python":
		return []string{".py"}
	case "JavaScript":
		return []string{".js", ".mjs", ".cjs", ".ts"}
	case "PHP":
		return []string{".php"}
	case "Ruby":
		return []string{".rb"}
	case "Java":
		return []string{".java", ".kt", ".properties", ".yml", ".yaml", ".xml"}
	case "C#":
		return []string{".cs", "appsettings.json", "appsettings.Production.json"}
	case "Rust":
		return []string{".rs"}
	case "C":
		return []string{".c", ".cc", ".cpp", ".cxx", ".h", ".hpp"}
	}
	return nil
}
