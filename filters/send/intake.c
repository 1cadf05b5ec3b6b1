#include "send/intake.h"
#include "send/dest/by_action.h"

#include <stdio.h>

#include "core/mem.h"
#include "send/confine.h"
#include "send/destination.h"
#include "wire/json/hash.h"
#include "wire/json/json.h"

static const char *const names[RUN_MEMBERS] = {
	[RUN_USER] = "userId",     [RUN_ANONYMOUS] = "anonymousId",
	[RUN_RECORD] = "recordId", [RUN_MESSAGE] = "messageId",
	[RUN_ACTION] = "action",
};

uint64_t intake_event_bytes(const struct run_arrived *arrived)
{
	return arrived->events ? arrived->event_bytes / arrived->events + 1 : 1;
}

/* ---- events ------------------------------------------------------------ */

static void learn_shape(struct run *r)
{
	r->arrived.shape = r->arrived.in.shape;
	for (int i = 0; i < RUN_MEMBERS; i++)
		r->arrived.at[i] =
			scan_find(r->arrived.in.scan, slice_str(names[i]));
}

static struct slice value(const struct run *r, enum run_member m)
{
	return r->arrived.at[m] < 0
		       ? slice_of(NULL, 0)
		       : r->arrived.in.member[r->arrived.at[m]].value;
}

/* Whether the value tells one user from another: not null, not blank. */
static bool names_user(struct slice v)
{
	if (v.n == 0 || *v.p == 'n')
		return false;
	if (*v.p != '"')
		return true;
	for (v = json_inner(v); v.n > 0 && *v.p == ' ';)
		v = slice_of(v.p + 1, v.n - 1);
	return v.n > 0;
}

/* Whether its bytes are all there is to know of it. */
static bool plain_scalar(const struct scan_member *m)
{
	return m->plain || m->kind == SCAN_ARRAY || m->kind == SCAN_OBJECT;
}

/* The gateway takes the number 5 and the string "5" for one user. */
static unsigned lane_of(struct run *r)
{
	static const enum run_member order[] = {RUN_USER, RUN_ANONYMOUS,
						RUN_RECORD};

	if (r->lanes.n == 1)
		return 0;
	for (size_t i = 0; i < COUNT_OF(order); i++) {
		struct slice v = value(r, order[i]);

		if (!names_user(v))
			continue;
		if (!plain_scalar(
			    &r->arrived.in.member[r->arrived.at[order[i]]])) {
			r->arrived.scratch.n = 0;
			hash_canonical(&r->arrived.scratch, v);
			v = buf_all(&r->arrived.scratch);
		}
		if (*v.p == '"')
			v = json_inner(v);
		return (unsigned)(hash_bytes(v.p, v.n, 0).lo % r->lanes.n);
	}
	return 0;
}

static int refuse(struct run *r, const char *why, struct err *e)
{
	bool data = r->arrived.in.kind == INPUT_DATA;
	bool doubt = data && r->known.attempt.doubted;

	receipt_refused(writer_buf(r->leaving.out),
			data ? value(r, RUN_RECORD) : slice_of(NULL, 0),
			data ? value(r, RUN_MESSAGE) : slice_of(NULL, 0),
			input_lineno(&r->arrived.in), doubt, why);
	r->leaving.outcome[doubt ? RECEIPT_UNKNOWN : RECEIPT_REJECTED]++;
	r->leaving.receipts++;
	reasons_add(&r->leaving.reasons, why, NULL, 1,
		    input_lineno(&r->arrived.in));
	if (data &&
	    failed_file_add(&r->leaving.failed_file, r->arrived.in.line, e) < 0)
		return -1;
	return writer_line(r->leaving.out, e);
}

/* An event of a plan of which a part was sent and committed before. */
static int skip_late(struct run *r, struct err *e)
{
	receipt_late(writer_buf(r->leaving.out), value(r, RUN_RECORD),
		     value(r, RUN_MESSAGE));
	r->leaving.outcome[RECEIPT_SKIPPED]++;
	r->leaving.receipts++;
	return writer_line(r->leaving.out, e);
}

/* The state would not learn of it, and its next run sends what is not there by
 * itself: so neither is it worth another try. Where somebody fixed what had
 * failed, that must not pass for done.
 */
static int refuse_late(struct run *r, struct err *e)
{
	static const char why[] =
		"not sent: the receipt of this change is already committed";

	if (r->known.attempt.refused.n == 0)
		return skip_late(r, e);
	receipt_refused(writer_buf(r->leaving.out), value(r, RUN_RECORD),
			value(r, RUN_MESSAGE), input_lineno(&r->arrived.in),
			false, why);
	reasons_add(&r->leaving.reasons, why, NULL, 1,
		    input_lineno(&r->arrived.in));
	r->leaving.outcome[RECEIPT_REJECTED]++;
	r->leaving.receipts++;
	return writer_line(r->leaving.out, e);
}

