#include "sync/show_status.h"

#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

#include "core/clock.h"
#include "core/file.h"
#include "core/mem.h"
#include "core/opt.h"
#include "core/tool.h"
#include "core/writer.h"
#include "sync/chosen_states.h"
#include "sync/report/page.h"
#include "sync/report/status_json.h"
#include "sync/report/status_prometheus.h"
#include "sync/report/status_text.h"
#include "sync/report/sync_verdict.h"
#include "sync/report/worst_status.h"

typedef void write_fn(struct buf *b, const struct sync_report *r, size_t n,
		      uint64_t now_ms);

static const struct {
	const char *name;
	write_fn *write; /* NULL: text, which depends on the terminal */
} formats[] = {
	{"text", NULL},
	{"json", status_json},
	{"prometheus", status_prometheus},
	{"html", page_html},
};

/* The format by the extension of the output's name, such as page.html. */
static const char *format_named(const char *output)
{
	const char *dot = output ? strrchr(output, '.') : NULL;

	if (!dot)
		return NULL;
	return strcmp(dot, ".html") == 0   ? "html"
	       : strcmp(dot, ".json") == 0 ? "json"
	       : strcmp(dot, ".prom") == 0 ? "prometheus"
					   : NULL;
}

static int format_of(const char *name, size_t *format, struct err *e)
{
	const char *names[COUNT_OF(formats) + 1] = {0}, *near;

	*format = 0;
	for (size_t i = 0; name && i < COUNT_OF(formats); i++) {
		names[i] = formats[i].name;
		if (strcmp(name, formats[i].name) == 0) {
			*format = i;
			return 0;
		}
	}
	if (!name)
		return 0;
	near = opt_nearest(name, names);
	return err_set(e, ERR_USAGE,
		       "option '--format': unknown format '%s'%s%s%s", name,
		       near ? "; did you mean '" : "", near ? near : "",
		       near ? "'?" : "; use text, json, prometheus or html");
}

/* ---- output ------------------------------------------------------------ */

/* Writes a file for other programs, like a web server or the node_exporter: all
 * at once, and readable for all.
 */
static int write_file(const char *path, struct slice text, struct err *e)
{
	struct file_new f = {0};
	int rc = file_begin(&f, path, e);

	if (rc == 0)
		rc = writer_all(f.fd, text.p, text.n, e);
	if (rc == 0 && fchmod(f.fd, 0644) < 0)
		rc = err_sys(e, ERR_IO, "cannot make '%s' readable", path);
	if (rc == 0)
		rc = file_commit(&f, e);
	file_abandon(&f);
	return rc;
}

static int put_out(const struct status_options *o, int out, struct slice text,
		   struct err *e)
{
	int fd = o->output ? file_descriptor(o->output) : out;

	if (fd < 0)
		return write_file(o->output, text, e);
	return writer_all(fd, text.p, text.n, e);
}

/* ---- the verdict on all ------------------------------------------------ */

/* Reports each sync that is too old or cannot be read; the worst becomes the
 * error. If seen, a person has just read it in the table, and it is not
 * repeated.
 */
static int judge(const struct sync_report *r, size_t n, uint64_t now_ms,
		 bool seen, struct err *e)
{
	struct err worst = {0};

	for (size_t i = 0; i < n; i++) {
		struct err one = r[i].lack;

		if (one.kind == ERR_NONE &&
		    sync_verdict_is_old(&r[i], now_ms)) {
			struct sync_verdict v;

			sync_verdict_of(&v, &r[i], now_ms);
			err_set(&one, ERR_EXPECT, "%s", v.sentence);
		}
		if (one.kind == ERR_NONE)
			continue;
		err_in(&one, "%s", r[i].name);
		if (seen)
			one.text[0] = '\0';
		if (worst.kind != ERR_NONE && !seen)
			tool_error("%s", worst_status_is(one.kind, worst.kind)
						 ? worst.text
						 : one.text);
		if (worst.kind == ERR_NONE ||
		    worst_status_is(one.kind, worst.kind))
			worst = one;
	}
	if (worst.kind == ERR_NONE)
		return 0;
	*e = worst;
	return -1;
}

static void write_all(const struct status_options *o, size_t format, int out,
		      const struct sync_report *r, size_t n, uint64_t now_ms,
		      struct buf *b)
{
	struct screen_style style;

	if (formats[format].write) {
		formats[format].write(b, r, n, now_ms);
		return;
	}
	screen_text_style(&style, out);
	style.color = style.color && !o->output;
	status_text(b, r, n, now_ms, &style);
}

int show_status(const struct status_options *o, int out, struct err *e)
{
	uint64_t now_ms = clock_wall_ms();
	struct chosen_states c = {0};
	struct sync_report *r = NULL;
	struct buf b = {0};
	size_t format = 0;
	int rc = format_of(o->format ? o->format : format_named(o->output),
			   &format, e);

	if (rc == 0)
		rc = chosen_states(&c, o->names, e);
	if (rc == 0) {
		r = mem_zero(c.n * sizeof(*r));
		for (size_t i = 0; i < c.n; i++) {
			sync_report_read(&r[i], c.v[i].name, c.v[i].folder);
			if (c.v[i].wrong)
				err_names(&r[i].lack, ERR_CONFIG, "%s",
					  c.v[i].wrong);
			r[i].max_age_ms = o->max_age_ms > 0 ? o->max_age_ms
							    : c.v[i].max_age_ms;
		}
		write_all(o, format, out, r, c.n, now_ms, &b);
		if (!formats[format].write)
			chosen_states_others(&b, &c, "status");
		rc = put_out(o, out, buf_all(&b), e);
	}
	if (rc == 0)
		rc = judge(r, c.n, now_ms,
			   !formats[format].write && !o->output && isatty(out),
			   e);
	for (size_t i = 0; r && i < c.n; i++)
		sync_report_clear(&r[i]);
	free(r);
	buf_clear(&b);
	chosen_states_clear(&c);
	return rc;
}
