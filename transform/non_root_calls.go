package transform

import (
	"regexp"
)

// writeCall is a call that writes a file or makes a folder.
type writeCall struct {
	lang string
	re   *regexp.Regexp // ends before the first argument
	arg  int            // which argument is the path, or one of the kinds below
	dir  bool           // it is a folder
	mode bool           // the argument after it has to be a mode that writes
}

// Kinds of writeCall.arg besides the number of an argument.
const (
	joinedArgument  = -1 // the match ends inside the argument: .save(os.path.join
	literalOption   = -2 // an option, of which only a value that stands there counts
	stateFileOption = -3 // an option, of which only a value counts that ends like a log or a database
)

// writeCalls are the calls of each language; no more than what most programs use.
func writeCalls() []writeCall {
	re := regexp.MustCompile
	return []writeCall{
		{"Python", re(`\b(?:io\.|codecs\.|aiofiles\.)?open\(`), 0, false, true},
		{"Python", re(`\bos\.(?:makedirs|mkdir)\(`), 0, true, false},
		{"Python", re(`\b(?:sqlite3|aiosqlite)\.connect\(|\bTinyDB\(|\bshelve\.open\(|\b(?:Rotating|TimedRotating)?FileHandler\(|\bcv2\.imwrite\(|\.to_(?:csv|excel|json|parquet|pickle)\(|\bplt\.savefig\(|\bnp\.save(?:z|txt)?\(`), 0, false, false},
		{"Python", re(`\bjoblib\.dump\(|\btorch\.save\(|\burlretrieve\(`), 1, false, false},
		{"Python", re(`\bZipFile\(|\btarfile\.open\(`), 0, false, true},
		{"Python", re(`["']filename["']\s*:\s*|\bfilename\s*=\s*|\blogger\.add\(`), stateFileOption, false, false},
		{"Python", re(`\.save\((?:os\.path\.join)`), joinedArgument, false, false},
		{"Python", re(`\bshutil\.(?:copy|copyfile|copy2|move)\(`), 1, false, false},
		{"Python", re(`\b(?:TelegramClient|SqliteDatabase|SqliteExtDatabase)\(|\bPicklePersistence\((?:filepath\s*=\s*)?`), literalOption, false, false},
		{"JavaScript", re(`\buseMultiFileAuthState\(`), literalOption, true, false},
		{"JavaScript", re(`(?m)(?:\b(?:fs|fsp|fse|fsPromises|promises)\.|^|[^.\w])(?:writeFile|writeFileSync|appendFile|appendFileSync|createWriteStream|outputFile|outputFileSync|writeJson|writeJsonSync)\(`), 0, false, false},
		{"JavaScript", re(`(?m)(?:\b(?:fs|fsp|fse|fsPromises|promises)\.|^|[^.\w])(?:mkdir|mkdirSync|ensureDir|ensureDirSync|mkdirp)\(|\bmkdirp\.sync\(`), 0, true, false},
		{"JavaScript", re(`\bnew (?:sqlite3|sqlite)\.Database\(|\bnew (?:JSONFile|JSONFileSync|FileSync|FileAsync)\(|\bnew Datastore\(|\bnew Database\(|\brequire\(["']better-sqlite3["']\)\(|\bJSONFilePreset\(|\.toFile\(`), 0, false, false},
		{"JavaScript", re(`\btransports\.File\(\{[^}]{0,200}?\bfilename: *|\bDailyRotateFile\(\{[^}]{0,200}?\bfilename: *`), 0, false, false},
		{"JavaScript", re(`\bdestination: *|\bdest: *|\buploadDir: *|\bDailyRotateFile\(\{[^}]{0,200}?\bdirname: *`), literalOption, true, false},
		{"JavaScript", re(`\bdestination(?:: *(?:async )?(?:function|\()|\()[^}]{0,200}?\b\w+\(null, *`), literalOption, true, false},
		{"JavaScript", re(`\bfilename: *|\bstorage: *|\bpino\.destination\(`), stateFileOption, false, false},
		{"PHP", re(`\bfile_put_contents\(`), 0, false, false},
		{"PHP", re(`\bfopen\(`), 0, false, true},
		{"PHP", re(`\bmkdir\(`), 0, true, false},
		{"PHP", re(`\bmove_uploaded_file\(`), 1, false, false},
		{"PHP", re(`\berror_log\(`), 2, false, false},
		{"PHP", re(`\bnew \\?PDO\(\s*["']sqlite:["']\s*\.\s*|\btouch\(`), 0, false, false},
		{"Ruby", re(`\b(?:File\.(?:write|open|new)|CSV\.open)\(`), 0, false, true},
		{"Ruby", re(`\b(?:FileUtils\.mkdir_p|Dir\.mkdir)[( ]`), 0, true, false},
		{"Ruby", re(`\b(?:Logger|PStore|SQLite3::Database)\.new\(`), literalOption, false, false},
		{"Java", re(`\bnew (?:java\.io\.)?(?:FileWriter|FileOutputStream|PrintWriter)\(`), 0, false, false},
		{"Java", re(`\bnew (?:java\.io\.)?RandomAccessFile\(`), 0, false, true},
		{"Java", re(`\bFiles\.(?:write|writeString|newBufferedWriter|newOutputStream|createFile)\(|\bnew (?:java\.util\.logging\.)?FileHandler\(`), 0, false, false},
		{"Java", re(`\bFiles\.(?:copy|move)\(`), 1, false, false},
		{"Java", re(`\bFiles\.(?:createDirectory|createDirectories)\(`), 0, true, false},
		{"C#", re(`\bFile\.(?:WriteAll\w+|AppendAll\w+|Create|OpenWrite|AppendText|CreateText)\(`), 0, false, false},
		{"C#", re(`\bDirectory\.CreateDirectory\(`), 0, true, false},
		{"C", re(`\bf?open\(`), 0, false, true},
		{"C", re(`\bmkdir\(`), 0, true, false},
		{"C", re(`\b(?:sqlite3_open(?:_v2)?|creat)\(|\bofstream \w+[({]`), 0, false, false},
		{"Rust", re(`\bFile::create\(|\bfs::write\(|\bConnection::open\(`), 0, false, false},
		{"Rust", re(`\.(?:create|create_new|append|write)\(true\)[^;]{0,200}?\.open\(`), 0, false, false},
		{"Rust", re(`\bcreate_dir(?:_all)?\(`), 0, true, false},
	}
}

// settingPath finds settings that name a place to write to, in any language.
var settingPaths = regexp.MustCompile(`(?i)\b\w*(?:upload|data|log|output|cache|media|storage|download|export|result|temp|tmp)s?_?(?:dir|folder|path|root|directory)\w*["']?\]?\s*[:=]\s*(?:r|f)?["']([^"'\n]{1,200})["']`)

// databases finds embedded databases by their URLs, and log files of properties and appenders.
var (
	sqliteURLs = regexp.MustCompile(`\bsqlite(?:\+\w+)?:///?([^"'\s?]{1,200})|\bPDO\(\s*["']sqlite:([^"'\s:$]{1,200})["']|\bjdbc:(?:sqlite|h2|hsqldb|derby):(?:file:)?([^"'\s;?]{1,200})|\bData Source=([^"';\s]{1,200}\.(?:db|sqlite3?))|['"]([^"'\s:]{0,200}\.sqlite3?)['"]`)
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
