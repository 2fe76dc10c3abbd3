#define _GNU_SOURCE /* strcasestr */
#include "httpmini.h"

#include <arpa/inet.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <sys/socket.h>
#include <unistd.h>

static size_t content_length(const char *head)
{
	const char *p = strcasestr(head, "\r\ncontent-length:");

	return p ? strtoul(p + 17, NULL, 10) : 0;
}

static int read_request(int fd, struct http_request *req)
{
	char buf[4096] = "";
	size_t have = 0;
	char *end = NULL;

	memset(req, 0, sizeof *req);
	while (have < sizeof buf - 1) {
		ssize_t n = read(fd, buf + have, sizeof buf - 1 - have);

		if (n <= 0)
			return -1;
		have += (size_t)n;
		buf[have] = 0;
		end = strstr(buf, "\r\n\r\n");
		if (end && have - (size_t)(end + 4 - buf) >= content_length(buf))
			break;
	}
	if (!end || sscanf(buf, "%7s %255s", req->method, req->path) != 2)
		return -1;
	snprintf(req->body, sizeof req->body, "%s", end + 4);
	return 0;
}

static void answer(int fd, http_handler handle)
{
	struct http_request req;
	char body[8192] = "";
	int status = 400;

	if (read_request(fd, &req) == 0)
		status = handle(&req, body, sizeof body);
	dprintf(fd, "HTTP/1.1 %d X\r\nContent-Type: text/plain\r\nContent-Length: %zu\r\nConnection: close\r\n\r\n%s",
		status, strlen(body), body);
}

int http_serve(int port, http_handler handle)
{
	struct sockaddr_in addr = { .sin_family = AF_INET, .sin_port = htons(port) };
	int yes = 1, fd = socket(AF_INET, SOCK_STREAM, 0);

	setsockopt(fd, SOL_SOCKET, SO_REUSEADDR, &yes, sizeof yes);
	if (bind(fd, (struct sockaddr *)&addr, sizeof addr) || listen(fd, 16)) {
		perror("listen");
		return 1;
	}
	for (;;) {
		int conn = accept(fd, NULL, NULL);

		if (conn < 0)
			continue;
		answer(conn, handle);
		close(conn);
	}
}
