#!/bin/sh
# csv2html FILE.csv    writes the table as HTML to standard output
set -eu

share=${CSV2HTML_SHARE:-/usr/share/csv2html}
file=${1:?usage: csv2html FILE.csv}
[ -r "$file" ] || { echo "csv2html: cannot read $file" >&2; exit 66; }

rows=$(mktemp)
trap 'rm -f "$rows"' EXIT

awk -F, '
  { gsub(/&/, "\\&amp;"); gsub(/</, "\\&lt;") }
  { tag = NR == 1 ? "th" : "td"; printf "  <tr>" }
  { for (i = 1; i <= NF; i++) printf "<%s>%s</%s>", tag, $i, tag; print "</tr>" }
' "$file" > "$rows"

cat "$share/head.html" "$rows" "$share/tail.html"
echo "csv2html: $(wc -l < "$rows" | tr -d ' ') rows" >&2
