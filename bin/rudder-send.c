/* rudder-send - sends events, and writes a receipt for each */
#include <malloc.h>
#include <signal.h>
#include <unistd.h>

#include "core/opt.h"
#include "core/secrets.h"
#include "core/tool.h"
#include "send/dest/dest.h"
#include "send/profile.h"
#include "send/send.h"
#include "wire/settings/doc.h"
#include "wire/stream/abort.h"

enum {
	MMAP_BYTES = 128 * 1024,
	TRIM_BYTES = 1024 * 1024, /* the default would trim all the time */
	OPTIONS = 96
};

/* Prevents core files, which would contain the write key. Also makes glibc
 * return freed batches to the system: otherwise it keeps them in its heap,
 * which grows by fragmentation (measured: from 28 to 40 MiB in hours).
 */
static void guard(void)
{
	mallopt(M_MMAP_THRESHOLD, MMAP_BYTES);
	mallopt(M_TRIM_THRESHOLD, TRIM_BYTES);
	secrets_hold();
}

/* After a clean end, dies by the signal that asked for it. */
static void pass_signal(int number)
{
	sigset_t set;

	if (number == 0)
		return;
	signal(number, SIG_DFL);
	sigemptyset(&set);
	sigaddset(&set, number);
	raise(number);
	sigprocmask(SIG_UNBLOCK, &set, NULL);
}

/* Whether standard output is for receipts, not for events or commands. */
static bool writes_receipts(const struct send_options *o)
{
	struct err unknown;
	const char *rest;
	const struct dest *d =
		o->dest ? dest_find(o->dest, &rest, &unknown) : NULL;
	bool events = d && d->takes_output;

	return !o->receipts && !o->check && !o->as_curl &&
	       (o->dry_run || !events);
}

/* Adds the options of single destinations after the others. */
static void add_own(struct opt *table, struct dest_given *g)
{
	size_t n = 0;

	while (table[n].name)
		n++;
	(void)dest_rows(g, table + n, OPTIONS - 1 - n);
}

static const char *dest_list(struct buf *b)
{
	dest_schemes(b);
	return buf_cstr(b);
}

/* Adds the options for requests and their rate. */
static void add_requests(struct opt *table, struct send_options *o)
{
	const struct opt rows[] = {
		{'c', "connections", "<n>",
		 "requests in flight; order is kept per user (8)",
		 .count = &o->connections},
		{'b', "batch", "<n>", "events per request (500)",
		 .count = &o->batch},
		{0, "batch-bytes", "<size>", "bytes per request, before gzip",
		 .count = &o->batch_bytes},
		{0, "batch-age", "<time>",
		 "send a batch that is not full after this time",
		 .msec = &o->batch_age_ms},
		{0, "max-event", "<size>", "reject longer events",
		 .count = &o->max_event},
		{0, "max-line", "<size>", "reject longer lines",
		 .count = &o->max_line},
		{0, "memory", "<size>",
		 "hold at most this many bytes of events (12M)",
		 .count = &o->memory},
		{0, "rate", "<n>", "events per second", .count = &o->rate},
		{0, "burst", "<n>", "events sent at once before --rate applies",
		 .count = &o->burst},
		{0},
	};

	opt_add(table, OPTIONS, rows);
}

static void add_waits(struct opt *table, struct send_options *o)
{
	const struct opt rows[] = {
		{0, "timeout", "<time>", "time limit of a request",
		 .msec = &o->timeout_ms},
		{0, "retry-wait", "<time>",
		 "wait before the first retry; doubles",
		 .msec = &o->retry_first_ms},
		{0, "retry-max-wait", "<time>", "longest wait between retries",
		 .msec = &o->retry_most_ms},
		{0, "retry-max-time", "<time>",
		 "give up on a batch after this time",
		 .msec = &o->retry_total_ms},
		{0, "grace", "<time>",
		 "time for requests in flight after a signal",
		 .msec = &o->grace_ms},
		{0},
	};

	opt_add(table, OPTIONS, rows);
}

