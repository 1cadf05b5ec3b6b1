#include "send/send.h"

#include <errno.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/signalfd.h>
#include <unistd.h>

#include "core/clock.h"
#include "core/mem.h"
#include "core/tool.h"
#include "send/conclude.h"
#include "send/confine.h"
#include "send/confirm_ask.h"
#include "send/intake.h"
#include "send/outcome.h"
#include "send/setup.h"
#include "send/stop.h"
#include "send/trouble.h"
#include "send/watchdog.h"

enum {
	TICK_MS = 1000, /* longest wait, for the progress line */
};

const struct send_options send_defaults = {
	.batch_age_ms = 200,
	.max_line = INPUT_MAX_LINE,
	.timeout_ms = 30 * 1000,
	.retry_first_ms = 1000,
	.retry_most_ms = 60 * 1000,
	.retry_total_ms = 15 * 60 * 1000,
	.grace_ms = 10 * 1000,
};

/* ---- the loop ---------------------------------------------------------- */

/* Receipts that nobody takes any more must not be earned. */
static int reader_is_there(const struct run *r, struct err *e)
{
	struct pollfd p = {.fd = r->leaving.out_fd};

	if (poll(&p, 1, 0) > 0 && p.revents & (POLLERR | POLLNVAL))
		return err_set(e, ERR_IO,
			       "cannot write output: nothing reads the "
			       "receipts any more, so sending has stopped");
	return 0;
}

static int start_all(struct run *r, struct err *e)
{
	unsigned flew = r->lanes.flying;

	for (unsigned i = 0; i < r->lanes.n; i++)
		outcome_start(r,
			      &r->lanes.lane[(r->lanes.turn + i) % r->lanes.n]);
	r->lanes.turn++;
	return r->lanes.flying > flew ? reader_is_there(r, e) : 0;
}

static uint64_t until(uint64_t at_ms, uint64_t now_ms)
{
	return at_ms > now_ms ? at_ms - now_ms : 0;
}

/* In how many ms a lane that has something to send may start. */
static uint64_t start_in(struct run *r, const struct lane *l, uint64_t paced)
{
	uint64_t ms = until(l->due_ms, r->known.now_ms);

	if (paced < UINT64_MAX)
		return ms > paced ? ms : paced;
	if (!rate_allows(&r->known.rate, r->lanes.flying, r->known.now_ms))
		return TICK_MS; /* a reply must come first */
	return ms;
}

/* How long nothing of ours will be due. */
static int wait_ms(struct run *r)
{
	uint64_t least = TICK_MS, ms,
		 paced = rate_wait(&r->known.rate, r->known.now_ms);

	if (r->stop.begun)
		least = until(r->stop.deadline_ms, r->known.now_ms);
	for (unsigned i = 0; i < r->lanes.n && !r->stop.begun; i++) {
		struct lane *l = &r->lanes.lane[i];
		struct batch *b = lane_open(l);

		if (l->flying)
			continue;
		ms = least;
		if (lane_next(l))
			ms = start_in(r, l, paced);
		else if (b)
			ms = until(b->born_ms + r->asked.o->batch_age_ms,
				   r->known.now_ms);
		if (ms < least)
			least = ms;
	}
	return (int)(least < TICK_MS ? least : TICK_MS);
}

/* The first signal ends the run when what is in flight is done, the second
 * one at once.
 */
static void take_signal(struct run *r, int fd)
{
	struct signalfd_siginfo info;
	struct err why = {.kind = ERR_TEMP};
	char last[160];

	if (read(fd, &info, sizeof(info)) != (ssize_t)sizeof(info))
		return;
	if (r->stop.signal)
		r->stop.deadline_ms = r->known.now_ms;
	r->stop.signal = (int)info.ssi_signo;
	watchdog_taken(r->stop.watchdog, r->stop.signal);
	trouble_last(r, last, sizeof(last));
	snprintf(why.text, sizeof(why.text), "stopped by a signal%s", last);
	stop_begin(r, &why);
}

static int finish_jobs(struct run *r, bool *any, struct err *e)
{
	struct dest_job *job;

	while ((job = r->asked.ops->done(r->asked.d)) != NULL) {
		*any = true;
		if (outcome_job(r, job, e) < 0)
			return -1;
	}
	return 0;
}

