#include "send/trouble.h"

#include <signal.h>
#include <stdio.h>
#include <unistd.h>

#include "core/tool.h"
#include "send/stop.h"

enum {
	FIRST_MS = 10 * 1000, /* without an acceptance */
	EACH_MS = 60 * 1000,
};

void trouble_init(struct run *r)
{
	struct sigaction hangup;

	r->known.parent = getppid();
	/* nohup(1): it is to outlive whoever started it */
	if (sigaction(SIGHUP, NULL, &hangup) < 0 ||
	    hangup.sa_handler == SIG_IGN)
		r->known.parent = 0;
}

void trouble_note(struct run *r, const char *why)
{
	if (r->known.failing_ms == 0)
		r->known.failing_ms = r->known.now_ms;
	snprintf(r->known.trouble, sizeof(r->known.trouble), "%.120s", why);
}

static void say(const struct run *r)
{
	uint64_t s = r->asked.retry.total_ms / 1000;

	if (s < 120)
		tool_warn("%s; retrying for up to %jus", r->known.trouble,
			  (uintmax_t)s);
	else
		tool_warn("%s; retrying for up to %jum", r->known.trouble,
			  (uintmax_t)(s / 60));
}

void trouble_look(struct run *r)
{
	const char *why = r->asked.ops->trouble
				  ? r->asked.ops->trouble(r->asked.d)
				  : NULL;
	struct err gone;

	if (why)
		trouble_note(r, why);
	if (r->known.failing_ms == 0 || r->stop.begun)
		return;
	if (r->known.parent > 1 && getppid() != r->known.parent) {
		err_set(&gone, ERR_TEMP,
			"the process that started this command has ended, so "
			"retrying stops (use nohup(1) to prevent this); last "
			"error: %s",
			r->known.trouble);
		stop_begin(r, &gone);
		return;
	}
	if (r->known.now_ms - r->known.failing_ms < FIRST_MS ||
	    (r->known.told_ms > 0 &&
	     r->known.now_ms - r->known.told_ms < EACH_MS))
		return;
	r->known.told_ms = r->known.now_ms;
	say(r);
}

void trouble_last(const struct run *r, char *text, size_t size)
{
	snprintf(text, size, "%s%s",
		 r->known.failing_ms ? "; last error: " : "",
		 r->known.failing_ms ? r->known.trouble : "");
}
