#include "send/conclude.h"

#include "core/clock.h"
#include "core/counts.h"
#include "core/tool.h"
#include "send/intake.h"
#include "send/verdict.h"

enum { SMALL_BYTES = 100000 };

static int write_end(const struct run_asked *asked,
		     const struct run_arrived *arrived,
		     struct run_leaving *leaving, struct err *e)
{
	struct buf *b = writer_buf(leaving->out);

	if (arrived->end.n > 0)
		buf_slice(b, buf_all(&arrived->end));
	else
		control_end(b, "receipts");
	control_add_count(b, "receipts", leaving->receipts);
	control_add_count(b, "rejects", 0);
	control_add_count(b, "skips", 0);
	if (intake_had_enough(asked, arrived))
		buf_str(b, ",\"more\":true");
	control_add_own_ms(b, "send_ms");
	control_close(b);
	return writer_line(leaving->out, e);
}

/* The number of receipts with this status, without those of earlier stages. */
static uint64_t own_outcome(const struct run_leaving *leaving,
			    enum receipt_status status)
{
	return leaving->outcome[status] - leaving->earlier[status];
}

static uint64_t lost_earlier(const struct run_leaving *leaving)
{
	return leaving->earlier[RECEIPT_REJECTED] +
	       leaving->earlier[RECEIPT_FAILED] +
	       leaving->earlier[RECEIPT_UNKNOWN];
}

static uint64_t own_receipts(const struct run_leaving *leaving)
{
	uint64_t n = leaving->receipts;

	for (size_t i = 0; i < RECEIPT_STATUSES; i++)
		n -= leaving->earlier[i];
	return n;
}

/* Fails with ERR_PARTIAL if any event or row was lost. Rows that earlier stages
 * rejected never became events. In a pipe that stage has already reported them,
 * so here they only change the exit status.
 */
static int check_receipts(const struct run_leaving *leaving, bool in_file,
			  struct err *e)
{
	uint64_t rejected = own_outcome(leaving, RECEIPT_REJECTED);
	uint64_t failed = own_outcome(leaving, RECEIPT_FAILED);
	uint64_t unknown = own_outcome(leaving, RECEIPT_UNKNOWN);
	uint64_t lost = rejected + failed + unknown;
	uint64_t earlier = lost_earlier(leaving);
	char why[REASONS_TEXT];
	struct buf line = {0};

	if (lost + earlier == 0)
		return 0;
	reasons_say(&leaving->reasons, why);
	if (lost > 0) {
		counts_add(&line, own_receipts(leaving), "event");
		counts_as(&line, rejected, "rejected");
		counts_as(&line, failed, "failed");
		counts_as(&line, unknown, "with unknown outcome");
	}
	if (earlier > 0 && in_file) {
		buf_str(&line, line.n > 0 ? "; " : "");
		counts_add(&line, earlier, "row");
		buf_str(&line, " rejected by earlier stages");
	} else if (earlier > 0) {
		tool_info("%ju rows were rejected by earlier stages",
			  (uintmax_t)earlier);
	}
	(void)!err_set(e, ERR_PARTIAL, "%s%s%s", buf_cstr(&line),
		       why[0] ? ": " : "", why);
	buf_clear(&line);
	return -1;
}

/* 0 if the input was complete and the run was not stopped, else -1. */
static int verdict(const struct run *r, struct err *e)
{
	const struct run_arrived *arrived = &r->arrived;
	const struct run_stop *stop = &r->stop;

	if (stop->begun || arrived->failed) {
		*e = stop->begun ? stop->why : arrived->err;
		return -1;
	}
	if (intake_had_enough(&r->asked, arrived) &&
	    arrived->in.abort.status == 0)
		return 0;
	return input_complete(&arrived->in, e);
}

int conclude_run(struct run *r, struct err *e)
{
	struct run_leaving *leaving = &r->leaving;
	struct err why;
	int rc = verdict(r, &why);

	if (writer_flush(leaving->out, e) < 0)
		return -1;
	attempt_end(&r->known.attempt,
		    leaving->outcome[RECEIPT_ACCEPTED] +
			    leaving->outcome[RECEIPT_DELIVERED],
		    leaving->outcome[RECEIPT_UNKNOWN]);
	if (failed_file_finish(&leaving->failed_file, e) < 0)
		return -1;
	if (rc == 0 && leaving->confirm_err.kind > ERR_PARTIAL) {
		why = leaving->confirm_err;
		rc = -1;
	}
	if (rc == 0) {
		if (write_end(&r->asked, &r->arrived, leaving, e) < 0)
			return -1;
		rc = check_receipts(leaving, r->arrived.in.in_file, &why);
	}
	if (rc == 0 && leaving->confirm_err.kind != ERR_NONE) {
		why = leaving->confirm_err;
		rc = -1;
	}
	if (leaving->shown && writer_close(leaving->shown, e) < 0)
		return -1;
	if (writer_close(leaving->out, e) < 0)
		return -1;
	if (rc < 0)
		*e = why;
	return rc;
}

