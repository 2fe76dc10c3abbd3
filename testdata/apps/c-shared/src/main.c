#include <signal.h>
#include <sqlite3.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "httpmini.h"

static sqlite3 *db;

static int sign(const char *name, char *out, size_t size)
{
	sqlite3_stmt *st;
	int rc;

	if (sqlite3_prepare_v2(db, "INSERT INTO guests(name) VALUES (?)", -1, &st, NULL) != SQLITE_OK)
		return 500;
	sqlite3_bind_text(st, 1, name, -1, SQLITE_STATIC);
	rc = sqlite3_step(st);
	sqlite3_finalize(st);
	snprintf(out, size, "%s\n", rc == SQLITE_DONE ? "thank you" : sqlite3_errmsg(db));
	return rc == SQLITE_DONE ? 201 : 500;
}

static int list(char *out, size_t size)
{
	sqlite3_stmt *st;
	size_t used = 0;

	if (sqlite3_prepare_v2(db, "SELECT id, name FROM guests ORDER BY id", -1, &st, NULL) != SQLITE_OK)
		return 500;
	while (sqlite3_step(st) == SQLITE_ROW && used < size)
		used += (size_t)snprintf(out + used, size - used, "%d. %s\n",
			sqlite3_column_int(st, 0), (const char *)sqlite3_column_text(st, 1));
	sqlite3_finalize(st);
	return 200;
}

static int handle(const struct http_request *req, char *out, size_t size)
{
	if (strcmp(req->path, "/guests") != 0)
		return 404;
	if (strcmp(req->method, "POST") == 0)
		return sign(req->body, out, size);
	return list(out, size);
}

static void stop(int sig)
{
	(void)sig;
	_exit(0);
}

int main(int argc, char **argv)
{
	const char *file = argc > 1 ? argv[1] : "guests.db";

	signal(SIGTERM, stop);
	if (sqlite3_open(file, &db) != SQLITE_OK ||
	    sqlite3_exec(db, "CREATE TABLE IF NOT EXISTS guests(id INTEGER PRIMARY KEY, name TEXT)", NULL, NULL, NULL) != SQLITE_OK) {
		fprintf(stderr, "%s: %s\n", file, sqlite3_errmsg(db));
		return 1;
	}
	return http_serve(8080, handle);
}
