#include "query/login.h"

#include <errno.h>
#include <poll.h>
#include <pthread.h>
#include <signal.h>
#include <stdatomic.h>
#include <stdlib.h>
#include <unistd.h>

#include "core/clock.h"
#include "core/linux.h"
#include "core/mem.h"
#include "core/tool.h"

struct login {
	pthread_t thread;
	const char *whose;
	struct rows *rows;
	uint64_t from_ms, ms; /* ms: 0 for no limit */
	bool asked;           /* the limit is --timeout */
	int back;             /* readable when the library has returned */
	atomic_bool decided;  /* set by the first of library and clock */
};

/* Ends the program. The main thread is in the library meanwhile and does not
 * use our data.
 */
static void give_up(const struct login *l)
{
	struct err e = {0}, ignored = {0};

	(void)err_names(
		&e, l->asked ? ERR_TEMP : ERR_REFUSED,
		"%s: login timed out after %ju.%03ju s; check host and port",
		l->whose, (uintmax_t)l->ms / 1000, (uintmax_t)l->ms % 1000);
	if (rows_step_failed(l->rows, &ignored) == 0)
		(void)!writer_flush(l->rows->w, &ignored);
	tool_give_up(&e);
}

static void *watch_clock(void *ctx)
{
	struct login *l = ctx;
	struct pollfd f = {.fd = l->back, .events = POLLIN};
	uint64_t until = l->from_ms + l->ms, now;

	while (!f.revents && (now = clock_mono_ms()) < until) {
		uint64_t left = until - now;

		(void)poll(&f, 1, left < INT32_MAX ? (int)left : INT32_MAX);
	}
	if (!atomic_exchange(&l->decided, true))
		give_up(l);
	return NULL;
}

struct login *login_begin(const char *whose, uint64_t timeout_ms,
			  uint64_t most_ms, struct rows *rows, struct err *e)
{
	struct login *l = mem_zero(sizeof(*l));
	sigset_t all, before;

	l->whose = whose;
	l->rows = rows;
	l->from_ms = clock_mono_ms();
	l->asked = timeout_ms > 0;
	l->ms = l->asked ? timeout_ms : most_ms;
	l->back = -1;
	if (l->ms == 0)
		return l;
	l->back = linux_event();
	if (l->back >= 0) {
		sigfillset(&all);
		pthread_sigmask(SIG_SETMASK, &all, &before);
		errno = pthread_create(&l->thread, NULL, watch_clock, l);
		pthread_sigmask(SIG_SETMASK, &before, NULL);
		if (errno == 0)
			return l;
		close(l->back);
	}
	free(l);
	(void)err_sys(e, ERR_OS, "cannot start a timer");
	return NULL;
}

void login_end(struct login *l)
{
	const uint64_t one = 1;

	if (l->back >= 0) {
		(void)atomic_exchange(&l->decided, true);
		while (write(l->back, &one, sizeof(one)) < 0 && errno == EINTR)
			;
		pthread_join(l->thread, NULL); /* or give_up ends the program */
		close(l->back);
	}
	free(l);
}
