/* A very small HTTP server: one request at a time. */
#ifndef HTTPMINI_H
#define HTTPMINI_H

#include <stddef.h>

struct http_request {
	char method[8];
	char path[256];
	char body[1024];
};

/* Fills out with at most size bytes and returns the status. */
typedef int (*http_handler)(const struct http_request *req, char *out, size_t size);

/* Serves until it fails. */
int http_serve(int port, http_handler handle);

#endif