/* The text of a JSON string, or nothing. */
static struct slice inner(struct slice v)
{
	return v.n >= 2 && *v.p == '"' ? json_inner(v) : slice_of(NULL, 0);
}

/* Whether the event in hand may be in one request with those of the batch. */
static bool is_same_action(const struct run *r, const struct batch *b)
{
	return by_action_of(value(r, RUN_ACTION)) ==
	       by_action_of(batch_text(b, b->item[0].action));
}

static int take_event(struct run *r, struct err *e)
{
	const struct batch_frame *f = &r->lanes.frame;
	struct slice event = r->arrived.in.line;
	struct lane *l;
	struct batch *b;
	size_t had;

	if (UNLIKELY(r->arrived.in.shape != r->arrived.shape))
		learn_shape(r);
	if (UNLIKELY(event.n > r->asked.max_event)) {
		char why[80];

		snprintf(why, sizeof(why),
			 "event of %zu bytes, longer than %ju", event.n,
			 (uintmax_t)r->asked.max_event);
		return refuse(r, why, e);
	}
	if (UNLIKELY(r->known.attempt.open.id) &&
	    !attempt_waits(&r->known.attempt, inner(value(r, RUN_MESSAGE))))
		return refuse_late(r, e);
	r->arrived.big += r->asked.dest->big_event > 0 &&
			  event.n > r->asked.dest->big_event;
	l = &r->lanes.lane[lane_of(r)];
	b = lane_open(l);
	if (b && (batch_bytes_with(b, f, event.n) > r->lanes.batch_bytes ||
		  (r->asked.by_action && !is_same_action(r, b)))) {
		lanes_close(&r->lanes, b);
		b = NULL;
	}
	if (!b)
		b = lanes_open(&r->lanes, l, intake_event_bytes(&r->arrived),
			       r->known.now_ms);
	had = batch_cost(b);
	batch_add(b, f, event, value(r, RUN_RECORD), value(r, RUN_MESSAGE),
		  value(r, RUN_ACTION));
	r->lanes.held += batch_cost(b) - had;
	if (b->n == r->lanes.batch)
		lanes_close(&r->lanes, b);
	return 0;
}

/* ---- control lines ----------------------------------------------------- */

static void keep_run(struct run *r, struct slice run)
{
	if (r->leaving.confirm.spool && run.n > 0)
		r->leaving.confirm.run = mem_copy(run.p, run.n);
}

/* Changes that left no intent must not be delivered: nobody would know. */
static int refuse_dry_run(const struct run *r, struct err *e)
{
	if (r->asked.o->dry_run ||
	    !slice_is(control_member(r->arrived.in.controls, "dry_run"),
		      "true"))
		return 0;
	return err_set(e, ERR_USAGE,
		       "these changes come from a dry run (rudder-diff -n): "
		       "nothing was sent; use -n with rudder-send too");
}

static int take_begin(struct run *r, struct err *e)
{
	const struct control *c = &r->arrived.in.control;

	if (slice_is(c->stream, "rows") || slice_is(c->stream, "changes"))
		return err_set(e, ERR_DATA,
			       "the input is %.*s, not events: use rudder-map "
			       "to make events",
			       SLICE_FMT(c->stream));
	if (slice_is(c->stream, "receipts"))
		return err_set(e, ERR_DATA,
			       "the input is receipts: these events were "
			       "already sent");
	keep_run(r, c->run);
	if (!r->asked.o->dry_run &&
	    destination_check(r->asked.dest, r->asked.to.url, r->known.key_hash,
			      r->arrived.in.controls, e) < 0)
		return -1;
	if (refuse_dry_run(r, e) < 0 ||
	    (!r->asked.o->dry_run &&
	     attempt_begin(&r->known.attempt, c, r->arrived.in.controls,
			   r->asked.o->no_lock, e) < 0))
		return -1;
	if (r->asked.ops->hold)
		r->asked.ops->hold(r->asked.d, r->known.attempt.lock_fd);
	r->arrived.scratch.n = 0;
	attempt_failed(&r->known.attempt, c->body, &r->arrived.scratch);
	if (failed_file_begin(&r->leaving.failed_file,
			      buf_all(&r->arrived.scratch), e) < 0)
		return -1;
	r->arrived.scratch.n = 0;
	if (!r->asked.o->dry_run)
		destination_show(r->asked.dest, r->asked.to.url,
				 r->known.key_hash, r->arrived.in.controls,
				 &r->arrived.scratch);
	attempt_receipts(&r->known.attempt, c->body,
			 buf_all(&r->arrived.scratch),
			 writer_buf(r->leaving.out));
	return writer_line(r->leaving.out, e);
}

