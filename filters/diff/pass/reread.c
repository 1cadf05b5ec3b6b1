#include "diff/pass/reread.h"

#include "diff/state/cursor_file.h"
#include "wire/state/cursor.h"

int reread_begin(const struct pass *r, struct err *e)
{
	if (!r->o->full || control_member(r->in.controls, "since").n == 0)
		return 0;
	return err_set(e, ERR_USAGE,
		       "--full sends every row, and the rows begin at the "
		       "cursor of the state: read all of them with "
		       "rudder-query --full");
}

/* Whether rows before a cursor were left out. */
static bool left_out(const struct pass *r)
{
	struct cursor c;
	bool is =
		cursor_parse(&c, buf_all(&r->in.cursor)) == 0 && c.since.n > 0;

	cursor_clear(&c);
	return is;
}

/* Rows are due that this run was not given, or will be in the next one. */
static int forget(struct pass *r, struct err *e)
{
	r->in.cursor.n = 0;
	return r->state ? cursor_file_forget(r->state, e) : 0;
}

static int every_row(struct pass *r, bool always, struct err *e)
{
	if (!left_out(r))
		return always ? forget(r, e) : 0;
	r->reread = r->in.unchanged
			    ? "every row is due, and the source was not read, "
			      "as its --if-changed value is the same"
			    : "every row is due, and only those from the "
			      "cursor on were read";
	if (r->resend.full) /* it has yet to begin */
		r->says[SNAPSHOT_RESENT] = r->says[SNAPSHOT_RESEND] = false;
	return forget(r, e);
}

/* How rows are compared in this run. */
static int compare_way(struct pass *r, struct err *e)
{
	const struct columns *c = &r->columns;
	struct buf way = {0};
	int rc;

	buf_fmt(&way, "%s/%s/%s", pass_mode_word(r->mode),
		c->compare ? c->compare : "", c->ignore ? c->ignore : "");
	if (r->tag.base.n > 0)
		buf_fmt(&way, "/%.*s", SLICE_FMT(r->tag.base));
	rc = cursor_file_pass(r->state, &r->cursor, buf_all(&r->in.cursor),
			      buf_all(&way), e);
	if (rc > 0 && left_out(r)) {
		r->reread = "the rows before the cursor were compared in "
			    "another way";
		r->says[SNAPSHOT_COMPARED] = false; /* the next run does it */
	}
	buf_clear(&way);
	return rc < 0 ? -1 : 0;
}

int reread_decide(struct pass *r, struct err *e)
{
	bool blocked = resend_blocked(&r->resend) > 0;

	if (r->in.cursor.n == 0)
		return 0;
	if ((r->every_row || r->tag.full || r->resend.full || blocked) &&
	    every_row(r, r->mode == PASS_FULL || blocked, e) < 0)
		return -1;
	return compare_way(r, e);
}

int reread_verdict(const struct pass *r, struct err *e)
{
	if (!r->reread)
		return 0;
	return err_set(e, ERR_PARTIAL, "%s: the next run reads all rows",
		       r->reread);
}

void reread_end(const struct pass *r, struct buf *b)
{
	buf_slice(b, buf_all(&r->cursor));
	if (r->reread)
		buf_str(b, ",\"reread\":true");
}
