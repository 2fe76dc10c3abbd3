"""Sales of the day. Without DATABASE_URL it only says what it would connect with."""
import os
import sys

import psycopg2
from psycopg2 import extensions

url = os.environ.get("DATABASE_URL")
if not url:
    version = extensions.libpq_version()
    print(f"libpq {version // 10000}, psycopg2 {psycopg2.__version__.split()[0]}")
    print(extensions.make_dsn("host=db", dbname="sales", user="report"))
    sys.exit(0)

with psycopg2.connect(url) as conn, conn.cursor() as cur:
    cur.execute("SELECT count(*), sum(cents) FROM sales WHERE day = current_date")
    print("sales: %s, cents: %s" % cur.fetchone())
