#!/bin/sh
# Adds up every list in /spool/in and keeps the sums in /spool/out.
set -eu
mkdir -p /spool/out
for job in /spool/in/*.txt; do
  name=$(basename "$job" .txt)
  awk '{ n += $2 } END { print n }' "$job" > "/spool/out/$name.sum"
  echo "$name: $(cat "/spool/out/$name.sum")"
done
echo "done as $(id -un)"
