package dockerfile

import "testing"

func TestLines(t *testing.T) {
	runSyntax(t, []syntaxCase{
		{"comments and blank lines inside a RUN are kept", "FROM a\nRUN x && \\\n  # why\n\n    y\n", `
comment "# why"
1-1 from "a"
  arg "a" written "a"
2-5 run "x &&     y"
  arg "x" written "x"
  arg "&&" written "&&"
  arg "y" written "y"
`},
		{"blanks after the continuation character", "FROM a\nRUN x \\ \t\n y\n", `
1-1 from "a"
  arg "a" written "a"
2-3 run "x  y"
  arg "x" written "x"
  arg "y" written "y"
`},
		{"two escape characters do not continue", "FROM a\nRUN x \\\\\nRUN y\n", `
1-1 from "a"
  arg "a" written "a"
2-2 run "x \\\\"
  arg "x" written "x"
  arg "\\" written "\\\\"
3-3 run "y"
  arg "y" written "y"
`},
		{"a word broken by a continuation", "FROM al\\\npine\n", `
1-2 from "alpine"
  arg "alpine" written "al\\\npine" broken
`},
		{"a keyword broken by a continuation", "FR\\\nOM a\n", `
1-2 from "a"
  arg "a" written "a"
`},
		{"a continuation that only comments follow", "FROM a\nRUN x \\\n# c\n", `
comment "# c"
1-1 from "a"
  arg "a" written "a"
2-3 run "x"
  arg "x" written "x"
`},
		{"a line of the continuation character only", "FROM a\n\\\nRUN x\n", `
1-1 from "a"
  arg "a" written "a"
2-3 run "x"
  arg "x" written "x"
`},
		{"tab after the keyword, blanks before it", "\tFROM\tdebian:12\n  run\t x\n", `
1-1 from "debian:12"
  arg "debian:12" written "debian:12"
2-2 run "x"
  arg "x" written "x"
`},
		{"comments above", "# a\n\n# b\n #c\nFROM x\n# d\n\nRUN y\n", `
comment "# a"
comment "# b"
comment "#c"
comment "# d"
5-5 from "x"
  lead "# b\n #c\n"
  arg "x" written "x"
8-8 run "y"
  arg "y" written "y"
`},
	})
}

func TestDirectives(t *testing.T) {
	runSyntax(t, []syntaxCase{
		{"all, in any order", "# check=skip=all\n# syntax=docker/dockerfile:1\n#escape=`\n# c\nFROM a\nRUN x `\n y\n", "\n" +
			"directive check \"# check=skip=all\"\n" +
			"directive syntax \"# syntax=docker/dockerfile:1\"\n" +
			"directive escape \"#escape=`\"\n" +
			"comment \"# c\"\n" +
			"5-5 from \"a\"\n  lead \"# c\\n\"\n  arg \"a\" written \"a\"\n" +
			"6-7 run \"x  y\"\n  arg \"x\" written \"x\"\n  arg \"y\" written \"y\"\n"},
		{"not below a comment", "# c\n# syntax=x\nFROM a\n", `
comment "# c"
comment "# syntax=x"
3-3 from "a"
  lead "# c\n# syntax=x\n"
  arg "a" written "a"
`},
		{"below a shebang line, where escape counts no more", "#!/usr/bin/env x\n# syntax=y\n# escape=`\nFROM a\nRUN b \\\n c\n", "\n" +
			"directive syntax \"# syntax=y\"\n" +
			"comment \"#!/usr/bin/env x\"\n" +
			"comment \"# escape=`\"\n" +
			"4-4 from \"a\"\n  lead \"# escape=`\\n\"\n  arg \"a\" written \"a\"\n" +
			"5-6 run \"b  c\"\n  arg \"b\" written \"b\"\n  arg \"c\" written \"c\"\n"},
		{"Windows", "# escape=`\nFROM mcr.microsoft.com/windows/servercore:ltsc2022\nSHELL [\"powershell\", \"-c\"]\nCOPY a C:\\app\\\nRUN dir `\n  C:\\\n", "\n" +
			"directive escape \"# escape=`\"\n" +
			"2-2 from \"mcr.microsoft.com/windows/servercore:ltsc2022\"\n  arg \"mcr.microsoft.com/windows/servercore:ltsc2022\" written \"mcr.microsoft.com/windows/servercore:ltsc2022\"\n" +
			"3-3 shell \"[\\\"powershell\\\", \\\"-c\\\"]\"\n  exec\n  arg \"powershell\" written \"\\\"powershell\\\"\"\n  arg \"-c\" written \"\\\"-c\\\"\"\n" +
			"4-4 copy \"a C:\\\\app\\\\\"\n  arg \"a\" written \"a\"\n  arg \"C:\\\\app\\\\\" written \"C:\\\\app\\\\\"\n" +
			"5-6 run \"dir   C:\\\\\"\n  arg \"dir\" written \"dir\"\n  arg \"C:\\\\\" written \"C:\\\\\"\n"},
	})
}