static void keep_end(struct run *r)
{
	char stream[16];
	static const char *const actions[] = {"inserts", "updates", "deletes"};
	const char *drop[] = {stream, "rejects", "skips", "receipts",
			      "seal", "send_ms", NULL};

	snprintf(stream, sizeof(stream), "%.*s",
		 SLICE_FMT(r->arrived.in.control.stream));
	r->arrived.end.n = 0;
	control_rewrite(&r->arrived.end, r->arrived.in.control.body, "receipts",
			drop);
	for (size_t i = 0; i < COUNT_OF(actions); i++)
		control_count(r->arrived.in.controls, actions[i],
			      &r->arrived.planned[i]);
}

/* What an earlier stage has rejected. */
static void add_reason(struct run *r)
{
	const struct control *c = &r->arrived.in.control;
	struct buf why = {0};

	buf_fmt(&why, "%.*s: ", SLICE_FMT(c->stage));
	if (c->reason.n > 0)
		json_decode(&why, json_inner(c->reason));
	reasons_add_foreign(&r->leaving.reasons, buf_cstr(&why), 1, 0);
	buf_clear(&why);
}

/* A reject of a delete that is blocked, and stays pending. */
static bool is_blocked(const struct run *r)
{
	return slice_is(control_member(r->arrived.in.controls, "blocked"),
			"true");
}

static int take_note(struct run *r, struct err *e)
{
	r->leaving.outcome[receipt_note(writer_buf(r->leaving.out),
					&r->arrived.in.control, is_blocked(r),
					r->known.attempt.doubted)]++;
	r->leaving.receipts++;
	if (r->arrived.in.control.type == CONTROL_REJECT)
		add_reason(r);
	return writer_line(r->leaving.out, e);
}

static int pass_on(struct run *r, struct err *e)
{
	buf_slice(writer_buf(r->leaving.out), r->arrived.in.line);
	return writer_line(r->leaving.out, e);
}

static int take(struct run *r, struct err *e)
{
	switch (r->arrived.in.kind) {
	case INPUT_DATA:
		if (UNLIKELY(!r->known.attempt.started) &&
		    attempt_start(&r->known.attempt,
				  r->asked.dest->hold != NULL, e) < 0)
			return -1;
		if (UNLIKELY(!r->stop.confined))
			confine_run(r);
		r->arrived.events++;
		r->arrived.event_bytes += r->arrived.in.line.n;
		progress_tick(&r->leaving.progress);
		return take_event(r, e);
	case INPUT_BAD:
		r->arrived.events++;
		return refuse(r, r->arrived.in.why, e);
	case INPUT_BEGIN:
		return take_begin(r, e);
	case INPUT_END:
		keep_end(r);
		return 0;
	case INPUT_NOTE:
		return take_note(r, e);
	case INPUT_ABORT:
		return 0;
	default:
		return pass_on(r, e);
	}
}

static void input_failed(struct run *r)
{
	r->arrived.failed = true;
	r->arrived.eof = true;
}

int intake_lines(struct run *r, struct err *e)
{
	uint64_t limit =
		r->asked.o->max_events ? r->asked.o->max_events : UINT64_MAX;
	struct slice line;

	while (!r->arrived.eof && r->arrived.in.data < limit &&
	       lanes_have_room(&r->lanes) &&
	       reader_ready(r->arrived.in.reader)) {
		if (reader_next(r->arrived.in.reader, &line, &r->arrived.err) <
			    0 ||
		    input_take(&r->arrived.in, line,
			       reader_too_long(r->arrived.in.reader),
			       &r->arrived.err) < 0 ||
		    seal_line(&r->arrived.seal, &r->arrived.in,
			      &r->arrived.err) < 0) {
			input_failed(r);
			return 0;
		}
		if (take(r, e) < 0)
			return -1;
	}
	r->arrived.eof |= r->arrived.in.data >= limit;
	return 0;
}

void intake_read(struct run *r)
{
	int rc = reader_more(r->arrived.in.reader, &r->arrived.err);

	if (rc < 0)
		input_failed(r);
	else if (rc == 0 && !reader_ready(r->arrived.in.reader))
		r->arrived.eof = true;
}

void intake_close(struct run *r)
{
	bool all = r->arrived.eof || !lanes_have_room(&r->lanes);

	lanes_close_ready(&r->lanes, all, r->asked.o->batch_age_ms,
			  r->known.now_ms);
}

bool intake_had_enough(const struct run *r)
{
	return r->asked.o->max_events > 0 &&
	       r->arrived.in.data >= r->asked.o->max_events &&
	       !r->arrived.in.ended;
}
