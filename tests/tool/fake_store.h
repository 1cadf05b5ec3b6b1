/* fake_store.h - a small REST store for fake.c: documents by their path.
 *
 * POST makes one (409 where it is), PUT makes or replaces it, PATCH replaces it
 * (404 where it is not), DELETE removes it (404 where it is not), GET answers
 * 200 or 404. Each change is appended to a file: METHOD PATH BODY.
 */
#ifndef TESTS_TOOL_FAKE_STORE_H
#define TESTS_TOOL_FAKE_STORE_H

#include <search.h>

#include "core/buf.h"
#include "core/mem.h"
#include "core/slice.h"
#include "core/writer.h"

struct fake_store {
	int fd; /* -1: there is none */
	void *tree;
};

struct fake_document {
	char *path;
	bool there;
};

static int fake_store_compare(const void *a, const void *b)
{
	const struct fake_document *x = a, *y = b;

	return strcmp(x->path, y->path);
}

static struct fake_document *fake_store_find(struct fake_store *s,
					     const char *path)
{
	struct fake_document *d = mem_zero(sizeof(*d));
	struct fake_document **at;

	d->path = mem_copy(path, strlen(path));
	at = tsearch(d, &s->tree, fake_store_compare);
	if (*at != d) {
		free(d->path);
		free(d);
	}
	return *at;
}

/* What a request would be answered; apply: and what it changes. */
static unsigned fake_store_take(struct fake_store *s, const char *method,
				const char *path, struct slice body, bool apply)
{
	struct fake_document *d = fake_store_find(s, path);
	bool there = d->there, remove = strcmp(method, "DELETE") == 0;
	struct buf line = {0};
	unsigned status = there ? 200 : 201;
	struct err e;

	if (strcmp(method, "GET") == 0)
		return there ? 200 : 404;
	if (strcmp(method, "POST") == 0 && there)
		return 409;
	if ((remove || strcmp(method, "PATCH") == 0) && !there)
		return 404;
	if (!apply)
		return status;
	d->there = !remove;
	buf_fmt(&line, "%s %s ", method, path);
	buf_slice(&line, body);
	buf_char(&line, '\n');
	if (writer_all(s->fd, line.p, line.n, &e) < 0)
		exit(70);
	buf_clear(&line);
	return status;
}

#endif
