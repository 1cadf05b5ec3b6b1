#include "send/confirm.h"

#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include "core/reader.h"
#include "core/temp.h"
#include "core/tool.h"
#include "wire/stream/control.h"

enum { FLUSH_BYTES = 64 * 1024, LINE_MAX_BYTES = 32 * 1024 * 1024, WHY = 80 };

int confirm_open(struct confirm *c, struct err *e)
{
	*c = (struct confirm){0};
	c->fd = temp_file(temp_dir(NULL), e);
	if (c->fd < 0)
		return -1;
	c->spool = writer_new(c->fd, FLUSH_BYTES);
	return 0;
}

void confirm_clear(struct confirm *c)
{
	if (c->spool)
		close(c->fd);
	writer_free(c->spool);
	free(c->run);
	job_status_clear(&c->failures);
	*c = (struct confirm){0};
}

/* ---- the stored receipts ----------------------------------------------- */

/* Whether this HTTP status proves that the destination did not take the event.
 * With any other status an earlier attempt may have been accepted.
 */
static bool never_delivered(unsigned code)
{
	return code >= 400 && code < 500 && code != 408 && code != 409 &&
	       code != 423;
}

static bool has_failed(const struct confirm *c,
		       const struct job_status_failure *f)
{
	return !c->doubted && f->receipts == 1 && never_delivered(f->code);
}

static const char *status_word(const struct confirm *c,
			       const struct job_status_failure *f)
{
	return !f                 ? "\"delivered\""
	       : has_failed(c, f) ? "\"failed\""
				  : "\"unknown\"";
}

/* The data plane reports nothing about a failure except a status (rudder-server
 * services/rsources/rsources.go, FailedRecord; read 2026-11-30).
 */
static void explain(const struct job_status_failure *f, char why[WHY])
{
	static const char what[] =
		"accepted, but the data plane could not deliver the event";

	if (f->code > 0)
		snprintf(why, WHY, "%s: HTTP %u", what, f->code);
	else
		snprintf(why, WHY, "%s", what);
}

/* Appends the receipt with its new status, and for a failure its code and
 * reason; all other members stay.
 */
static void rewrite(const struct confirm *c, struct buf *b,
		    const struct scan_member *m, size_t n,
		    const struct job_status_failure *f)
{
	for (size_t i = 0; i < n; i++) {
		buf_char(b, i == 0 ? '{' : ',');
		buf_char(b, '"');
		buf_slice(b, m[i].key);
		buf_str(b, "\":");
		if (slice_is(m[i].key, "status"))
			buf_str(b, status_word(c, f));
		else if (f && slice_is(m[i].key, "code"))
			buf_uint(b, f->code);
		else
			buf_slice(b, m[i].value);
	}
	if (f) {
		char why[WHY];

		explain(f, why);
		control_add_text(b, "reason", slice_str(why));
	}
	buf_char(b, '}');
}

struct release {
	struct confirm *c;
	struct reader *in;
	struct scan *scan;
	struct writer *to;
	struct failed_file *failed_file;
	struct reasons *reasons;
	struct buf scratch;
	struct confirm_counts n;
};

/* The failure of the event of a receipt, or NULL. Leaves the members of the
 * receipt in r->scan.
 */
static struct job_status_failure *failure_of(struct release *r,
					     struct slice line)
{
	const struct scan_member *m;

	if (scan_object(r->scan, line) < 0)
		return NULL;
	m = scan_get(r->scan, "recordId");
	return m ? job_status_find(&r->c->failures, m->value, &r->scratch)
		 : NULL;
}

static int release_receipt(struct release *r, struct slice line, bool *failed,
			   struct err *e)
{
	const struct job_status_failure *f;
	const struct scan_member *m;
	size_t n;

