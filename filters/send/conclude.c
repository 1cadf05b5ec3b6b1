#include "send/conclude.h"

#include "core/clock.h"
#include "core/counts.h"
#include "core/tool.h"
#include "send/intake.h"
#include "send/verdict.h"

enum { SMALL_BYTES = 100000 };

static int write_end(struct run *r, struct err *e)
{
	struct buf *b = writer_buf(r->leaving.out);

	if (r->arrived.end.n > 0)
		buf_slice(b, buf_all(&r->arrived.end));
	else
		control_end(b, "receipts");
	control_add_count(b, "receipts", r->leaving.receipts);
	control_add_count(b, "rejects", 0);
	control_add_count(b, "skips", 0);
	if (intake_had_enough(r))
		buf_str(b, ",\"more\":true");
	control_add_own_ms(b, "send_ms");
	control_close(b);
	return writer_line(r->leaving.out, e);
}

static int partly(const struct run *r, struct err *e)
{
	uint64_t rejected = r->leaving.outcome[RECEIPT_REJECTED];
	uint64_t failed = r->leaving.outcome[RECEIPT_FAILED];
	uint64_t unknown = r->leaving.outcome[RECEIPT_UNKNOWN];
	char why[REASONS_TEXT];
	struct buf line = {0};

	if (rejected + failed + unknown == 0)
		return 0;
	reasons_say(&r->leaving.reasons, why);
	counts_add(&line, r->leaving.receipts, "event");
	counts_as(&line, rejected, "rejected");
	counts_as(&line, failed, "failed");
	counts_as(&line, unknown, "with unknown outcome");
	(void)!err_set(e, ERR_PARTIAL, "%s%s%s", buf_cstr(&line),
		       why[0] ? ": " : "", why);
	buf_clear(&line);
	return -1;
}

/* Whether all came that should: else -1. */
static int verdict(const struct run *r, struct err *e)
{
	if (r->stop.begun || r->arrived.failed) {
		*e = r->stop.begun ? r->stop.why : r->arrived.err;
		return -1;
	}
	if (intake_had_enough(r) && r->arrived.in.abort.status == 0)
		return 0;
	return input_complete(&r->arrived.in, e);
}

int conclude_run(struct run *r, struct err *e)
{
	struct err why;
	int rc = verdict(r, &why);

	if (writer_flush(r->leaving.out, e) < 0)
		return -1;
	attempt_end(&r->known.attempt,
		    r->leaving.outcome[RECEIPT_ACCEPTED] +
			    r->leaving.outcome[RECEIPT_DELIVERED],
		    r->leaving.outcome[RECEIPT_UNKNOWN]);
	if (failed_file_finish(&r->leaving.failed_file, e) < 0)
		return -1;
	if (rc == 0 && r->leaving.confirm_err.kind > ERR_PARTIAL) {
		why = r->leaving.confirm_err;
		rc = -1;
	}
	if (rc == 0) {
		if (write_end(r, e) < 0)
			return -1;
		rc = partly(r, &why);
	}
	if (rc == 0 && r->leaving.confirm_err.kind != ERR_NONE) {
		why = r->leaving.confirm_err;
		rc = -1;
	}
	if (r->leaving.shown && writer_close(r->leaving.shown, e) < 0)
		return -1;
	if (writer_close(r->leaving.out, e) < 0)
		return -1;
	if (rc < 0)
		*e = why;
	return rc;
}

void conclude_salvage(struct run *r)
{
	struct confirm_counts n;
	struct err later;

	writer_undo(r->leaving.out);
	(void)!verdict_release(r, false, &later);
	(void)!confirm_release(&r->leaving.confirm, r->leaving.out,
			       &r->leaving.failed_file, &r->leaving.reasons, &n,
			       &later);
	(void)!writer_flush(r->leaving.out, &later);
}

static void dry_summary(const struct run *r)
{
	const uint64_t *n = r->arrived.planned;
	uint64_t rejected = r->leaving.outcome[RECEIPT_REJECTED];
	struct buf line = {0};

	counts_add(&line, r->arrived.events, "event");
	counts_also(&line, n[0], "insert");
	counts_also(&line, n[1], "update");
	counts_also(&line, n[2], "delete");
	buf_str(&line, " in ");
	counts_add(&line, r->leaving.requests, "request");
	buf_fmt(&line, ", %ju bytes", (uintmax_t)r->leaving.bytes);
	counts_as(&line, rejected, "rejected");
	tool_dry_summary("%s; nothing was sent", buf_cstr(&line));
	buf_clear(&line);
}

void conclude_summary(struct run *r)
{
	/* those that an earlier sender may have sent are unknown */
	uint64_t untried =
		r->leaving.untried < r->leaving.outcome[RECEIPT_FAILED]
			? r->leaving.untried
			: r->leaving.outcome[RECEIPT_FAILED];
	const uint64_t *n = r->leaving.outcome;
	const struct {
		uint64_t n;
		const char *name;
	} other[] = {
		{n[RECEIPT_REJECTED], "rejected"},
		{n[RECEIPT_FAILED] - untried, "failed"},
		{untried, "not tried"},
		{n[RECEIPT_UNKNOWN], "unknown"},
		{n[RECEIPT_SKIPPED], "skipped"},
	};
	uint64_t ms = clock_mono_ms() - r->leaving.progress.started_ms;
	struct buf line = {0};

	r->leaving.in_flight = 0;
	progress_end(&r->leaving.progress);
	if (r->arrived.big > 0)
		tool_warn("%ju events are longer than %ju bytes and may be "
			  "rejected by the destination; use --max-event to "
			  "reject them here",
			  (uintmax_t)r->arrived.big,
			  (uintmax_t)r->asked.dest->big_event);
	if (r->asked.o->dry_run) {
		dry_summary(r);
		return;
	}
	counts_add(&line, r->arrived.events, "event");
	buf_fmt(&line, ", %ju accepted",
		(uintmax_t)(r->leaving.outcome[RECEIPT_ACCEPTED] +
			    r->leaving.outcome[RECEIPT_DELIVERED]));
	for (size_t i = 0; i < COUNT_OF(other); i++)
		counts_as(&line, other[i].n, other[i].name);
	buf_str(&line, "; ");
	counts_add(&line, r->leaving.requests, "request");
	buf_str(&line, ", ");
	if (r->leaving.retries > 0)
		buf_fmt(&line, "%ju retr%s, ", (uintmax_t)r->leaving.retries,
			r->leaving.retries == 1 ? "y" : "ies");
	if (r->leaving.bytes < SMALL_BYTES)
		buf_fmt(&line, "%ju bytes", (uintmax_t)r->leaving.bytes);
	else
		buf_fmt(&line, "%.1f MB", (double)r->leaving.bytes / 1e6);
	tool_summary("%s, slowest tenth from %ju ms; %.1f s", buf_cstr(&line),
		     (uintmax_t)latency_slowest(&r->leaving.latency),
		     (double)ms / 1000);
	buf_clear(&line);
}
