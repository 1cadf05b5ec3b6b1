#include "send/intake.h"
#include "send/dest/by_action.h"

#include <stdio.h>

#include "core/mem.h"
#include "send/confine.h"
#include "send/destination.h"
#include "wire/json/hash.h"
#include "wire/json/json.h"

static const char *const member_names[RUN_MEMBERS] = {
	[RUN_USER] = "userId",     [RUN_ANONYMOUS] = "anonymousId",
	[RUN_RECORD] = "recordId", [RUN_MESSAGE] = "messageId",
	[RUN_ACTION] = "action",
};

uint64_t intake_event_bytes(const struct run_arrived *arrived)
{
	return arrived->events ? arrived->event_bytes / arrived->events + 1 : 1;
}

/* ---- events ------------------------------------------------------------ */

static void learn_shape(struct run_arrived *arrived)
{
	arrived->shape = arrived->in.shape;
	for (int i = 0; i < RUN_MEMBERS; i++)
		arrived->at[i] =
			scan_find(arrived->in.scan, slice_str(member_names[i]));
}

static struct slice value(const struct run_arrived *arrived, enum run_member m)
{
	return arrived->at[m] < 0 ? slice_of(NULL, 0)
				  : arrived->in.member[arrived->at[m]].value;
}

/* Whether the value identifies a user: it is not null and not blank. */
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

/* Whether equal values of this member have equal bytes, so that the bytes can
 * be hashed as they are.
 */
static bool is_canonical(const struct scan_member *m)
{
	return m->plain || m->kind == SCAN_ARRAY || m->kind == SCAN_OBJECT;
}

/* A hash of the user of the event; 0: no user. The number 5 and the string "5"
 * get the same hash, because the gateway treats them as one user.
 */
static uint64_t user_of(struct run_arrived *arrived)
{
	static const enum run_member order[] = {RUN_USER, RUN_ANONYMOUS,
						RUN_RECORD};

	for (size_t i = 0; i < COUNT_OF(order); i++) {
		struct slice v = value(arrived, order[i]);

		if (!names_user(v))
			continue;
		if (!is_canonical(&arrived->in.member[arrived->at[order[i]]])) {
			arrived->scratch.n = 0;
			hash_canonical(&arrived->scratch, v);
			v = buf_all(&arrived->scratch);
		}
		if (*v.p == '"')
			v = json_inner(v);
		return hash_bytes(v.p, v.n, 0).lo;
	}
	return 0;
}

static int refuse(const struct run_known *known,
		  const struct run_arrived *arrived,
		  struct run_leaving *leaving, const char *why, struct err *e)
{
	bool data = arrived->in.kind == INPUT_DATA;
	bool doubt = data && known->attempt.doubted;

	receipt_refused(writer_buf(leaving->out),
			data ? value(arrived, RUN_RECORD) : slice_of(NULL, 0),
			data ? value(arrived, RUN_MESSAGE) : slice_of(NULL, 0),
			input_lineno(&arrived->in), doubt, why);
	leaving->outcome[doubt ? RECEIPT_UNKNOWN : RECEIPT_REJECTED]++;
	leaving->receipts++;
	reasons_add(&leaving->reasons, why, NULL, 1,
		    input_lineno(&arrived->in));
	if (data &&
	    failed_file_add(&leaving->failed_file, arrived->in.line, e) < 0)
		return -1;
	return writer_line(leaving->out, e);
}

/* Writes the receipt "skipped" for an event of a plan that was partly sent and
 * committed before.
 */
static int skip_late(const struct run_arrived *arrived,
		     struct run_leaving *leaving, struct err *e)
{
	receipt_late(writer_buf(leaving->out), value(arrived, RUN_RECORD),
		     value(arrived, RUN_MESSAGE));
	leaving->outcome[RECEIPT_SKIPPED]++;
	leaving->receipts++;
	return writer_line(leaving->out, e);
}

/* Does not send an event whose change has a committed receipt: the state would
 * not learn of it, and the next run of rudder-diff resends what is missing. In
 * a file of failed events (--failed) it is rejected instead of skipped, so that
 * events somebody has fixed do not look delivered.
 */
static int refuse_late(const struct run_known *known,
		       const struct run_arrived *arrived,
		       struct run_leaving *leaving, struct err *e)
{
	static const char why[] =
		"not sent: the receipt of this change is already committed";

	if (known->attempt.refused.n == 0)
		return skip_late(arrived, leaving, e);
	receipt_refused(writer_buf(leaving->out), value(arrived, RUN_RECORD),
			value(arrived, RUN_MESSAGE), input_lineno(&arrived->in),
			false, why);
	reasons_add(&leaving->reasons, why, NULL, 1,
		    input_lineno(&arrived->in));
	leaving->outcome[RECEIPT_REJECTED]++;
	leaving->receipts++;
	return writer_line(leaving->out, e);
}

/* The text of a JSON string without its quotes; empty for other values. */
static struct slice inner(struct slice v)
{
	return v.n >= 2 && *v.p == '"' ? json_inner(v) : slice_of(NULL, 0);
}

