#include "sync/check_command.h"

#include <string.h>

enum { OUTPUT = 64 * 1024 };

int check_command(const struct sync_file *f, const struct stages *s,
		  struct buf *b)
{
	return check_command_of(f, s, -1, b);
}

int check_command_of(const struct sync_file *f, const struct stages *s, int in,
		     struct buf *b)
{
	const struct pipeline_options o = {
		.folder = f->folder, .file = f, .both = true, .in = in};
	struct err e;
	int status;

	b->n = 0;
	status = pipeline_capture(b, s, &o, OUTPUT, &e);
	if (status < 0) {
		buf_str(b, e.text);
		status = err_status(e.kind);
	}
	return status;
}

/* Removes the line end of the last line, and returns the start of that line. */
static char *cut_last(struct buf *b)
{
	char *p;

	while (b->n > 0 && b->p[b->n - 1] == '\n')
		b->n--;
	p = strrchr(buf_cstr(b), '\n');
	return p ? p + 1 : b->p;
}

const char *check_command_message(struct buf *b)
{
	size_t whole = b->n;
	char *p = cut_last(b), *colon;

	/* skip lines that a filter wrote for the next one */
	while (*p == '{' && p > b->p) {
		b->n = (size_t)(p - b->p);
		p = cut_last(b);
	}
	if (*p == '{') {
		b->n = whole;
		p = cut_last(b);
	}
	colon = strstr(p, ": ");
	return strncmp(p, "rudder-", 7) == 0 && colon ? colon + 2 : p;
}
