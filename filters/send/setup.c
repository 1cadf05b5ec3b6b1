#include "send/setup.h"

#include <fcntl.h>
#include <signal.h>
#include <sys/signalfd.h>
#include <unistd.h>

#include "core/clock.h"
#include "core/file.h"
#include "send/dest/by_action.h"

enum {
	FLUSH_BYTES = 64 * 1024,
	TICK_MS = 1000,
	MAX_CONNECTIONS = 256,
};

static bool is_lines(const struct send_options *o)
{
	return o->body_format && strcmp(o->body_format, "ndjson") == 0;
}

/* Those that give a request its shape. */
static int check_shapes(const struct send_options *o, const struct dest *d,
			struct err *e)
{
	const struct {
		const char *name;
		bool given;
	} options[] = {
		{"body", o->bodies.n > 0},
		{"method", o->methods.n > 0},
		{"url", o->urls.n > 0},
		{"success-status", o->successes.n > 0},
		{"results", o->results},
		{"oauth-file", o->oauth_file},
		{"sign", o->sign},
		{"sign-header", o->sign_header},
		{"body-format", o->body_format},
	};

	for (size_t i = 0; i < COUNT_OF(options); i++) {
		if (options[i].given)
			return err_set(e, ERR_USAGE,
				       "option '--%s': only with webhook:, not "
				       "%s:",
				       options[i].name, d->scheme);
	}
	return 0;
}

/* Options that do not go together, or not with this destination. */
static int check(const struct send_options *o, const struct dest *d,
		 struct err *e)
{
	if (o->batch_bytes > d->max_bytes)
		return err_set(e, ERR_USAGE,
			       "option '--batch-bytes': %s: takes at most %ju",
			       d->scheme, (uintmax_t)d->max_bytes);
	if (o->check && o->dry_run)
		return err_set(e, ERR_USAGE,
			       "options '--check' and "
			       "'--dry-run' exclude each other");
	if (o->confirm && (!d->confirms || o->dry_run))
		return err_set(e, ERR_USAGE,
			       "option '--confirm' needs rudder: and excludes "
			       "--dry-run");
	if (o->as_curl && (!d->speaks_http || !o->dry_run))
		return err_set(e, ERR_USAGE,
			       "option '--as-curl' needs rudder:, segment: or "
			       "webhook:, and --dry-run");
	if (d->takes_output && !o->receipts && !o->dry_run && !o->check)
		return err_set(e, ERR_USAGE,
			       "destination '%s:' writes events to standard "
			       "output: use --receipts FILE for the receipts",
			       d->scheme);
	if (o->receipts && o->failed && strcmp(o->receipts, o->failed) == 0)
		return err_set(e, ERR_USAGE,
			       "options '--receipts' and '--failed' name the "
			       "same file");
	if (o->deny_private && !d->speaks_http)
		return err_set(e, ERR_USAGE,
			       "option '--deny-private' needs rudder:, "
			       "segment: or webhook:");
	if (!d->by_action && check_shapes(o, d, e) < 0)
		return -1;
	if (o->body_format && !is_lines(o) &&
	    strcmp(o->body_format, "json") != 0)
		return err_set(e, ERR_USAGE,
			       "option '--body-format': '%s' is not json or "
			       "ndjson",
			       o->body_format);
	if ((o->sign || o->sign_header) && o->sign_key_files.n == 0)
		return err_set(e, ERR_USAGE,
			       "options '--sign' and '--sign-header' need "
			       "--sign-key-file");
	if (o->timeout_ms == 0 || o->connect_ms == 0)
		return err_set(e, ERR_USAGE,
			       "options '--timeout' and '--connect-timeout' "
			       "must be more than 0");
	if (o->connections > MAX_CONNECTIONS)
		return err_set(e, ERR_USAGE,
			       "option '--connections': at most %d",
			       MAX_CONNECTIONS);
	if (o->connections > 1 && d->connections == 1)
		return err_set(e, ERR_USAGE,
			       "option '--connections': %s: has only one",
			       d->scheme);
	return 0;
}

