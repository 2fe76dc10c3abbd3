#!/bin/bash
# Writes the report every INTERVAL seconds. cron in a container was more trouble.
cd "$(dirname "$0")/.." || exit 1
n=0
while :; do
  n=$((n + 1))
  if ./bin/report.pl input > out/report.tmp && mv out/report.tmp out/report.txt; then
    echo "report $n written"
  else
    echo "report $n failed" >&2
    failed=1
  fi
  [ "$RUNS" -gt 0 ] && [ "$n" -ge "$RUNS" ] && break
  sleep "$INTERVAL"
done
cat out/report.txt
exit "${failed:-0}"
