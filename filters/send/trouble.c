#include "send/trouble.h"

#include <signal.h>
#include <stdio.h>
#include <unistd.h>

#include "core/tool.h"
#include "send/stop.h"

enum {
	FIRST_MS = 10 * 1000, /* time without an acceptance before the first
			       * warning
			       */
	EACH_MS = 60 * 1000,
};

void trouble_init(struct run_known *known)
{
	struct sigaction hangup;

	known->parent = getppid();
	/* started by nohup(1): it should outlive its parent process */
	if (sigaction(SIGHUP, NULL, &hangup) < 0 ||
	    hangup.sa_handler == SIG_IGN)
		known->parent = 0;
}

void trouble_note(struct run_known *known, const char *why, bool of_host)
{
	if (known->failing_ms == 0)
		known->failing_ms = known->now_ms;
	snprintf(known->trouble, sizeof(known->trouble), "%.120s", why);
	known->trouble_of_host = of_host;
}

static void print_warning(const struct run_asked *asked,
			  const struct run_known *known)
{
	const struct reply reply = {.of_host = known->trouble_of_host};
	uint64_t s = asked->retry.total_ms / 1000;
	struct err e;

	(void)err_set(&e, ERR_REFUSED, "%s", known->trouble);
	stop_name_host(asked, &reply, &e);
	if (s < 120)
		tool_warn("%s; retrying for up to %jus", e.text, (uintmax_t)s);
	else
		tool_warn("%s; retrying for up to %jum", e.text,
			  (uintmax_t)(s / 60));
}

void trouble_look(struct run *r)
{
	const struct run_asked *asked = &r->asked;
	struct run_known *known = &r->known;
	const char *why =
		asked->ops->trouble ? asked->ops->trouble(asked->d) : NULL;
	struct err gone;

	if (why)
		trouble_note(known, why, false);
	if (known->failing_ms == 0 || r->stop.begun)
		return;
	if (known->parent > 1 && getppid() != known->parent) {
		err_set(&gone, ERR_TEMP,
			"the process that started this command has ended, so "
			"retrying stops (use nohup(1) to prevent this); last "
			"error: %s",
			known->trouble);
		stop_begin(r, &gone);
		return;
	}
	if (known->now_ms - known->failing_ms < FIRST_MS ||
	    (known->told_ms > 0 && known->now_ms - known->told_ms < EACH_MS))
		return;
	known->told_ms = known->now_ms;
	print_warning(asked, known);
}

void trouble_last(const struct run_known *known, char *text, size_t size)
{
	snprintf(text, size, "%s%s", known->failing_ms ? "; last error: " : "",
		 known->failing_ms ? known->trouble : "");
}