func TestHeredocs(t *testing.T) {
	runSyntax(t, []syntaxCase{
		{"the whole command", "FROM a\nRUN <<EOF\nx \\\n# no comment\nEOF\nRUN y\n", `
1-1 from "a"
  arg "a" written "a"
2-5 run "<<EOF"
  arg "<<EOF" written "<<EOF"
  heredoc EOF "<<EOF" body "x \\\n# no comment\n" end "EOF"
6-6 run "y"
  arg "y" written "y"
`},
		{"two in one RUN", "FROM a\nRUN <<A cat && <<-'B' cat\n1\nA\n2\n\tB\n", `
1-1 from "a"
  arg "a" written "a"
2-6 run "<<A cat && <<-'B' cat"
  arg "<<A" written "<<A"
  arg "cat" written "cat"
  arg "&&" written "&&"
  arg "<<-B" written "<<-'B'"
  arg "cat" written "cat"
  heredoc A "<<A" body "1\n" end "A"
  heredoc B "<<-'B'" body "2\n" end "\tB"
`},
		{"quoted text that only looks like one", "FROM a\nRUN echo \"<<A\" <<A\n1\nA\n", `
1-1 from "a"
  arg "a" written "a"
2-4 run "echo \"<<A\" <<A"
  arg "echo" written "echo"
  arg "<<A" written "\"<<A\""
  arg "<<A" written "<<A"
  heredoc A "<<A" body "1\n" end "A"
`},
		{"after a substitution that BuildKit's lexer changes", "FROM a\nRUN echo ${x:-\\a} <<A\n1\nA\n", `
1-1 from "a"
  arg "a" written "a"
2-4 run "echo ${x:-\\a} <<A"
  arg "echo" written "echo"
  arg "${x:-a}" written "${x:-\\a}"
  arg "<<A" written "<<A"
  heredoc A "<<A" body "1\n" end "A"
`},
		{"in COPY, after flags and a continuation", "FROM a\nCOPY --chown=1 <<a.txt \\\n <<b /d/\n1\na.txt\nb\n", `
1-1 from "a"
  arg "a" written "a"
2-6 copy "<<a.txt  <<b /d/"
  flag chown=1 "--chown=1"
  arg "<<a.txt" written "<<a.txt"
  arg "<<b" written "<<b"
  arg "/d/" written "/d/"
  heredoc a.txt "<<a.txt" body "1\n" end "a.txt"
  heredoc b "<<b" body "" end "b"
`},
		{"inside ONBUILD", "FROM a\nONBUILD RUN <<EOF\nx\nEOF\n", `
1-1 from "a"
  arg "a" written "a"
2-4 onbuild "RUN <<EOF"
  heredoc EOF "<<EOF" body "x\n" end "EOF"
  trigger run "<<EOF"
  arg "<<EOF" written "<<EOF"
  heredoc EOF "<<EOF" body "x\n" end "EOF"
`},
		{"not in exec form, nor in other instructions", "FROM a\nRUN [\"<<A\"]\nCMD cat <<B\n", `
1-1 from "a"
  arg "a" written "a"
2-2 run "[\"<<A\"]"
  exec
  arg "<<A" written "\"<<A\""
3-3 cmd "cat <<B"
  arg "cat" written "cat"
  arg "<<B" written "<<B"
`},
	})
}

