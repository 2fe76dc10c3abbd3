#!/bin/sh
set -e

case "$1" in
  serve)
    # the server starts with what there is
    weather-import /app/data/stations.csv > /tmp/stations.tsv
    exec weather-server /tmp/stations.tsv
    ;;
  import)
    shift
    exec weather-import "$@"
    ;;
  *)
    exec "$@"
    ;;
esac