void conclude_salvage(struct run_leaving *leaving)
{
	struct confirm_counts n;
	struct err later;

	writer_undo(leaving->out);
	(void)!verdict_release(leaving, false, &later);
	(void)!confirm_release(&leaving->confirm, leaving->out,
			       &leaving->failed_file, &leaving->reasons, &n,
			       &later);
	(void)!writer_flush(leaving->out, &later);
}

static void dry_summary(const struct run_arrived *arrived,
			const struct run_leaving *leaving)
{
	const uint64_t *n = arrived->planned;
	uint64_t rejected = leaving->outcome[RECEIPT_REJECTED];
	struct buf line = {0};

	counts_add(&line, arrived->events, "event");
	counts_also(&line, n[0], "insert");
	counts_also(&line, n[1], "update");
	counts_also(&line, n[2], "delete");
	buf_str(&line, " in ");
	counts_add(&line, leaving->requests, "request");
	buf_fmt(&line, ", %ju bytes", (uintmax_t)leaving->bytes);
	counts_as(&line, rejected, "rejected");
	tool_dry_summary("%s; nothing was sent", buf_cstr(&line));
	buf_clear(&line);
}

void conclude_summary(struct run *r)
{
	struct run_arrived *arrived = &r->arrived;
	struct run_leaving *leaving = &r->leaving;
	/* some untried events are unknown instead of failed, because an earlier
	 * sender may have sent them
	 */
	uint64_t untried = leaving->untried < leaving->outcome[RECEIPT_FAILED]
				   ? leaving->untried
				   : leaving->outcome[RECEIPT_FAILED];
	const uint64_t *n = leaving->outcome;
	const struct {
		uint64_t n;
		const char *name;
	} other[] = {
		{own_outcome(leaving, RECEIPT_REJECTED), "rejected"},
		{leaving->earlier[RECEIPT_REJECTED],
		 "rejected by earlier stages"},
		{n[RECEIPT_FAILED] - untried, "failed"},
		{untried, "not tried"},
		{n[RECEIPT_UNKNOWN], "unknown"},
		{n[RECEIPT_SKIPPED], "skipped"},
	};
	uint64_t ms = clock_mono_ms() - leaving->progress.started_ms;
	struct buf line = {0};

	leaving->in_flight = 0;
	progress_end(&leaving->progress);
	if (arrived->big > 0)
		tool_warn("%ju event%s longer than %ju bytes and may be "
			  "rejected by the destination; use --max-event to "
			  "reject %s here",
			  (uintmax_t)arrived->big,
			  counts_word(arrived->big, " is", "s are"),
			  (uintmax_t)r->asked.dest->big_event,
			  counts_word(arrived->big, "it", "them"));
	if (r->asked.o->dry_run) {
		dry_summary(arrived, leaving);
		return;
	}
	counts_add(&line, arrived->events, "event");
	buf_fmt(&line, ", %ju accepted",
		(uintmax_t)(leaving->outcome[RECEIPT_ACCEPTED] +
			    leaving->outcome[RECEIPT_DELIVERED]));
	for (size_t i = 0; i < COUNT_OF(other); i++)
		counts_as(&line, other[i].n, other[i].name);
	buf_str(&line, "; ");
	counts_add(&line, leaving->requests, "request");
	buf_str(&line, ", ");
	if (leaving->retries > 0)
		buf_fmt(&line, "%ju retr%s, ", (uintmax_t)leaving->retries,
			leaving->retries == 1 ? "y" : "ies");
	if (leaving->bytes < SMALL_BYTES)
		buf_fmt(&line, "%ju bytes", (uintmax_t)leaving->bytes);
	else
		buf_fmt(&line, "%.1f MB", (double)leaving->bytes / 1e6);
	tool_summary("%s, slowest tenth from %ju ms; %.1f s", buf_cstr(&line),
		     (uintmax_t)latency_slowest(&leaving->latency),
		     (double)ms / 1000);
	buf_clear(&line);
}
