#!/bin/sh
set -e
# Whatever is mounted at /spool has to belong to the account that works in it.
chown -R jobs:jobs /spool
exec setpriv --reuid=jobs --regid=jobs --clear-groups "$@"
