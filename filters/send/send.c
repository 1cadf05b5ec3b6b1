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
#include "send/trouble.h"
#include "send/verdict.h"
#include "send/watchdog.h"

#define LEAST_MEMORY ((uint64_t)12 * 1024 * 1024)

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
	struct pollfd p = {.fd = r->out_fd};

	if (poll(&p, 1, 0) > 0 && p.revents & (POLLERR | POLLNVAL))
		return err_set(e, ERR_IO,
			       "cannot write output: nothing reads the "
			       "receipts any more, so sending has stopped");
	return 0;
}

static int start_all(struct run *r, struct err *e)
{
	unsigned flew = r->flying;

	for (unsigned i = 0; i < r->lanes; i++)
		outcome_start(r, &r->lane[(r->turn + i) % r->lanes]);
	r->turn++;
	return r->flying > flew ? reader_is_there(r, e) : 0;
}

static uint64_t until(uint64_t at_ms, uint64_t now_ms)
{
	return at_ms > now_ms ? at_ms - now_ms : 0;
}

/* In how many ms a lane that has something to send may start. */
static uint64_t start_in(struct run *r, const struct lane *l, uint64_t paced)
{
	uint64_t ms = until(l->due_ms, r->now_ms);

	if (paced < UINT64_MAX)
		return ms > paced ? ms : paced;
	if (!rate_allows(&r->rate, r->flying, r->now_ms))
		return TICK_MS; /* a reply must come first */
	return ms;
}

/* How long nothing of ours will be due. */
static int wait_ms(struct run *r)
{
	uint64_t least = TICK_MS, ms, paced = rate_wait(&r->rate, r->now_ms);

	if (r->stopping)
		least = until(r->deadline_ms, r->now_ms);
	for (unsigned i = 0; i < r->lanes && !r->stopping; i++) {
		struct lane *l = &r->lane[i];
		struct batch *b = lane_open(l);

		if (l->flying)
			continue;
		ms = least;
		if (lane_next(l))
			ms = start_in(r, l, paced);
		else if (b)
			ms = until(b->born_ms + r->o->batch_age_ms, r->now_ms);
		if (ms < least)
			least = ms;
	}
	return (int)(least < TICK_MS ? least : TICK_MS);
}

/* What may be held: as asked, or so much that each lane can have a batch in
 * flight and half a one behind it, by the length of the events so far. (Two
 * for each make as many requests, and no more throughput.)
 */
static void set_memory(struct run *r)
{
	uint64_t event = r->events ? r->event_bytes / r->events + 1 : 1;
	uint64_t n = r->batch_bytes / event;

	if (n > r->batch)
		n = r->batch;
	r->memory = r->lanes * n * (event + sizeof(struct batch_item)) * 3 / 2;
	if (r->memory < LEAST_MEMORY)
		r->memory = LEAST_MEMORY;
	if (r->o->memory)
		r->memory = r->o->memory;
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
	if (r->signal)
		r->deadline_ms = r->now_ms;
	r->signal = (int)info.ssi_signo;
	watchdog_taken(r->watchdog, r->signal);
	trouble_last(r, last, sizeof(last));
	snprintf(why.text, sizeof(why.text), "stopped by a signal%s", last);
	verdict_stop(r, &why);
}

static int finish_jobs(struct run *r, bool *any, struct err *e)
{
	struct dest_job *job;

	while ((job = r->ops->done(r->d)) != NULL) {
		*any = true;
		if (outcome_job(r, job, e) < 0)
			return -1;
	}
	return 0;
}

