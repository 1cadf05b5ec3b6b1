/* fuzz_mapping.c - any mapping file and any rows, with a line of === between:
 * the mapping is refused with a reason, or each row leaves as events, a reject
 * or a skip, the counts fit, and every line is JSON
 */
#include "fuzz.h"

#include <stdio.h>

#include "core/tool.h"
#include "map/map.h"
#include "wire/json/scan.h"

#define PARTED "\n===\n"

/* Whether rudder-map passes over the line where no other came before. */
static bool is_blank(const char *p, size_t n)
{
	if (n >= 3 && memcmp(p, "\xef\xbb\xbf", 3) == 0)
		p += 3, n -= 3;
	while (n > 0 && strchr(" \t\r\n", *p))
		p++, n--;
	return n == 0;
}

/* The rows whose lines end, but for those that control the stream. */
static uint64_t take_rows(struct buf *to, struct slice rows)
{
	uint64_t n = 0;

	for (;;) {
		const char *lf = rows.n ? memchr(rows.p, '\n', rows.n) : NULL;
		size_t len = lf ? (size_t)(lf - rows.p) + 1 : 0;

		if (!lf)
			return n;
		if (!memmem(rows.p, len, "rudder", 6) &&
		    (n > 0 || !is_blank(rows.p, len))) {
			buf_add(to, rows.p, len);
			n++;
		}
		rows = slice_of(rows.p + len, rows.n - len);
	}
}

struct counted {
	uint64_t rows, events, rejects, skips, ends;
	struct buf last; /* recordId of the last event */
};

static void count_line(struct counted *c, struct slice text)
{
	struct scan *s = scan_new();
	char *line = fuzz_line(text.p, text.n);
	const struct scan_member *m;
	size_t n;
	int at;

	HOLDS(scan_object(s, slice_of(line, text.n)) == 0);
	m = scan_members(s, &n);
	at = scan_find(s, slice_str("recordId"));
	if (at >= 0) {
		c->rows += !slice_eq(m[at].value, buf_all(&c->last));
		c->events++;
		c->last.n = 0;
		buf_slice(&c->last, m[at].value);
	} else {
		HOLDS(n == 1 && scan_find(s, slice_str("_rudder")) == 0);
		c->rejects +=
			memmem(line, text.n, "\"type\":\"reject\"", 15) != NULL;
		c->skips +=
			memmem(line, text.n, "\"type\":\"skip\"", 13) != NULL;
		c->ends += memmem(line, text.n, "\"type\":\"end\"", 12) != NULL;
	}
	free(line);
	scan_free(s);
}

static void check_lines(int fd, uint64_t rows)
{
	off_t n = lseek(fd, 0, SEEK_END);
	struct counted c = {0};
	char *all = mem_zero((size_t)n + 1);
	struct slice text = slice_of(all, (size_t)n);

	HOLDS(pread(fd, all, (size_t)n, 0) == n);
	while (text.n > 0) {
		const char *lf = memchr(text.p, '\n', text.n);
		size_t len;

		HOLDS(lf != NULL);
		len = (size_t)(lf - text.p);
		count_line(&c, slice_of(text.p, len));
		text = slice_of(text.p + len + 1, text.n - len - 1);
	}
	HOLDS(c.ends == 1 && c.rows + c.rejects + c.skips == rows);
	HOLDS(c.events >= c.rows);
	if (c.events > 0)
		REACHED("events");
	if (c.events > c.rows)
		REACHED("several events of a row");
	if (c.rejects > 0)
		REACHED("rejects");
	buf_clear(&c.last);
	free(all);
}

/* A begin line whose columns are not the rows' is an error of the mapping. */
static void run(struct slice mapping, struct slice rows)
{
	int file = fuzz_file(mapping), out = fuzz_file(slice_of(NULL, 0)), in;
	struct map_options o = {.max_line = 1024 * 1024, .trust_eof = true};
	struct buf lines = {0};
	uint64_t n = take_rows(&lines, rows);
	char path[32];
	struct err e = {0};
	int rc;

	snprintf(path, sizeof(path), "/dev/fd/%d", file);
	o.mapping.file = path;
	in = fuzz_file(buf_all(&lines));
	rc = map_run(&o, in, dup(out), &e);
	HOLDS(rc == 0 || e.text[0] != '\0');
	HOLDS(rc == 0 || e.kind == ERR_PARTIAL || e.kind == ERR_CONFIG ||
	      e.kind == ERR_USAGE || e.kind == ERR_INPUT ||
	      e.kind == ERR_CREATE || e.kind == ERR_DENIED);
	if (rc == 0 || e.kind == ERR_PARTIAL)
		check_lines(out, n);
	close(file);
	close(out);
	close(in);
	buf_clear(&lines);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	const char *text = (const char *)data;
	const char *part =
		size ? memmem(text, size, PARTED, strlen(PARTED)) : NULL;
	size_t n = part ? (size_t)(part - text) : size;

	/* programs run in processes of their own, and files are not ours */
	if (!part || memmem(text, n, "jq", 2) || memmem(text, n, "where", 5) ||
	    memmem(text, n, "computed", 8) || memmem(text, n, "\\u", 2) ||
	    memmem(text, n, "mask_key_file", 13))
		return 0;
	setenv("RUDDER_RUN_ID", "r0000000000000000001", 1);
	tool_set_log(TOOL_ERROR, false);
	n += strlen(PARTED);
	run(slice_of(text, (size_t)(part - text)),
	    slice_of(text + n, size - n));
	return 0;
}