	*failed = false;
	if (!r->c->known) {
		buf_slice(writer_buf(r->to), line);
		return writer_line(r->to, e);
	}
	f = failure_of(r, line);
	m = scan_members(r->scan, &n);
	rewrite(r->c, writer_buf(r->to), m, n, f);
	*failed = f != NULL;
	if (f) {
		char why[WHY];

		explain(f, why);
		reasons_add(r->reasons, why, NULL, 1, 0);
	}
	if (!f)
		r->n.delivered++;
	else if (has_failed(r->c, f))
		r->n.failed++;
	else
		r->n.unknown++;
	return writer_line(r->to, e);
}

/* Releases the next receipt and, if events are stored too, its event: 1, 0 at
 * the end, -1.
 */
static int release_next(struct release *r, struct err *e)
{
	struct slice line;
	bool failed;
	int rc = reader_next(r->in, &line, e);

	if (rc <= 0)
		return rc;
	if (release_receipt(r, line, &failed, e) < 0)
		return -1;
	if (!r->c->keeps)
		return 1;
	rc = reader_next(r->in, &line, e);
	if (rc == 0)
		return err_set(e, ERR_BUG, "a stored receipt lacks its event");
	if (rc > 0 && failed && failed_file_add(r->failed_file, line, e) < 0)
		return -1;
	return rc;
}

static int rewind_spool(struct release *r, struct err *e)
{
	reader_free(r->in);
	r->in = NULL;
	if (lseek(r->c->fd, 0, SEEK_SET) < 0)
		return err_sys(e, ERR_IO, "cannot read the stored receipts");
	r->in = reader_new(r->c->fd, LINE_MAX_BYTES, NULL, NULL);
	return 0;
}

/* Counts the receipts of each failure, then rewinds the file. */
static int count_receipts(struct release *r, struct err *e)
{
	struct job_status_failure *f;
	struct slice line;
	bool is_event = false;
	int rc;

	while ((rc = reader_next(r->in, &line, e)) > 0) {
		f = is_event ? NULL : failure_of(r, line);
		if (f)
			f->receipts++;
		is_event = r->c->keeps && !is_event;
	}
	return rc < 0 ? -1 : rewind_spool(r, e);
}

/* Whether the counts and the list of failed records cover the same events, all
 * of which are of this run. Otherwise warns.
 */
static bool counts_match(const struct confirm *c)
{
	const struct job_status *s = &c->status;
	uint64_t ours = 0;

	for (size_t i = 0; i < c->failures.n; i++)
		ours += c->failures.failure[i].receipts > 0
				? c->failures.failure[i].entries
				: 0;
	if (s->balanced && ours == s->failed && c->failures.entries == ours)
		return true;
	tool_warn(
		"job status of run '%s': in %ju, out %ju, failed %ju, but %ju "
		"failed records are listed, %ju of them of this run: receipts "
		"stay 'accepted'; what fails in the processor or in a "
		"transformation is not listed",
		c->run, (uintmax_t)s->in, (uintmax_t)s->out,
		(uintmax_t)s->failed, (uintmax_t)c->failures.entries,
		(uintmax_t)ours);
	return false;
}

int confirm_keep(struct confirm *c, struct slice event, struct err *e)
{
	c->keeps = true;
	buf_slice(writer_buf(c->spool), event);
	return writer_line(c->spool, e);
}

int confirm_release(struct confirm *c, struct writer *to,
		    struct failed_file *again, struct reasons *reasons,
		    struct confirm_counts *n, struct err *e)
{
	struct release r = {
		.c = c, .to = to, .failed_file = again, .reasons = reasons};
	int rc;

	if (!c->spool)
		return 0;
	if (writer_flush(c->spool, e) < 0)
		return -1;
	r.scan = scan_new();
	rc = rewind_spool(&r, e);
	if (rc == 0 && c->known) {
		rc = count_receipts(&r, e);
		c->known = rc == 0 && counts_match(c);
	}
	if (rc == 0) {
		while ((rc = release_next(&r, e)) > 0)
			;
	}
	*n = r.n;
	reader_free(r.in);
	scan_free(r.scan);
	buf_clear(&r.scratch);
	return rc;
}