func TestInstructions(t *testing.T) {
	runSyntax(t, []syntaxCase{
		{"FROM", "ARG V=1\nFROM --platform=$BUILDPLATFORM \"node:$V\" as Build\nFROM build\n", `
1-1 arg "V=1"
  pair V="1" written "1"
2-2 from "\"node:$V\" as Build"
  flag platform=$BUILDPLATFORM "--platform=$BUILDPLATFORM"
  arg "node:$V" written "\"node:$V\""
  arg "as" written "as"
  arg "Build" written "Build"
3-3 from "build"
  arg "build" written "build"
`},
		{"flags", "FROM a\nRUN --mount=type=cache,target=/x \\\n --mount=type=bind --network=\"none\" -- --x\nCOPY --from=$x --link a \\\n b/\n", `
1-1 from "a"
  arg "a" written "a"
2-3 run "--x"
  flag mount=type=cache,target=/x "--mount=type=cache,target=/x"
  flag mount=type=bind "--mount=type=bind"
  flag network=none "--network=\"none\""
  arg "--x" written "--x"
4-5 copy "a  b/"
  flag from=$x "--from=$x"
  flag link= "--link"
  arg "a" written "a"
  arg "b/" written "b/"
`},
		{"a flag broken by a continuation", "FROM a\nCOPY --from=x\\\ny a b\n", `
1-1 from "a"
  arg "a" written "a"
2-3 copy "a b"
  flag from=xy "--from=x\\\ny" broken
  arg "a" written "a"
  arg "b" written "b"
`},
		{"ENV in both forms", "FROM a\nENV k=v k2=\"v 2\" k3='a'b k4=a\\ b \\\n # c\n k5=\nENV k v  \"w\" x\n", `
comment "# c"
1-1 from "a"
  arg "a" written "a"
2-4 env "k=v k2=\"v 2\" k3='a'b k4=a\\ b  k5="
  pair k="v" written "v"
  pair k2="v 2" written "\"v 2\""
  pair k3="ab" written "'a'b"
  pair k4="a b" written "a\\ b"
  pair k5="" written ""
5-5 env "k v  \"w\" x"
  pair k="v  w x" written "v  \"w\" x"
`},
		{"LABEL and ARG", "FROM a\nLABEL \"a b\"=c d=\"x\\\ny\"\nARG A B=1 C=\n", `
1-1 from "a"
  arg "a" written "a"
2-3 label "\"a b\"=c d=\"xy\""
  pair "a b"="c" written "c"
  pair d="xy" written "\"x\\\ny\"" broken
4-4 arg "A B=1 C="
  pair A="" written ""
  pair B="1" written "1"
  pair C="" written ""
`},
		{"exec form", "FROM a\nCMD [\"a b\", \"c\\\"\\u00e9\", \\\n  \"d\"]\nCOPY [\"x y\", \"/z\"]\nVOLUME [\"/v\"]\nENTRYPOINT []\nCMD [a]\nVOLUME /a /b\n", `
1-1 from "a"
  arg "a" written "a"
2-3 cmd "[\"a b\", \"c\\\"\\u00e9\",   \"d\"]"
  exec
  arg "a b" written "\"a b\""
  arg "c\"é" written "\"c\\\"\\u00e9\""
  arg "d" written "\"d\""
4-4 copy "[\"x y\", \"/z\"]"
  exec
  arg "x y" written "\"x y\""
  arg "/z" written "\"/z\""
5-5 volume "[\"/v\"]"
  exec
  arg "/v" written "\"/v\""
6-6 entrypoint "[]"
  exec
7-7 cmd "[a]"
  arg "[a]" written "[a]"
8-8 volume "/a /b"
  arg "/a" written "/a"
  arg "/b" written "/b"
`},
		{"the others", "FROM a\nMAINTAINER A B <a@b>\nEXPOSE 80  443/tcp\nUSER  1:2\nWORKDIR /a b\nSTOPSIGNAL SIGINT\nHEALTHCHECK --interval=3s CMD curl \"a b\"\nHEALTHCHECK CMD [\"x\"]\nHEALTHCHECK NONE\nONBUILD COPY --from=x a b\n", `
1-1 from "a"
  arg "a" written "a"
2-2 maintainer "A B <a@b>"
  arg "A B <a@b>" written "A B <a@b>"
3-3 expose "80  443/tcp"
  arg "80" written "80"
  arg "443/tcp" written "443/tcp"
4-4 user "1:2"
  arg "1:2" written "1:2"
5-5 workdir "/a b"
  arg "/a b" written "/a b"
6-6 stopsignal "SIGINT"
  arg "SIGINT" written "SIGINT"
7-7 healthcheck "CMD curl \"a b\""
  flag interval=3s "--interval=3s"
  arg "CMD" written "CMD"
  arg "curl" written "curl"
  arg "a b" written "\"a b\""
8-8 healthcheck "CMD [\"x\"]"
  exec
  arg "CMD" written "CMD"
  arg "x" written "\"x\""
9-9 healthcheck "NONE"
  arg "NONE" written "NONE"
10-10 onbuild "COPY --from=x a b"
  trigger copy "a b"
  flag from=x "--from=x"
  arg "a" written "a"
  arg "b" written "b"
`},
	})
}
