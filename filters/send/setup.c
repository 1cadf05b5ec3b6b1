#include "send/setup.h"

#include <fcntl.h>
#include <signal.h>
#include <unistd.h>

#include "core/clock.h"
#include "core/file.h"
#include "core/linux.h"
#include "send/stop.h"

enum {
	FLUSH_BYTES = 64 * 1024,
	TICK_MS = 1000,
	MAX_CONNECTIONS = 256,
};

/* Refuses options that exclude each other, or do not fit this destination. */
static int check(const struct send_options *o, const struct dest *d,
		 struct err *e)
{
	if (dest_option_check(&o->given, d->groups, e) < 0)
		return -1;
	if (o->batch_bytes > d->max_bytes)
		return err_names(
			e, ERR_USAGE,
			"option '--batch-bytes': %s: takes at most %ju",
			d->scheme, (uintmax_t)d->max_bytes);
	if (o->check && o->dry_run)
		return err_names(e, ERR_USAGE,
				 "options '--check' and "
				 "'--dry-run' exclude each other");
	if (o->as_curl && (!d->speaks_http || !o->dry_run))
		return err_names(
			e, ERR_USAGE,
			"option '--as-curl' needs rudder:, segment: or "
			"webhook:, and --dry-run");
	if (d->takes_output && !o->receipts && !o->dry_run && !o->check)
		return err_names(e, ERR_USAGE,
				 "destination '%s:' writes events to standard "
				 "output: use --receipts FILE for the receipts",
				 d->scheme);
	if (o->receipts && o->failed && strcmp(o->receipts, o->failed) == 0)
		return err_names(e, ERR_USAGE,
				 "options '--receipts' and '--failed' name the "
				 "same file");
	if (o->timeout_ms == 0)
		return err_names(e, ERR_USAGE,
				 "option '--timeout' must be more than 0");
	if (o->connections > MAX_CONNECTIONS)
		return err_names(e, ERR_USAGE,
				 "option '--connections': at most %d",
				 MAX_CONNECTIONS);
	if (o->connections > 1 && d->connections == 1)
		return err_names(e, ERR_USAGE,
				 "option '--connections': %s: has only one",
				 d->scheme);
	return 0;
}

/* Sets the limits of the run from the options or, for options that were not
 * given, from the defaults of the destination.
 */
static void complete_options(struct run *r, const struct send_options *o,
			     const struct dest *d)
{
	struct run_asked *asked = &r->asked;
	struct run_lanes *lanes = &r->lanes;
	struct dest_form form;
	size_t frame;

	lanes->batch = o->batch ? o->batch : d->batch;
	lanes->batch_bytes = o->batch_bytes ? o->batch_bytes : d->batch_bytes;
	lanes->n = (unsigned)(o->connections ? o->connections : d->connections);
	form.frame =
		lanes->batch == 1 && d->single.prefix ? d->single : d->frame;
	form.by_action = false;
	if (d->adapt)
		d->adapt(&asked->to, &form);
	lanes->frame = form.frame;
	asked->by_action = form.by_action;
	frame = strlen(lanes->frame.prefix) + strlen(lanes->frame.suffix);
	asked->max_event = d->max_bytes - frame;
	if (o->max_event && o->max_event < asked->max_event)
		asked->max_event = o->max_event;
	asked->retry = (struct retry_policy){
		.first_ms = o->retry_first_ms,
		.most_ms = o->retry_most_ms,
		.total_ms = o->retry_total_ms,
	};
}

int setup_signals(struct err *e)
{
	sigset_t set;
	int fd;

	sigemptyset(&set);
	sigaddset(&set, SIGINT);
	sigaddset(&set, SIGTERM);
	sigaddset(&set, SIGHUP);
	fd = linux_signals(&set);
	if (fd < 0 || sigprocmask(SIG_BLOCK, &set, NULL) < 0)
		return err_sys(e, ERR_OS, "cannot watch for signals");
	return fd;
}

