#!/bin/sh
set -e

: "${ADDR:=:8080}"
export ADDR

if [ "$1" = "serve" ]; then
    shift
    exec ./api "$@"
fi
exec "$@"