/* Whether the current event has the same action as the events of the batch. */
static bool is_same_action(const struct run_arrived *arrived,
			   const struct batch *b)
{
	return by_action_of(value(arrived, RUN_ACTION)) ==
	       by_action_of(batch_text(b, b->item[0].action));
}

static int take_event(struct run *r, struct err *e)
{
	const struct run_asked *asked = &r->asked;
	struct run_known *known = &r->known;
	struct run_arrived *arrived = &r->arrived;
	struct run_lanes *lanes = &r->lanes;
	const struct batch_frame *f = &lanes->frame;
	struct slice event = arrived->in.line;
	struct lane *l;
	struct batch *b;
	uint64_t user;
	size_t had;

	if (UNLIKELY(arrived->in.shape != arrived->shape))
		learn_shape(arrived);
	if (UNLIKELY(event.n > asked->max_event)) {
		char why[80];

		snprintf(why, sizeof(why),
			 "event of %zu bytes, longer than %ju", event.n,
			 (uintmax_t)asked->max_event);
		return refuse(known, arrived, &r->leaving, why, e);
	}
	if (UNLIKELY(known->attempt.open.id) &&
	    !attempt_waits(&known->attempt, inner(value(arrived, RUN_MESSAGE))))
		return refuse_late(known, arrived, &r->leaving, e);
	arrived->big +=
		asked->dest->big_event > 0 && event.n > asked->dest->big_event;
	user = user_of(arrived);
	l = &lanes->lane[user % lanes->n];
	b = lane_open(l);
	if (b && (batch_bytes_with(b, f, event.n) > lanes->batch_bytes ||
		  (asked->by_action && !is_same_action(arrived, b)))) {
		lanes_close(lanes, b);
		b = NULL;
	}
	if (!b)
		b = lanes_open(lanes, l, intake_event_bytes(arrived),
			       known->now_ms);
	had = batch_cost(b);
	batch_add(b, f, event, value(arrived, RUN_RECORD),
		  value(arrived, RUN_MESSAGE), value(arrived, RUN_ACTION));
	b->item[b->n - 1].user = (uint32_t)(user >> 32);
	lanes->held += batch_cost(b) - had;
	if (b->n == lanes->batch)
		lanes_close(lanes, b);
	return 0;
}

/* ---- control lines ----------------------------------------------------- */

static void keep_run(struct run_leaving *leaving, struct slice run)
{
	if (leaving->confirm.spool && run.n > 0)
		leaving->confirm.run = mem_copy(run.p, run.n);
}

/* A dry run of rudder-diff writes no intents, so the state would never learn
 * that its changes were delivered.
 */
static int refuse_dry_run(const struct run_asked *asked,
			  const struct run_arrived *arrived, struct err *e)
{
	if (asked->o->dry_run ||
	    !slice_is(control_member(arrived->in.controls, "dry_run"), "true"))
		return 0;
	return err_set(e, ERR_USAGE,
		       "these changes come from a dry run (rudder-diff -n): "
		       "nothing was sent; use -n with rudder-send too");
}

static int take_begin(struct run *r, struct err *e)
{
	const struct run_asked *asked = &r->asked;
	struct run_known *known = &r->known;
	struct run_arrived *arrived = &r->arrived;
	struct run_leaving *leaving = &r->leaving;
	const struct control *c = &arrived->in.control;

	if (slice_is(c->stream, "rows") || slice_is(c->stream, "changes"))
		return err_set(e, ERR_DATA,
			       "the input is %.*s, not events: use rudder-map "
			       "to make events",
			       SLICE_FMT(c->stream));
	if (slice_is(c->stream, "receipts"))
		return err_set(e, ERR_DATA,
			       "the input is receipts: these events were "
			       "already sent");
	keep_run(leaving, c->run);
	if ((!asked->o->dry_run || asked->o->compare) &&
	    destination_check(asked->dest, asked->to.url,
			      asked->o->dry_run ? NULL : &known->key_hash,
			      arrived->in.controls, e) < 0)
		return -1;
	if (refuse_dry_run(asked, arrived, e) < 0 ||
	    (!asked->o->dry_run &&
	     attempt_begin(&known->attempt, c, arrived->in.controls,
			   asked->o->no_lock, e) < 0))
		return -1;
	if (asked->ops->hold)
		asked->ops->hold(asked->d, known->attempt.lock_fd);
	arrived->scratch.n = 0;
	attempt_failed(&known->attempt, c->body, &arrived->scratch);
	if (failed_file_begin(&leaving->failed_file, buf_all(&arrived->scratch),
			      e) < 0)
		return -1;
	arrived->scratch.n = 0;
	if (!asked->o->dry_run)
		destination_show(asked->dest, asked->to.url, known->key_hash,
				 arrived->in.controls, &arrived->scratch);
	attempt_receipts(&known->attempt, c->body, buf_all(&arrived->scratch),
			 writer_buf(leaving->out));
	return writer_line(leaving->out, e);
}