/* The live line of a command that waits: for how long, and why. */
static void show_wait(struct run *r)
{
	uint64_t ms = rate_wait(&r->known.rate, r->known.now_ms);
	const char *trouble = r->asked.ops->trouble
				      ? r->asked.ops->trouble(r->asked.d)
				      : NULL;

	if (!r->leaving.progress.watched && !r->leaving.progress.feeds)
		return;
	for (unsigned i = 0; ms == UINT64_MAX && i < r->lanes.n; i++) {
		struct lane *l = &r->lanes.lane[i];

		if (!l->flying && lane_next(l) && l->due_ms > r->known.now_ms)
			ms = l->due_ms - r->known.now_ms;
	}
	r->leaving.in_flight = r->lanes.flying;
	r->leaving.fine = r->leaving.outcome[RECEIPT_ACCEPTED] +
			  r->leaving.outcome[RECEIPT_DELIVERED] +
			  r->leaving.outcome[RECEIPT_DRY_RUN];
	if (r->stop.begun)
		progress_note(&r->leaving.progress, "stopping within %ju s%s",
			      (uintmax_t)(until(r->stop.deadline_ms,
						r->known.now_ms) +
					  999) /
				      1000,
			      r->stop.signal ? "; Ctrl-C again to stop now"
					     : "");
	else if (trouble)
		progress_note(&r->leaving.progress, "waits: %s", trouble);
	else if (ms == UINT64_MAX || r->known.trouble[0] == '\0')
		r->leaving.progress.note[0] = '\0';
	else
		progress_note(&r->leaving.progress, "waiting %ju s: %s",
			      (uintmax_t)(ms + 999) / 1000, r->known.trouble);
	progress_wait(&r->leaving.progress);
}

/* One round of waiting; with a flush before it when it may last. */
static int round_of(struct run *r, int signals, bool *busy, struct err *e)
{
	bool want = !r->arrived.eof && lanes_have_room(&r->lanes);
	struct pollfd fds[2] = {
		{.fd = signals, .events = POLLIN},
		{.fd = STDIN_FILENO, .events = POLLIN},
	};
	bool idle = want && r->lanes.flying == 0 && lanes_are_empty(&r->lanes),
	     any = false;
	uint64_t began;

	if (!*busy) {
		if (writer_flush(r->leaving.out, e) < 0 ||
		    (r->leaving.shown && writer_flush(r->leaving.shown, e) < 0))
			return -1;
		show_wait(r);
		trouble_look(r);
	}
	began = idle ? tool_wait_begin() : 0;
	if (r->asked.ops->wait(r->asked.d, fds, want ? 2 : 1,
			       *busy ? 0 : wait_ms(r), e) < 0)
		return -1;
	tool_wait_end(began);
	r->known.now_ms = clock_mono_ms();
	if (finish_jobs(r, &any, e) < 0)
		return -1;
	if (fds[0].revents)
		take_signal(r, signals);
	if (want && fds[1].revents) {
		intake_read(r);
		any = true;
	}
	*busy = any;
	return 0;
}

static int loop(struct run *r, int signals, struct err *e)
{
	bool busy = true;

	for (;;) {
		lanes_bound(&r->lanes, intake_event_bytes(&r->arrived),
			    r->asked.o->memory);
		if (intake_lines(r, e) < 0) {
			if (e->kind == ERR_IO)
				return -1;
			stop_begin(r, e);
		}
		if (!r->stop.begun)
			intake_close(r);
		if (start_all(r, e) < 0)
			return -1;
		if (r->stop.begun && (r->lanes.flying == 0 ||
				      r->known.now_ms >= r->stop.deadline_ms))
			return outcome_abandon(r, e);
		if (r->arrived.eof && lanes_are_empty(&r->lanes))
			return outcome_end(r, e);
		if (round_of(r, signals, &busy, e) < 0)
			return -1;
	}
}

/* What became of the accepted events, and their receipts. */
static int confirm(struct run *r, int signals, struct err *e)
{
	struct confirm_counts n = {0};
	bool ask = r->leaving.outcome[RECEIPT_ACCEPTED] > 0 && !r->stop.begun &&
		   !r->arrived.failed && !intake_had_enough(r) &&
		   input_complete(&r->arrived.in, e) == 0;

	if (!r->leaving.confirm.spool)
		return 0;
	if (ask && !r->leaving.confirm.run)
		err_set(&r->leaving.confirm_err, ERR_CONFIG,
			"option '--confirm' needs the run id from the begin "
			"line: receipts stay 'accepted'");
	else if (ask && writer_flush(r->leaving.out, e) < 0)
		return -1;
	else if (ask && confirm_ask(&r->leaving.confirm, &r->asked.to,
				    r->asked.confirm_ms, signals,
				    &r->leaving.confirm_err) < 0)
		tool_warn("receipts stay 'accepted'");
	take_signal(r, signals);
	r->leaving.confirm.doubted = r->known.attempt.doubted;
	if (confirm_release(&r->leaving.confirm, r->leaving.out,
			    &r->leaving.failed_file, &r->leaving.reasons, &n,
			    e) < 0)
		return -1;
	if (ask && !r->leaving.confirm.known &&
	    r->leaving.confirm_err.kind == ERR_NONE)
		err_set(&r->leaving.confirm_err, ERR_PARTIAL,
			"%ju events are accepted, but the data plane did not "
			"confirm that they were delivered",
			(uintmax_t)r->leaving.outcome[RECEIPT_ACCEPTED]);
	r->leaving.outcome[RECEIPT_ACCEPTED] -=
		n.delivered + n.failed + n.unknown;
	r->leaving.outcome[RECEIPT_DELIVERED] += n.delivered;
	r->leaving.outcome[RECEIPT_FAILED] += n.failed;
	r->leaving.outcome[RECEIPT_UNKNOWN] += n.unknown;
	return 0;
}

