#include "send/send.h"

#include <errno.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include "core/clock.h"
#include "core/counts.h"
#include "core/linux.h"
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
	TICK_MS = 1000, /* longest wait: the progress line is updated this often
			 */
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

static int nobody_reads(struct err *e)
{
	(void)err_set(e, ERR_IO,
		      "cannot write output: nothing reads the receipts any "
		      "more, so sending has stopped");
	e->no_reader = true;
	return -1;
}

/* Fails if nothing reads the receipts any more, so that no event is sent
 * without a receipt.
 */
static int check_reader(const struct run_leaving *leaving, struct err *e)
{
	struct pollfd p = {.fd = leaving->out_fd};

	if (poll(&p, 1, 0) <= 0 || !(p.revents & (POLLERR | POLLNVAL)))
		return 0;
	return nobody_reads(e);
}

static int start_all(struct run *r, struct err *e)
{
	struct run_lanes *lanes = &r->lanes;
	unsigned flew = lanes->flying;

	for (unsigned i = 0; i < lanes->n; i++)
		outcome_start(r, &lanes->lane[(lanes->turn + i) % lanes->n]);
	lanes->turn++;
	return lanes->flying > flew ? check_reader(&r->leaving, e) : 0;
}

static uint64_t ms_until(uint64_t at_ms, uint64_t now_ms)
{
	return at_ms > now_ms ? at_ms - now_ms : 0;
}

/* The ms until a lane that has something to send may start its request. */
static uint64_t start_in(struct run_known *known, const struct run_lanes *lanes,
			 const struct lane *l, uint64_t paced)
{
	uint64_t ms = ms_until(l->due_ms, known->now_ms);

	if (paced < UINT64_MAX)
		return ms > paced ? ms : paced;
	if (!rate_allows(&known->rate, lanes->flying, known->now_ms))
		return TICK_MS; /* only a reply can make room for another
				 * request
				 */
	return ms;
}

/* The ms that the loop may wait for input and replies. */
static int wait_ms(struct run *r)
{
	struct run_known *known = &r->known;
	struct run_lanes *lanes = &r->lanes;
	struct run_stop *stop = &r->stop;
	uint64_t least = TICK_MS, ms,
		 paced = rate_wait(&known->rate, known->now_ms);

	if (stop->begun)
		least = ms_until(stop->deadline_ms, known->now_ms);
	for (unsigned i = 0; i < lanes->n && !stop->begun; i++) {
		struct lane *l = &lanes->lane[i];
		struct batch *b = lane_open(l);

		if (l->flying)
			continue;
		ms = least;
		if (lane_next(l))
			ms = start_in(known, lanes, l, paced);
		else if (b)
			ms = ms_until(b->born_ms + r->asked.o->batch_age_ms,
				      known->now_ms);
		if (ms < least)
			least = ms;
	}
	return (int)(least < TICK_MS ? least : TICK_MS);
}

/* The first signal stops the run after the requests in flight; a second one
 * stops it at once.
 */