static void keep_end(struct run_arrived *arrived)
{
	char stream[16];
	static const char *const actions[] = {"inserts", "updates", "deletes"};
	const char *drop[] = {stream, "rejects", "skips", "receipts",
			      "seal", "send_ms", NULL};

	snprintf(stream, sizeof(stream), "%.*s",
		 SLICE_FMT(arrived->in.control.stream));
	arrived->end.n = 0;
	control_rewrite(&arrived->end, arrived->in.control.body, "receipts",
			drop);
	for (size_t i = 0; i < COUNT_OF(actions); i++)
		control_count(arrived->in.controls, actions[i],
			      &arrived->planned[i]);
}

/* Counts the reason of a reject line of an earlier stage. In a pipe that stage
 * has already printed it.
 */
static void add_reason(const struct run_arrived *arrived,
		       struct run_leaving *leaving)
{
	const struct control *c = &arrived->in.control;
	struct buf why = {0};

	if (!arrived->in.in_file)
		return;
	buf_fmt(&why, "%.*s: ", SLICE_FMT(c->stage));
	if (c->reason.n > 0)
		json_decode(&why, json_inner(c->reason));
	reasons_add_foreign(&leaving->reasons, buf_cstr(&why), 1, 0);
	buf_clear(&why);
}

/* Whether the reject line is of a delete that the delete guard blocked; the
 * change stays pending.
 */
static bool is_blocked(const struct run_arrived *arrived)
{
	return slice_is(control_member(arrived->in.controls, "blocked"),
			"true");
}

static int take_note(struct run_known *known, const struct run_arrived *arrived,
		     struct run_leaving *leaving, struct err *e)
{
	bool late =
		attempt_is_late(&known->attempt, arrived->in.control.change);
	size_t status = (size_t)receipt_note(
		writer_buf(leaving->out), &arrived->in.control,
		is_blocked(arrived), known->attempt.doubted, late);

	leaving->outcome[status]++;
	leaving->earlier[status]++;
	leaving->receipts++;
	if (arrived->in.control.type == CONTROL_REJECT)
		add_reason(arrived, leaving);
	return writer_line(leaving->out, e);
}

static int pass_on(const struct run_arrived *arrived,
		   struct run_leaving *leaving, struct err *e)
{
	buf_slice(writer_buf(leaving->out), arrived->in.line);
	return writer_line(leaving->out, e);
}

static int take(struct run *r, struct err *e)
{
	struct run_known *known = &r->known;
	struct run_arrived *arrived = &r->arrived;
	struct run_leaving *leaving = &r->leaving;

	switch (arrived->in.kind) {
	case INPUT_DATA:
		if (UNLIKELY(attempt_must_start(&known->attempt)) &&
		    attempt_start(&known->attempt, r->asked.dest->hold != NULL,
				  e) < 0)
			return -1;
		if (UNLIKELY(!r->stop.confined))
			confine_run(r);
		arrived->events++;
		arrived->event_bytes += arrived->in.line.n;
		progress_tick(&leaving->progress);
		return take_event(r, e);
	case INPUT_BAD:
		arrived->events++;
		return refuse(known, arrived, leaving, arrived->in.why, e);
	case INPUT_BEGIN:
		return take_begin(r, e);
	case INPUT_END:
		keep_end(arrived);
		return 0;
	case INPUT_NOTE:
		return take_note(known, arrived, leaving, e);
	case INPUT_ABORT:
		return 0;
	default:
		return pass_on(arrived, leaving, e);
	}
}

static void input_failed(struct run_arrived *arrived)
{
	arrived->failed = true;
	arrived->eof = true;
}

int intake_lines(struct run *r, struct err *e)
{
	struct run_arrived *arrived = &r->arrived;
	uint64_t limit =
		r->asked.o->max_events ? r->asked.o->max_events : UINT64_MAX;
	struct slice line;

	while (!arrived->eof && arrived->in.data < limit &&
	       lanes_have_room(&r->lanes) && reader_ready(arrived->in.reader)) {
		if (reader_next(arrived->in.reader, &line, &arrived->err) < 0 ||
		    input_take(&arrived->in, line,
			       reader_too_long(arrived->in.reader),
			       &arrived->err) < 0 ||
		    seal_line(&arrived->seal, &arrived->in, &arrived->err) <
			    0) {
			input_failed(arrived);
			return 0;
		}
		if (take(r, e) < 0)
			return -1;
	}
	arrived->eof |= arrived->in.data >= limit;
	return 0;
}

void intake_read(struct run_arrived *arrived)
{
	int rc = reader_more(arrived->in.reader, &arrived->err);

	if (rc < 0)
		input_failed(arrived);
	else if (rc == 0 && !reader_ready(arrived->in.reader))
		arrived->eof = true;
}

bool intake_had_enough(const struct run_asked *asked,
		       const struct run_arrived *arrived)
{
	return asked->o->max_events > 0 &&
	       arrived->in.data >= asked->o->max_events && !arrived->in.ended;
}