/* What was asked for or, where nothing was, what the destination likes. */
static void settle(struct run *r, const struct send_options *o,
		   const struct dest *d)
{
	size_t frame;

	r->batch = o->batch ? o->batch : d->batch;
	r->batch_bytes = o->batch_bytes ? o->batch_bytes : d->batch_bytes;
	r->lanes = (unsigned)(o->connections ? o->connections : d->connections);
	r->frame = r->batch == 1 && d->single.prefix ? d->single : d->frame;
	if (is_lines(o) && o->bodies.n == 0)
		r->frame = (struct batch_frame){"", "\n", "\n"};
	frame = strlen(r->frame.prefix) + strlen(r->frame.suffix);
	r->max_event = d->max_bytes - frame;
	if (o->max_event && o->max_event < r->max_event)
		r->max_event = o->max_event;
	r->retry = (struct retry_policy){
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
	fd = signalfd(-1, &set, SFD_CLOEXEC | SFD_NONBLOCK);
	if (fd < 0 || sigprocmask(SIG_BLOCK, &set, NULL) < 0)
		return err_sys(e, ERR_OS, "cannot watch for signals");
	return fd;
}

/* A file, or a descriptor that is open (/dev/fd/3). */
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

int setup_output(struct run *r, int out, struct err *e)
{
	const char *path = r->o->receipts;

	if (r->o->as_curl && !path)
		path = "/dev/null";
	if (r->o->dry_run && path)
		r->shown = writer_new(out, FLUSH_BYTES);
	if (path) {
		out = open_receipts(path, e);
		abort_output(r->o->receipts ? out : -1, "send");
	}
	r->out_fd = out;
	r->out = writer_new(out, FLUSH_BYTES);
	return out < 0 ? -1 : 0;
}

int setup_dest(struct run *r, struct err *e)
{
	const struct send_options *o = r->o;
	struct dest_options d = {
		.connections = r->lanes,
		.key_file = o->key_file,
		.key_hash = &r->key_hash,
		.ca_file = o->ca_file,
		.cert_file = o->cert_file,
		.cert_key_file = o->cert_key_file,
		.pinned = o->pinned,
		.gzip = !o->no_gzip,
		.http2 = o->http2,
		.allow_http = o->allow_http,
		.deny_private = o->deny_private,
		.timeout_ms = o->timeout_ms,
		.connect_ms = o->connect_ms,
		.retry_total_ms = o->retry_total_ms,
		.config_file = o->config_file,
		.rotate_bytes = o->rotate_bytes,
		.retl = o->retl,
		.source_id = o->source_id,
		.destination_id = o->destination_id,
		.methods = &o->methods,
		.urls = &o->urls,
		.bodies = &o->bodies,
		.successes = &o->successes,
		.results = o->results,
		.oauth_file = o->oauth_file,
		.lines = is_lines(o),
		.headers = &o->headers,
		.header_file = o->header_file,
		.sign_key_files = &o->sign_key_files,
		.sign = o->sign,
		.sign_header = o->sign_header,
		.check = o->check,
		.as_curl = o->as_curl,
	};

	r->dest = dest_find(o->dest, &d.url, e);
	if (!r->dest || check(o, r->dest, e) < 0)
		return -1;
	settle(r, o, r->dest);
	d.connections = r->lanes;
	r->by_action =
		r->dest->by_action &&
		(by_action_differs(d.methods) || by_action_differs(d.urls) ||
		 by_action_differs(d.bodies) ||
		 (!d.results && by_action_differs(d.successes)) ||
		 by_action_differs(d.headers));
	d.batch = r->batch;
	d.dry = o->dry_run ? r->dest : NULL;
	r->given = d;
	r->ops = o->dry_run ? &dest_dry : r->dest;
	return r->ops->open(&r->d, &d, e);
}

/* Whether it answers as such a destination does. */
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

int setup_probe(struct run *r, struct err *e)
{
	const char *body = r->dest->probe;
	struct dest_job job = {.body = slice_str(body)};
	uint64_t until_ms = clock_mono_ms() + r->o->timeout_ms;

	if (r->dest->check)
		return r->dest->check(r->d, r->o->timeout_ms, e);
	if (!body)
		return 0; /* it is open, and there is no more to it */
	r->ops->start(r->d, &job);
	while (!r->ops->done(r->d)) {
		if (clock_mono_ms() > until_ms + TICK_MS)
			return err_set(e, ERR_BUG, "the check timed out");
		if (r->ops->wait(r->d, NULL, 0, TICK_MS, e) < 0)
			return -1;
	}
	if (job.reply.class == REPLY_TAKEN || job.reply.class == REPLY_REFUSED)
		return judge_probe(r->dest, &job.reply, e);
	if (job.reply.class == REPLY_FATAL ||
	    job.reply.class == REPLY_FORBIDDEN) {
		*e = job.reply.err;
		return -1;
	}
	return err_set(e, ERR_REFUSED, "%s", job.reply.reason);
}