/* The live line of a command that waits: for how long, and why. */
static void show_wait(struct run *r)
{
	uint64_t ms = rate_wait(&r->rate, r->now_ms);
	const char *trouble = r->ops->trouble ? r->ops->trouble(r->d) : NULL;

	if (!r->progress.watched && !r->progress.feeds)
		return;
	for (unsigned i = 0; ms == UINT64_MAX && i < r->lanes; i++) {
		struct lane *l = &r->lane[i];

		if (!l->flying && lane_next(l) && l->due_ms > r->now_ms)
			ms = l->due_ms - r->now_ms;
	}
	r->in_flight = r->flying;
	r->fine = r->outcome[RECEIPT_ACCEPTED] + r->outcome[RECEIPT_DELIVERED] +
		  r->outcome[RECEIPT_DRY_RUN];
	if (r->stopping)
		progress_note(
			&r->progress, "stopping within %ju s%s",
			(uintmax_t)(until(r->deadline_ms, r->now_ms) + 999) /
				1000,
			r->signal ? "; Ctrl-C again to stop now" : "");
	else if (trouble)
		progress_note(&r->progress, "waits: %s", trouble);
	else if (ms == UINT64_MAX || r->trouble[0] == '\0')
		r->progress.note[0] = '\0';
	else
		progress_note(&r->progress, "waiting %ju s: %s",
			      (uintmax_t)(ms + 999) / 1000, r->trouble);
	progress_wait(&r->progress);
}

static bool is_empty(const struct run *r)
{
	for (unsigned i = 0; i < r->lanes; i++) {
		if (r->lane[i].first)
			return false;
	}
	return true;
}

/* One round of waiting; with a flush before it when it may last. */
static int round_of(struct run *r, int signals, bool *busy, struct err *e)
{
	bool want = !r->eof && intake_room(r);
	struct pollfd fds[2] = {
		{.fd = signals, .events = POLLIN},
		{.fd = STDIN_FILENO, .events = POLLIN},
	};
	bool idle = want && r->flying == 0 && is_empty(r), any = false;
	uint64_t began;

	if (!*busy) {
		if (writer_flush(r->out, e) < 0 ||
		    (r->shown && writer_flush(r->shown, e) < 0))
			return -1;
		show_wait(r);
		trouble_look(r);
	}
	began = idle ? tool_wait_begin() : 0;
	if (r->ops->wait(r->d, fds, want ? 2 : 1, *busy ? 0 : wait_ms(r), e) <
	    0)
		return -1;
	tool_wait_end(began);
	r->now_ms = clock_mono_ms();
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
		set_memory(r);
		if (intake_lines(r, e) < 0) {
			if (e->kind == ERR_IO)
				return -1;
			verdict_stop(r, e);
		}
		if (!r->stopping)
			intake_close(r);
		if (start_all(r, e) < 0)
			return -1;
		if (r->stopping &&
		    (r->flying == 0 || r->now_ms >= r->deadline_ms))
			return outcome_abandon(r, e);
		if (r->eof && is_empty(r))
			return outcome_end(r, e);
		if (round_of(r, signals, &busy, e) < 0)
			return -1;
	}
}

/* What became of the accepted events, and their receipts. */
static int confirm(struct run *r, int signals, struct err *e)
{
	struct confirm_counts n = {0};
	bool ask = r->outcome[RECEIPT_ACCEPTED] > 0 && !r->stopping &&
		   !r->in_failed && !intake_had_enough(r) &&
		   input_complete(&r->in, e) == 0;

	if (!r->confirm.spool)
		return 0;
	if (ask && !r->confirm.run)
		err_set(&r->confirm_err, ERR_CONFIG,
			"option '--confirm' needs the run id from the begin "
			"line: receipts stay 'accepted'");
	else if (ask && writer_flush(r->out, e) < 0)
		return -1;
	else if (ask && confirm_ask(&r->confirm, &r->given, r->confirm_ms,
				    signals, &r->confirm_err) < 0)
		tool_warn("receipts stay 'accepted'");
	take_signal(r, signals);
	r->confirm.doubted = r->attempt.doubted;
	if (confirm_release(&r->confirm, r->out, &r->failed_file, &r->reasons,
			    &n, e) < 0)
		return -1;
	if (ask && !r->confirm.known && r->confirm_err.kind == ERR_NONE)
		err_set(&r->confirm_err, ERR_PARTIAL,
			"%ju events are accepted, but the data plane did not "
			"confirm that they were delivered",
			(uintmax_t)r->outcome[RECEIPT_ACCEPTED]);
	r->outcome[RECEIPT_ACCEPTED] -= n.delivered + n.failed + n.unknown;
	r->outcome[RECEIPT_DELIVERED] += n.delivered;
	r->outcome[RECEIPT_FAILED] += n.failed;
	r->outcome[RECEIPT_UNKNOWN] += n.unknown;
	return 0;
}