/* Opens a file for the receipts, or duplicates an open descriptor (/dev/fd/3).
 */
static int open_receipts(const char *path, struct err *e)
{
	int fd = file_descriptor(path);

	fd = fd >= 0 ? fcntl(fd, F_DUPFD_CLOEXEC, 0)
		     : open(path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC,
			    0600);
	if (fd < 0)
		return err_sys(e, ERR_CREATE, "cannot open '%s'", path);
	return fd;
}

int setup_output(const struct run_asked *asked, struct run_leaving *leaving,
		 int out, struct err *e)
{
	const char *path = asked->o->receipts;

	if (asked->o->as_curl && !path)
		path = "/dev/null";
	if (asked->o->dry_run && path)
		leaving->shown = writer_new(out, FLUSH_BYTES);
	if (path) {
		out = open_receipts(path, e);
		abort_output(asked->o->receipts ? out : -1, "send");
	}
	leaving->out_fd = out;
	leaving->out = writer_new(out, FLUSH_BYTES);
	return out < 0 ? -1 : 0;
}

int setup_dest(struct run *r, struct err *e)
{
	struct run_asked *asked = &r->asked;
	const struct send_options *o = asked->o;
	struct dest_options *to = &asked->to;

	asked->dest = dest_find(o->dest, &to->url, e);
	if (!asked->dest || check(o, asked->dest, e) < 0)
		return -1;
	to->given = &o->given;
	complete_options(r, o, asked->dest);
	asked->confirm_ms =
		asked->dest->confirm_ms ? asked->dest->confirm_ms(to) : 0;
	if (asked->confirm_ms && o->dry_run)
		return err_names(e, ERR_USAGE,
				 "options '--confirm' and '--dry-run' exclude "
				 "each other");
	to->connections = r->lanes.n;
	to->batch = r->lanes.batch;
	to->key_hash = &r->known.key_hash;
	to->timeout_ms = o->timeout_ms;
	to->retry_total_ms = o->retry_total_ms;
	to->check = o->check;
	to->dry = o->dry_run ? asked->dest : NULL;
	to->as_curl = o->as_curl;
	asked->ops = o->dry_run ? &dest_dry : asked->dest;
	return asked->ops->open(&asked->d, to, e);
}

/* Checks that the reply to the probe is the one of a data plane. */
static int judge_probe(const struct dest *d, const struct reply *reply,
		       struct err *e)
{
	if (!d->refusal ||
	    (reply->status == 400 && strstr(reply->reason, d->refusal)))
		return 0;
	return err_set(e, ERR_CONFIG,
		       "this is not a data plane: it replied %s to an empty "
		       "batch instead of HTTP 400: %s; check the address",
		       reply->reason[0] ? reply->reason : "HTTP 200",
		       d->refusal);
}

int setup_probe(const struct run_asked *asked, struct err *e)
{
	const char *body = asked->dest->probe;
	struct dest_job job = {.body = slice_str(body)};
	uint64_t until_ms = clock_mono_ms() + asked->o->timeout_ms;

	if (asked->dest->check)
		return asked->dest->check(asked->d, asked->o->timeout_ms, e);
	if (!body)
		return 0; /* open has already checked all that can be checked */
	asked->ops->start(asked->d, &job);
	while (!asked->ops->done(asked->d)) {
		if (clock_mono_ms() > until_ms + TICK_MS)
			return err_set(e, ERR_BUG, "the check timed out");
		if (asked->ops->wait(asked->d, NULL, 0, TICK_MS, e) < 0)
			return -1;
	}
	if (job.reply.class == REPLY_TAKEN || job.reply.class == REPLY_REFUSED)
		return judge_probe(asked->dest, &job.reply, e);
	if (job.reply.class == REPLY_FATAL ||
	    job.reply.class == REPLY_FORBIDDEN)
		*e = job.reply.err;
	else
		(void)err_set(e, ERR_REFUSED, "%s", job.reply.reason);
	stop_name_host(asked, &job.reply, e);
	return -1;
}