/* ---- the run ----------------------------------------------------------- */

static void clear(struct run *r)
{
	lanes_clear(&r->lanes);
	if (r->arrived.in.reader)
		input_clear(&r->arrived.in);
	attempt_clear(&r->known.attempt);
	seal_clear(&r->arrived.seal);
	writer_free(r->leaving.out);
	writer_free(r->leaving.shown);
	failed_file_clear(&r->leaving.failed_file);
	confirm_clear(&r->leaving.confirm);
	held_clear(&r->leaving.refused);
	reasons_clear(&r->leaving.reasons);
	buf_clear(&r->arrived.end);
	buf_clear(&r->leaving.tail);
	buf_clear(&r->arrived.scratch);
}

int send_run(const struct send_options *o, int in, int out, int *signal,
	     struct err *e)
{
	const struct input_options input = {
		.max_line = o->max_line,
		.trust_eof = o->trust_eof,
		.any_counts = o->any_counts,
	};
	struct run r = {.asked.o = o, .known.attempt.lock_fd = -1};
	const struct progress_count counts[] = {
		{"events", &r.arrived.events},
		{"accepted", &r.leaving.outcome[RECEIPT_ACCEPTED]},
		{"delivered", &r.leaving.outcome[RECEIPT_DELIVERED]},
		{"rejected", &r.leaving.outcome[RECEIPT_REJECTED]},
		{"failed", &r.leaving.outcome[RECEIPT_FAILED]},
		{"unknown", &r.leaving.outcome[RECEIPT_UNKNOWN]},
		{"skipped", &r.leaving.outcome[RECEIPT_SKIPPED]},
		{"in_flight", &r.leaving.in_flight},
		{"requests", &r.leaving.requests},
		{"retries", &r.leaving.retries},
		{"bytes", &r.leaving.bytes},
		{0},
	};
	const struct progress_count live[] = {
		{"accepted", &r.leaving.fine},
		{"rejected", &r.leaving.outcome[RECEIPT_REJECTED]},
		{"failed", &r.leaving.outcome[RECEIPT_FAILED]},
		{"unknown", &r.leaving.outcome[RECEIPT_UNKNOWN]},
		{"in flight", &r.leaving.in_flight},
		{"retries", &r.leaving.retries},
		{0},
	};
	struct err other;
	int signals = -1, rc = -1;

	*signal = 0;
	if (setup_dest(&r, e) < 0)
		goto out;
	if (o->check) {
		confine_run(&r);
		rc = setup_probe(&r, e);
		if (rc == 0)
			tool_summary("%s", r.asked.dest->checked);
		goto out;
	}
	/* until here a signal ends us at once: nothing was sent */
	if (failed_file_open(&r.leaving.failed_file, o->failed, e) < 0 ||
	    (r.asked.confirm_ms && confirm_open(&r.leaving.confirm, e) < 0))
		goto out;
	r.lanes.lane = mem_zero(r.lanes.n * sizeof(*r.lanes.lane));
	if (setup_output(&r, out, e) < 0)
		goto out;
	signals = setup_signals(e);
	if (signals < 0 ||
	    watchdog_start(&r.stop.watchdog, signals, o->grace_ms, e) < 0)
		goto out;
	if (seal_file(in, e) < 0)
		goto out;
	trouble_init(&r);
	input_init(&r.arrived.in, in, &input, NULL, NULL);
	progress_init(&r.leaving.progress, counts);
	r.leaving.progress.live = live;
	r.known.now_ms = clock_mono_ms();
	rate_init(&r.known.rate, r.lanes.n, o->rate,
		  o->burst ? o->burst : r.lanes.batch, r.known.now_ms);
	rc = loop(&r, signals, e);
	if (rc < 0)
		conclude_salvage(&r);
	else
		rc = confirm(&r, signals, e);
	if (rc == 0)
		rc = conclude_run(&r, e);
	*signal = r.stop.signal;
	conclude_summary(&r);
	if (progress_stats(&r.leaving.progress, o->stats, &other) < 0 &&
	    rc == 0) {
		*e = other;
		rc = -1;
	}
out:
	if (r.asked.ops && r.asked.d)
		r.asked.ops->close(r.asked.d);
	clear(&r);
	watchdog_stop(r.stop.watchdog);
	if (signals >= 0)
		close(signals);
	return rc;
}