/* ---- the run ----------------------------------------------------------- */

static void clear(struct run *r)
{
	for (unsigned i = 0; r->lane && i < r->lanes; i++)
		lane_clear(&r->lane[i]);
	free(r->lane);
	while (r->spare) {
		struct batch *b = r->spare;

		r->spare = b->next;
		batch_free(b);
	}
	if (r->in.reader)
		input_clear(&r->in);
	attempt_clear(&r->attempt);
	seal_clear(&r->seal);
	writer_free(r->out);
	writer_free(r->shown);
	failed_file_clear(&r->failed_file);
	confirm_clear(&r->confirm);
	held_clear(&r->refused);
	reasons_clear(&r->reasons);
	buf_clear(&r->end);
	buf_clear(&r->tail);
	buf_clear(&r->scratch);
}

int send_run(const struct send_options *o, int in, int out, int *signal,
	     struct err *e)
{
	const struct input_options input = {
		.max_line = o->max_line,
		.trust_eof = o->trust_eof,
		.any_counts = o->any_counts,
	};
	struct run r = {.o = o, .attempt.lock_fd = -1};
	const struct progress_count counts[] = {
		{"events", &r.events},
		{"accepted", &r.outcome[RECEIPT_ACCEPTED]},
		{"delivered", &r.outcome[RECEIPT_DELIVERED]},
		{"rejected", &r.outcome[RECEIPT_REJECTED]},
		{"failed", &r.outcome[RECEIPT_FAILED]},
		{"unknown", &r.outcome[RECEIPT_UNKNOWN]},
		{"skipped", &r.outcome[RECEIPT_SKIPPED]},
		{"in_flight", &r.in_flight},
		{"requests", &r.requests},
		{"retries", &r.retries},
		{"bytes", &r.bytes},
		{0},
	};
	const struct progress_count live[] = {
		{"accepted", &r.fine},
		{"rejected", &r.outcome[RECEIPT_REJECTED]},
		{"failed", &r.outcome[RECEIPT_FAILED]},
		{"unknown", &r.outcome[RECEIPT_UNKNOWN]},
		{"in flight", &r.in_flight},
		{"retries", &r.retries},
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
			tool_summary("%s", r.dest->checked);
		goto out;
	}
	/* until here a signal ends us at once: nothing was sent */
	if (failed_file_open(&r.failed_file, o->failed, e) < 0 ||
	    (r.confirm_ms && confirm_open(&r.confirm, e) < 0))
		goto out;
	r.lane = mem_zero(r.lanes * sizeof(*r.lane));
	if (setup_output(&r, out, e) < 0)
		goto out;
	signals = setup_signals(e);
	if (signals < 0 ||
	    watchdog_start(&r.watchdog, signals, o->grace_ms, e) < 0)
		goto out;
	if (seal_file(in, e) < 0)
		goto out;
	trouble_init(&r);
	input_init(&r.in, in, &input, NULL, NULL);
	progress_init(&r.progress, counts);
	r.progress.live = live;
	r.now_ms = clock_mono_ms();
	rate_init(&r.rate, r.lanes, o->rate, o->burst ? o->burst : r.batch,
		  r.now_ms);
	rc = loop(&r, signals, e);
	if (rc < 0)
		conclude_salvage(&r);
	else
		rc = confirm(&r, signals, e);
	if (rc == 0)
		rc = conclude_run(&r, e);
	*signal = r.signal;
	conclude_summary(&r);
	if (progress_stats(&r.progress, o->stats, &other) < 0 && rc == 0) {
		*e = other;
		rc = -1;
	}
out:
	if (r.ops && r.d)
		r.ops->close(r.d);
	clear(&r);
	watchdog_stop(r.watchdog);
	if (signals >= 0)
		close(signals);
	return rc;
}
