#!/bin/sh
set -e

# The database is a file beside the code
python manage.py migrate --noinput

exec "$@"
