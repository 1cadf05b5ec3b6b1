#include "query/watch.h"

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

enum {
	AGAIN_MS = 1000,  /* between two calls of stop */
	GRACE_MS = 10000, /* time after a signal, after which it ends the
			   * program in any case */
};

struct watch {
	pthread_t thread;
	watch_stop_fn *stop;
	void *ctx;
	sigset_t taken, before; /* signals waited for; the mask before */
	int signals, out, quit; /* descriptors */
	uint64_t until_ms;      /* UINT64_MAX: no limit */
	atomic_int signal;      /* the signal received, or 0 */
	atomic_bool expired;
};

/* Sets *set to the signals of users and of the system that would end the
 * program.
 */
static void find_signals(sigset_t *set)
{
	static const int ends[] = {SIGINT, SIGTERM, SIGHUP};

	sigemptyset(set);
	for (size_t i = 0; i < COUNT_OF(ends); i++) {
		struct sigaction now;

		if (sigaction(ends[i], NULL, &now) == 0 &&
		    now.sa_handler != SIG_IGN)
			sigaddset(set, ends[i]);
	}
}

/* The maximum wait, in milliseconds for poll(2). */
static int wait_ms(const struct watch *w, bool stopping)
{
	uint64_t now = clock_mono_ms();

	if (stopping)
		return AGAIN_MS;
	if (w->until_ms == UINT64_MAX)
		return -1;
	if (now >= w->until_ms)
		return 0;
	return w->until_ms - now < INT32_MAX ? (int)(w->until_ms - now)
					     : INT32_MAX;
}

/* Ends the program: the main thread has not returned after another signal or
 * GRACE_MS.
 */
static void end_by(const struct watch *w, int sig)
{
	pthread_sigmask(SIG_SETMASK, &w->before, NULL);
	raise(sig);
}

static void *wait_for_events(void *ctx)
{
	struct watch *w = ctx;
	struct pollfd f[] = {{.fd = w->quit, .events = POLLIN},
			     {.fd = w->signals, .events = POLLIN},
			     {.fd = w->out}};
	uint64_t since_ms = 0; /* time of the signal */
	int sig = 0;

	for (;;) {
		if (poll(f, COUNT_OF(f), wait_ms(w, sig || w->expired)) < 0 &&
		    errno != EINTR)
			return NULL;
		if (f[0].revents)
			return NULL;
		if (f[1].revents && !sig)
			sig = linux_signal(w->signals);
		else if (f[1].revents && linux_signal(w->signals) != 0 &&
			 clock_mono_ms() - since_ms >= AGAIN_MS)
			end_by(w, sig); /* not for timeout(1), which sends two
					 * signals */
		if (!sig && (f[2].revents & POLLERR))
			sig = SIGPIPE;
		if (f[2].revents)
			f[2].fd = -1;
		if (sig && since_ms == 0)
			since_ms = clock_mono_ms();
		if (clock_mono_ms() >= w->until_ms)
			w->expired = true;
		w->signal = sig;
		if (sig && clock_mono_ms() - since_ms >= GRACE_MS)
			end_by(w, sig);
		if (sig || w->expired)
			w->stop(w->ctx);
	}
}

static void clear(struct watch *w)
{
	pthread_sigmask(SIG_SETMASK, &w->before, NULL);
	if (w->signals >= 0)
		close(w->signals);
	if (w->quit >= 0)
		close(w->quit);
	free(w);
}

struct watch *watch_start(int out, uint64_t timeout_ms, watch_stop_fn *stop,
			  void *ctx, struct err *e)
{
	struct watch *w = mem_zero(sizeof(*w));
	sigset_t blocked;

	w->stop = stop;
	w->ctx = ctx;
	w->out = out;
	w->until_ms =
		timeout_ms > 0 ? clock_mono_ms() + timeout_ms : UINT64_MAX;
	find_signals(&w->taken);
	blocked = w->taken;
	sigaddset(&blocked, SIGPIPE); /* from writes to the output; delayed
				       * until watch_end */
	pthread_sigmask(SIG_BLOCK, &blocked, &w->before);
	w->signals = linux_signals(&w->taken);
	w->quit = linux_event();
	if (w->signals >= 0 && w->quit >= 0) {
		errno = pthread_create(&w->thread, NULL, wait_for_events, w);
		if (errno == 0)
			return w;
	}
	(void)err_sys(e, ERR_OS, "cannot start a thread to watch the query");
	clear(w);
	return NULL;
}

void watch_leave(struct watch *w)
{
	const uint64_t one = 1;

	while (write(w->quit, &one, sizeof(one)) < 0 && errno == EINTR)
		;
	pthread_join(w->thread, NULL);
	if (!w->signal)
		w->signal = linux_signal(
			w->signals); /* a signal may have arrived just now */
}

int watch_end(struct watch *w, int rc, struct err *e)
{
	bool expired = w->expired;
	int sig = w->signal;

	clear(w);
	if (sig == SIGPIPE)
		tool_end_by_pipe();
	else if (sig)
		raise(sig);
	if (rc == 0)
		return 0;
	if (sig)
		return err_set(e, ERR_IO, "nothing reads standard output");
	if (expired)
		return err_set(e, ERR_TEMP, "timed out (--timeout)");
	return rc;
}