/* Adds the uses that send nothing, and options for files. */
static void add_uses(struct opt *table, struct send_options *o,
		     const char **profile)
{
	const struct opt rows[] = {
		{0, "profile", "<name>", "options of an API, from a file",
		 .text = profile},
		{0, "no-lock", NULL,
		 "do not lock the state that the events come from",
		 .flag = &o->no_lock},
		{'n', "dry-run", NULL, "send nothing, print the requests",
		 .flag = &o->dry_run},
		{0, "as-curl", NULL, "with --dry-run: print curl(1) commands",
		 .flag = &o->as_curl},
		{0, "compare", NULL,
		 "with --dry-run: refuse a destination that a run would",
		 .flag = &o->compare},
		{0, "check", NULL,
		 "test address, TLS and write key, send nothing",
		 .flag = &o->check},
		{0, "max-events", "<n>", "stop after this many events",
		 .count = &o->max_events},
		{0, "failed", "<file>",
		 "write events that were not accepted to this file",
		 .text = &o->failed},
		{0, "receipts", "<file>", "write receipts to this file",
		 .text = &o->receipts},
		{0, "trust-eof", NULL, "accept input without an end line",
		 .flag = &o->trust_eof},
		{0, "any-counts", NULL,
		 "accept input with lines dropped in between",
		 .flag = &o->any_counts},
		{0, "stats", "<file>", "write counters to this file, as JSON",
		 .text = &o->stats},
		{0},
	};

	opt_add(table, OPTIONS, rows);
}

int main(int argc, char **argv)
{
	struct send_options o = send_defaults;
	struct buf schemes = {0};
	const char *profile = NULL;
	struct doc *settings = NULL;
	struct opt table[OPTIONS] = {
		{'d', "dest", "<url>",
		 "where to deliver: a URL, see destinations below",
		 .text = &o.dest, .values = dest_list(&schemes)},
	};
	const struct opt_page page = {
		.summary = "deliver events and print a receipt for each",
		.synopsis = "-d <url> [options] < events > receipts",
		.table = table,
		.list = dest_print,
		.examples = "  rudder-send -d "
			    "rudder:https://dataplane.example.com\n"
			    "  rudder-send -d 'exec:sh load.sh'\n"
			    "  rudder-send -d file:events.ndjson\n"
			    "  rudder-send -d stdout: --receipts receipts\n",
	};
	struct err e = {0};
	char **operands;
	int signal_number = 0, rc;

	add_requests(table, &o);
	add_waits(table, &o);
	add_uses(table, &o, &profile);
	add_own(table, &o.given);
	o.confine = true;
	tool_start("rudder-send");
	guard();
	rc = opt_parse(argc, argv, &page, &operands, &e);
	signal(SIGPIPE, SIG_IGN); /* not for --help | head */
	if (rc != 0)
		abort_output(writes_receipts(&o) ? STDOUT_FILENO : -1, "send");
	if (o.dry_run)
		abort_dry_run();
	if (rc > 0 && *operands)
		rc = err_set(&e, ERR_USAGE,
			     "unexpected argument '%s': events are read from "
			     "standard input",
			     *operands);
	else if (rc > 0 && !o.dest)
		rc = err_set(&e, ERR_USAGE, "no destination: use -d URL");
	if (rc > 0 && profile && profile_load(&o, profile, &settings, &e) < 0)
		rc = -1;
	if (rc > 0 && !o.check)
		tool_reads(STDIN_FILENO, "events");
	if (rc > 0)
		rc = send_run(&o, STDIN_FILENO, STDOUT_FILENO, &signal_number,
			      &e);
	rc = tool_end(rc, &e);
	opt_clear(&page);
	dest_option_clear(&o.given);
	doc_free(settings);
	buf_clear(&schemes);
	pass_signal(signal_number);
	return rc;
}
