/* fuzz_head.c - any header lines for a webhook, from options or, where the
 * first byte is odd, from a file: the line of the URL comes first. None reaches
 * a request that could end its line, and a dry run shows JSON
 */
#include "fuzz_dest.h"

#include "core/file.h"
#include "send/dest/dest.h"
#include "send/dest/head.h"

#ifdef WITH_CURL
enum { LINES = 16 };

/* One or more lines, each ended by a NUL: copies into b. */
static size_t lines_of(struct slice rest, struct buf *b, const char **line)
{
	size_t at[LINES], n = 0;

	while (rest.n > 0 && n < LINES) {
		const char *lf = memchr(rest.p, '\n', rest.n);
		size_t len = lf ? (size_t)(lf - rest.p) : rest.n;

		at[n++] = b->n;
		buf_add(b, rest.p, len);
		buf_char(b, '\0');
		len += lf != NULL;
		rest = slice_of(rest.p + len, rest.n - len);
	}
	for (size_t i = 0; i < n; i++)
		line[i] = b->p + at[i];
	return n;
}

/* What head_lines makes of them: these first, and ours behind. */
static void check_lines(const char *const *line, size_t n)
{
	const struct http_options o = {.headers = line};
	struct buf b = {0};
	const char *l = NULL;

	head_lines(&b, &o, true);
	for (size_t i = 0; i < n; i++) {
		l = head_next(&b, l);
		HOLDS(l && strcmp(l, line[i]) == 0);
	}
	HOLDS(head_has(&b, "Content-Type") && head_has(&b, "expect"));
	while ((l = head_next(&b, l)) != NULL)
		HOLDS(strchr(l, ':') && strlen(l) < 40);
	buf_clear(&b);
}

static void check_shown(const struct dest *ops, void *d)
{
	struct dest_job job = {.body = slice_str("{\"messageId\":\"m\"}")};
	struct buf b = {0}, text = {0};
	struct batch *batch = batch_new();

	batch_add(batch, &ops->frame, job.body, slice_of("", 0),
		  slice_of("", 0), slice_of("", 0));
	batch_close(batch, &ops->frame);
	job.batch = batch;
	job.to = 1;
	ops->show(d, &job, false, &b);
	if (job.reply.class != REPLY_REFUSED) {
		REACHED("a request");
		buf_char(&text, '{');
		buf_slice(&text, buf_all(&b));
		buf_str(&text, "}\n");
		HOLDS(fuzz_objects(buf_all(&text), "") == 1);
	}
	b.n = 0;
	job.reply = (struct reply){0};
	ops->show(d, &job, true, &b);
	HOLDS(!b.n || !memchr(b.p, '\0', b.n));
	batch_free(batch);
	buf_clear(&text);
	buf_clear(&b);
}

/* Whether the options are taken; then no line can end itself. A file may end
 * its lines with CR LF.
 */
static void check_dest(const struct dest *ops, const struct dest_options *o,
		       const char *const *line, size_t n, bool from_file)
{
	struct err e = {0};
	void *d = NULL;

	if (ops->open(&d, o, &e) == 0) {
		for (size_t i = 0; i < n; i++)
			for (const char *p = line[i]; *p; p++)
				HOLDS(((unsigned char)*p >= ' ' &&
				       *p != 0x7f) ||
				      (from_file && *p == '\r' && !p[1]));
		if (n > 0)
			REACHED("lines that are taken");
		check_shown(ops, d);
	} else {
		REACHED("lines that are refused");
		HOLDS(e.kind != ERR_NONE && e.kind != ERR_BUG && e.text[0]);
	}
	ops->close(d);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	const struct slice all = slice_of((const char *)data, size);
	struct dest_options o = {.connections = 1, .batch = 1};
	const char *line[LINES + 1] = {NULL}, *rest;
	const struct dest *ops;
	struct fuzz_dest own;
	struct fuzz_folder f;
	struct buf b = {0};
	struct err e = {0};
	size_t n;

	if (size < 2 || size > 4096)
		return 0;
	n = lines_of(slice_of(all.p + 1, size - 1), &b, line);
	ops = dest_find("webhook:", &rest, &e);
	HOLDS(ops);
	check_lines(line + 1, n - 1);
	fuzz_enter(&f);
	fuzz_dest_init(&own);
	o.given = &own.given;
	o.url = line[0];
	o.dry = ops;
	if (data[0] & 1) {
		int fd = open("headers", O_WRONLY | O_CREAT | O_EXCL, 0600);

		for (size_t i = 1; i < n; i++)
			HOLDS(dprintf(fd, "%s\n", line[i]) > 0);
		close(fd);
		*fuzz_dest_row(&own, "header-file")->text = "headers";
	} else {
		*fuzz_dest_row(&own, "header")->list =
			(struct opt_list){.v = line + 1, .n = n - 1};
	}
	check_dest(ops, &o, line + 1, n - 1, data[0] & 1);
	dest_option_clear(&own.given);
	fuzz_leave(&f);
	buf_clear(&b);
	return 0;
}
#else
FUZZ_WITHOUT_LIBRARY
#endif
