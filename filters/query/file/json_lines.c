#include "query/file/json_lines.h"

#include <stdio.h>

#include "core/reader.h"
#include "query/file/gunzip.h"
#include "wire/stream/control.h"
#include "wire/stream/input.h"

enum { SHOWN = 64 * 1024 };

struct json_lines {
	struct rows *rows;
	struct reader *reader;
	struct scan *scan;
	struct gunzip *from;
};

static struct slice trim(struct slice s)
{
	while (s.n > 0 && (*s.p == ' ' || *s.p == '\t'))
		s = slice_of(s.p + 1, s.n - 1);
	while (s.n > 0 && (s.p[s.n - 1] == ' ' || s.p[s.n - 1] == '\t' ||
			   s.p[s.n - 1] == '\r'))
		s.n--;
	return s;
}

static int refuse(struct json_lines *l, struct slice line, const char *why,
		  struct err *e)
{
	if (line.n > SHOWN)
		line.n = SHOWN;
	return rows_reject(l->rows, -1, reader_lineno(l->reader), why, line, e);
}

static int take(struct json_lines *l, struct slice line, struct err *e)
{
	char why[200];

	if (reader_too_long(l->reader))
		return refuse(l, line, INPUT_TOO_LONG, e);
	if (scan_object(l->scan, line) < 0) {
		snprintf(why, sizeof(why), "byte %zu: %s", scan_at(l->scan) + 1,
			 scan_why(l->scan));
		return refuse(l, line, why, e);
	}
	if (scan_find(l->scan, slice_str(CONTROL_NAME)) >= 0)
		return refuse(l, line,
			      "member '_rudder': this name is reserved", e);
	return rows_line(l->rows, trim(line), e);
}

static int copy(struct json_lines *l, struct err *e)
{
	struct slice line;
	int rc = rows_begin_any(l->rows, e);

	if (rc <= 0)
		return rc;
	while ((rc = reader_next(l->reader, &line, e)) > 0) {
		if (rows_full(l->rows)) {
			l->rows->partial = true;
			return 0;
		}
		if (take(l, line, e) < 0)
			return -1;
	}
	if (rc == 0 && reader_tail(l->reader) > 0)
		return err_names(
			e, ERR_DATA,
			"line %ju has no line feed: the file is truncated",
			(uintmax_t)reader_lineno(l->reader) + 1);
	return rc;
}

int json_lines_copy(struct rows *rows, int fd, struct err *e)
{
	struct json_lines l = {.rows = rows, .scan = scan_new()};
	int rc;

	l.from = gunzip_new(fd, rows);
	l.reader = reader_new(fd, INPUT_MAX_LINE, NULL, NULL);
	reader_from(l.reader, gunzip_read, l.from);
	reader_skip_start(l.reader);
	rc = copy(&l, e);
	reader_free(l.reader);
	gunzip_free(l.from);
	scan_free(l.scan);
	return rc;
}