static void take_signal(struct run *r)
{
	struct run_stop *stop = &r->stop;
	int signal = linux_signal(stop->signals);
	struct err why = {.kind = ERR_TEMP};
	char last[160];

	if (signal == 0)
		return;
	if (!stop->signal)
		stop->signal_ms = r->known.now_ms;
	else if (r->known.now_ms - stop->signal_ms >= TOOL_AGAIN_MS)
		stop->deadline_ms = r->known.now_ms;
	stop->signal = signal;
	watchdog_taken(stop->watchdog, stop->signal);
	trouble_last(&r->known, last, sizeof(last));
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

/* Updates the live line while the run waits: for how long, and why. */
static void show_wait(struct run *r)
{
	const struct run_asked *asked = &r->asked;
	struct run_known *known = &r->known;
	struct run_lanes *lanes = &r->lanes;
	struct run_leaving *leaving = &r->leaving;
	struct run_stop *stop = &r->stop;
	uint64_t ms = rate_wait(&known->rate, known->now_ms);
	const char *trouble =
		asked->ops->trouble ? asked->ops->trouble(asked->d) : NULL;

	if (!leaving->progress.watched && !leaving->progress.feeds)
		return;
	for (unsigned i = 0; ms == UINT64_MAX && i < lanes->n; i++) {
		struct lane *l = &lanes->lane[i];

		if (!l->flying && lane_next(l) && l->due_ms > known->now_ms)
			ms = l->due_ms - known->now_ms;
	}
	leaving->in_flight = lanes->flying;
	leaving->fine = leaving->outcome[RECEIPT_ACCEPTED] +
			leaving->outcome[RECEIPT_DELIVERED] +
			leaving->outcome[RECEIPT_DRY_RUN];
	if (stop->begun)
		progress_note(
			&leaving->progress, "stopping within %ju s%s",
			(uintmax_t)(ms_until(stop->deadline_ms, known->now_ms) +
				    999) /
				1000,
			stop->signal ? "; Ctrl-C again to stop now" : "");
	else if (trouble)
		progress_note(&leaving->progress, "waits: %s", trouble);
	else if (ms == UINT64_MAX || known->trouble[0] == '\0')
		leaving->progress.note[0] = '\0';
	else
		progress_note(&leaving->progress, "waiting %ju s: %s",
			      (uintmax_t)(ms + 999) / 1000, known->trouble);
	progress_wait(&leaving->progress);
}

/* Waits once for replies, input and signals, and handles them. Before a wait
 * that may last it flushes the output. *busy: do not wait, because the last
 * round had something to do.
 */
static int wait_round(struct run *r, bool *busy, struct err *e)
{
	struct run_lanes *lanes = &r->lanes;
	struct run_leaving *leaving = &r->leaving;
	bool want = !r->arrived.eof && lanes_have_room(lanes);
	struct pollfd fds[2] = {
		{.fd = r->stop.signals, .events = POLLIN},
		{.fd = STDIN_FILENO, .events = POLLIN},
	};
	bool idle = want && lanes->flying == 0 && lanes_are_empty(lanes),
	     any = false;
	uint64_t began;

	if (!*busy) {
		if (writer_flush(leaving->out, e) < 0 ||
		    (leaving->shown && writer_flush(leaving->shown, e) < 0))
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
		take_signal(r);
	if (want && fds[1].revents) {
		intake_read(&r->arrived);
		any = true;
	}
	*busy = any;
	return 0;
}

/* Closes batches that are old enough; if no more events can arrive now, closes
 * all of them. Younger batches stay open for more events.
 */
static void close_ready(struct run *r)
{
	bool all = r->arrived.eof || !lanes_have_room(&r->lanes);

	lanes_close_ready(&r->lanes, all, r->asked.o->batch_age_ms,
			  r->known.now_ms);
}

static int loop(struct run *r, struct err *e)
{
	struct run_lanes *lanes = &r->lanes;
	struct run_stop *stop = &r->stop;
	bool busy = true;

	for (;;) {
		lanes_bound(lanes, intake_event_bytes(&r->arrived),
			    r->asked.o->memory);
		if (intake_lines(r, e) < 0) {
			if (e->kind == ERR_IO)
				return -1;
			stop_begin(r, e);
		}
		if (!stop->begun)
			close_ready(r);
		if (start_all(r, e) < 0)
			return -1;
		if (stop->begun && (lanes->flying == 0 ||
				    r->known.now_ms >= stop->deadline_ms))
			return outcome_abandon(r, e);
		if (r->arrived.eof && lanes_are_empty(lanes))
			return outcome_end(r, e);
		if (wait_round(r, &busy, e) < 0)
			return -1;
	}
}

/* Asks for the outcome of the accepted events, and writes their receipts. */
static int confirm(struct run *r, struct err *e)
{
	const struct run_asked *asked = &r->asked;
	struct run_arrived *arrived = &r->arrived;
	struct run_leaving *leaving = &r->leaving;
	struct confirm_counts n = {0};
	bool ask = leaving->outcome[RECEIPT_ACCEPTED] > 0 && !r->stop.begun &&
		   !arrived->failed && !intake_had_enough(asked, arrived) &&
		   input_complete(&arrived->in, e) == 0;

	if (!leaving->confirm.spool)
		return 0;
	if (ask && !leaving->confirm.run)
		err_names(&leaving->confirm_err, ERR_CONFIG,
			  "option '--confirm' needs the run id from the begin "
			  "line: receipts stay 'accepted'");
	else if (ask && writer_flush(leaving->out, e) < 0)
		return -1;
	else if (ask &&
		 confirm_ask(&leaving->confirm, &asked->to, asked->confirm_ms,
			     r->stop.signals, &leaving->confirm_err) < 0)
		tool_warn("receipts stay 'accepted'");
	take_signal(r);
	leaving->confirm.doubted = r->known.attempt.doubted;
	if (confirm_release(&leaving->confirm, leaving->out,
			    &leaving->failed_file, &leaving->reasons, &n,
			    e) < 0)
		return -1;
	if (ask && !leaving->confirm.known &&
	    leaving->confirm_err.kind == ERR_NONE)
		err_set(&leaving->confirm_err, ERR_PARTIAL,
			"%ju event%s accepted, but the data plane did not "
			"confirm that %s delivered",
			(uintmax_t)leaving->outcome[RECEIPT_ACCEPTED],
			counts_word(leaving->outcome[RECEIPT_ACCEPTED], " is",
				    "s are"),
			counts_word(leaving->outcome[RECEIPT_ACCEPTED],
				    "it was", "they were"));
	leaving->outcome[RECEIPT_ACCEPTED] -=
		n.delivered + n.failed + n.unknown;
	leaving->outcome[RECEIPT_DELIVERED] += n.delivered;
	leaving->outcome[RECEIPT_FAILED] += n.failed;
	leaving->outcome[RECEIPT_UNKNOWN] += n.unknown;
	return 0;
}

/* ---- the run ----------------------------------------------------------- */

static void clear(struct run *r)
{
	struct run_arrived *arrived = &r->arrived;
	struct run_leaving *leaving = &r->leaving;

	lanes_clear(&r->lanes);
	if (arrived->in.reader)
		input_clear(&arrived->in);
	attempt_clear(&r->known.attempt);
	seal_clear(&arrived->seal);
	writer_free(leaving->out);
	writer_free(leaving->shown);
	failed_file_clear(&leaving->failed_file);
	confirm_clear(&leaving->confirm);
	held_clear(&leaving->refused);
	reasons_clear(&leaving->reasons);
	buf_clear(&arrived->end);
	buf_clear(&leaving->tail);
	buf_clear(&arrived->scratch);
}

/* Sets the counts that --stats and the live line show. */
static void name_counts(const struct run_arrived *arrived,
			struct run_leaving *leaving)
{
	const struct progress_count counts[] = {
		{"events", &arrived->events},
		{"accepted", &leaving->outcome[RECEIPT_ACCEPTED]},
		{"delivered", &leaving->outcome[RECEIPT_DELIVERED]},
		{"rejected", &leaving->outcome[RECEIPT_REJECTED]},
		{"failed", &leaving->outcome[RECEIPT_FAILED]},
		{"unknown", &leaving->outcome[RECEIPT_UNKNOWN]},
		{"skipped", &leaving->outcome[RECEIPT_SKIPPED]},
		{"in_flight", &leaving->in_flight},
		{"requests", &leaving->requests},
		{"retries", &leaving->retries},
		{"bytes", &leaving->bytes},
		{0},
	};
	const struct progress_count live[] = {
		{"accepted", &leaving->fine},
		{"rejected", &leaving->outcome[RECEIPT_REJECTED]},
		{"failed", &leaving->outcome[RECEIPT_FAILED]},
		{"unknown", &leaving->outcome[RECEIPT_UNKNOWN]},
		{"in flight", &leaving->in_flight},
		{"retries", &leaving->retries},
		{0},
	};

	_Static_assert(sizeof(counts) == sizeof(leaving->counts), "all");
	_Static_assert(sizeof(live) == sizeof(leaving->live), "all");
	memcpy(leaving->counts, counts, sizeof(counts));
	memcpy(leaving->live, live, sizeof(live));
	progress_init(&leaving->progress, leaving->counts);
	leaving->progress.live = leaving->live;
}

/* Opens all that is needed to send besides the destination, which is already
 * open. A signal before setup_signals ends the process at once, which is safe
 * because nothing was sent.
 */
static int open_run(struct run *r, int in, int out, struct err *e)
{
	const struct send_options *o = r->asked.o;
	const struct input_options input = {
		.max_line = o->max_line,
		.trust_eof = o->trust_eof,
		.any_counts = o->any_counts,
	};
	struct run_leaving *leaving = &r->leaving;
	struct run_stop *stop = &r->stop;
	struct run_lanes *lanes = &r->lanes;

	if (failed_file_open(&leaving->failed_file, o->failed, e) < 0 ||
	    (r->asked.confirm_ms && confirm_open(&leaving->confirm, e) < 0))
		return -1;
	lanes->lane = mem_zero(lanes->n * sizeof(*lanes->lane));
	if (setup_output(&r->asked, leaving, out, e) < 0)
		return -1;
	stop->signals = setup_signals(e);
	if (stop->signals < 0 ||
	    watchdog_start(&stop->watchdog, stop->signals, o->grace_ms, e) <
		    0 ||
	    seal_file(in, e) < 0)
		return -1;
	trouble_init(&r->known);
	input_init(&r->arrived.in, in, &input, NULL, NULL);
	name_counts(&r->arrived, leaving);
	r->known.now_ms = clock_mono_ms();
	rate_init(&r->known.rate, lanes->n, o->rate,
		  o->burst ? o->burst : lanes->batch, r->known.now_ms);
	return 0;
}

static int deliver(struct run *r, struct err *e)
{
	struct err other;
	int rc = loop(r, e);

	if (rc < 0)
		conclude_salvage(&r->leaving);
	else
		rc = confirm(r, e);
	if (rc == 0)
		rc = conclude_run(r, e);
	conclude_summary(r);
	if (progress_stats(&r->leaving.progress, r->asked.o->stats, &other) <
		    0 &&
	    rc == 0) {
		*e = other;
		rc = -1;
	}
	return rc;
}

static int check(struct run *r, struct err *e)
{
	int rc;

	confine_run(r);
	rc = setup_probe(&r->asked, e);
	if (rc == 0)
		tool_summary("%s", r->asked.dest->checked);
	return rc;
}

int send_run(const struct send_options *o, int in, int out, int *signal,
	     struct err *e)
{
	struct run r = {
		.asked.o = o,
		.known.attempt.lock_fd = -1,
		.stop.signals = -1,
	};
	int rc = setup_dest(&r, e);

	if (rc == 0 && o->check)
		rc = check(&r, e);
	else if (rc == 0 && (rc = open_run(&r, in, out, e)) == 0)
		rc = deliver(&r, e);
	if (rc < 0 && e->no_reader && !o->receipts)
		(void)nobody_reads(e); /* standard output: explain why receipts
					* need a reader
					*/
	*signal = r.stop.signal;
	if (r.asked.ops && r.asked.d)
		r.asked.ops->close(r.asked.d);
	clear(&r);
	watchdog_stop(r.stop.watchdog);
	if (r.stop.signals >= 0)
		close(r.stop.signals);
	return rc;
}
