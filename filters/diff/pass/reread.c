#include "diff/pass/reread.h"

#include "diff/state/cursor_file.h"
#include "wire/state/cursor.h"

int reread_begin(const struct pass_asked *asked,
		 const struct pass_arrived *arrived, struct err *e)
{
	if (!asked->o->full ||
	    control_member(arrived->in.controls, "since").n == 0)
		return 0;
	return err_set(e, ERR_USAGE,
		       "--full sends every row, and the rows begin at the "
		       "cursor of the state: read all of them with "
		       "rudder-query --full");
}

/* Does not note the resend: a run that reads all rows will. */
static void skip_resend_notes(struct pass_leaving *leaving)
{
	leaving->says[SNAPSHOT_RESENT] = leaving->says[SNAPSHOT_RESEND] =
		leaving->says[SNAPSHOT_BEFORE] = false;
}

/* Whether the source left out the rows before a cursor. */
static bool left_out(const struct pass_arrived *arrived)
{
	struct cursor c;
	bool is = cursor_parse(&c, buf_all(&arrived->in.cursor)) == 0 &&
		  c.since.n > 0;

	cursor_clear(&c);
	return is;
}

/* Removes the cursor: rows are due that this run did not get, or will be due in
 * the next one.
 */
static int remove_cursor(struct pass_base *base, struct pass_arrived *arrived,
			 struct err *e)
{
	arrived->in.cursor.n = 0;
	return base->state ? cursor_file_forget(base->state, e) : 0;
}

static int every_row(struct pass *r, bool always, struct err *e)
{
	if (!left_out(&r->arrived))
		return always ? remove_cursor(&r->base, &r->arrived, e) : 0;
	r->leaving.reread =
		r->arrived.in.unchanged
			? "every row is due, and the source was not read, "
			  "as its --if-changed value is the same"
			: "every row is due, and only those from the "
			  "cursor on were read";
	/* the resend has not begun */
	skip_resend_notes(&r->leaving);
	return remove_cursor(&r->base, &r->arrived, e);
}

/* Passes the cursor on, with the way in which rows are compared in this run. */
static int pass_cursor(struct pass *r, struct err *e)
{
	const struct columns *c = &r->asked.columns;
	struct buf way = {0};
	int rc;

	buf_fmt(&way, "%s/%s/%s", pass_mode_word(r->asked.mode),
		c->compare ? c->compare : "", c->ignore ? c->ignore : "");
	if (r->asked.tag.base.n > 0)
		buf_fmt(&way, "/%.*s", SLICE_FMT(r->asked.tag.base));
	rc = cursor_file_pass(r->base.state, &r->leaving.cursor,
			      buf_all(&r->arrived.in.cursor), buf_all(&way), e);
	if (rc > 0 && left_out(&r->arrived)) {
		r->leaving.reread =
			"the rows before the cursor were compared in "
			"another way";
		r->leaving.says[SNAPSHOT_COMPARED] =
			false; /* the next run notes it */
	}
	buf_clear(&way);
	return rc < 0 ? -1 : 0;
}

/* With --delta it is known from the start that the next run reads all rows, so
 * the notes about all rows are left to that run.
 */
static void leave_to_next(struct pass *r)
{
	r->leaving.says[SNAPSHOT_COMPARED] = false;
	skip_resend_notes(&r->leaving);
}

int reread_decide(struct pass *r, struct err *e)
{
	struct pass_asked *asked = &r->asked;
	bool blocked = resend_blocked(&asked->resend) > 0;

	if (r->arrived.delta.part && r->leaving.reread)
		leave_to_next(r);
	if (r->arrived.in.cursor.n == 0)
		return 0;
	if ((asked->every_row || asked->tag.full ||
	     resend_runs(&asked->resend) || blocked) &&
	    every_row(r, asked->mode == PASS_FULL || blocked, e) < 0)
		return -1;
	return pass_cursor(r, e);
}

int reread_verdict(const struct pass_leaving *leaving, struct err *e)
{
	if (!leaving->reread)
		return 0;
	return err_set(e, ERR_PARTIAL, "%s: the next run reads all rows",
		       leaving->reread);
}

void reread_end(const struct pass_leaving *leaving, struct buf *b)
{
	buf_slice(b, buf_all(&leaving->cursor));
	if (leaving->reread)
		buf_str(b, ",\"reread\":true");
}
