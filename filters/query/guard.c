#include "query/guard.h"

#include <errno.h>
#include <poll.h>
#include <pthread.h>
#include <signal.h>
#include <stdatomic.h>
#include <stdlib.h>
#include <sys/eventfd.h>
#include <sys/signalfd.h>
#include <unistd.h>

#include "core/clock.h"
#include "core/mem.h"

enum {
	AGAIN_MS = 1000,  /* between two calls of stop */
	GRACE_MS = 10000, /* from a signal to the end by it, come what may */
};

struct guard {
	pthread_t thread;
	guard_stop_fn *stop;
	void *ctx;
	sigset_t taken, before; /* signals we wait for; the mask as it was */
	int signals, out, quit; /* descriptors */
	uint64_t until_ms;      /* UINT64_MAX: no limit */
	atomic_int signal;      /* that came */
	atomic_bool expired;
};

/* Signals that would end us, of those that a person or a system sends. */
static void find_signals(sigset_t *set)
{
	static const int ends[] = {SIGINT, SIGTERM, SIGHUP};

	sigemptyset(set);
	for (size_t i = 0; i < COUNT_OF(ends); i++) {
		struct sigaction now;

		if (sigaction(ends[i], NULL, &now) == 0 &&
		    now.sa_handler == SIG_DFL)
			sigaddset(set, ends[i]);
	}
}

static int signal_came(const struct guard *g)
{
	struct signalfd_siginfo info;

	if (read(g->signals, &info, sizeof(info)) != sizeof(info))
		return 0;
	return (int)info.ssi_signo;
}

/* How long to wait at most, in the units of poll(2). */
static int wait_ms(const struct guard *g, bool stopping)
{
	uint64_t now = clock_mono_ms();

	if (stopping)
		return AGAIN_MS;
	if (g->until_ms == UINT64_MAX)
		return -1;
	if (now >= g->until_ms)
		return 0;
	return g->until_ms - now < INT32_MAX ? (int)(g->until_ms - now)
					     : INT32_MAX;
}

/* The main thread did not come back: the second signal, or GRACE_MS. */
static void end_by(const struct guard *g, int sig)
{
	pthread_sigmask(SIG_SETMASK, &g->before, NULL);
	raise(sig);
}

static void *watch(void *ctx)
{
	struct guard *g = ctx;
	struct pollfd f[] = {{.fd = g->quit, .events = POLLIN},
			     {.fd = g->signals, .events = POLLIN},
			     {.fd = g->out}};
	uint64_t since_ms = 0; /* of the signal */
	int sig = 0;

	for (;;) {
		if (poll(f, COUNT_OF(f), wait_ms(g, sig || g->expired)) < 0 &&
		    errno != EINTR)
			return NULL;
		if (f[0].revents)
			return NULL;
		if (f[1].revents && sig)
			end_by(g, sig);
		if (!sig && f[1].revents)
			sig = signal_came(g);
		if (!sig && (f[2].revents & POLLERR))
			sig = SIGPIPE;
		if (f[2].revents)
			f[2].fd = -1;
		if (sig && since_ms == 0)
			since_ms = clock_mono_ms();
		if (clock_mono_ms() >= g->until_ms)
			g->expired = true;
		g->signal = sig;
		if (sig && clock_mono_ms() - since_ms >= GRACE_MS)
			end_by(g, sig);
		if (sig || g->expired)
			g->stop(g->ctx);
	}
}

static void clear(struct guard *g)
{
	pthread_sigmask(SIG_SETMASK, &g->before, NULL);
	if (g->signals >= 0)
		close(g->signals);
	if (g->quit >= 0)
		close(g->quit);
	free(g);
}

struct guard *guard_start(int out, uint64_t timeout_ms, guard_stop_fn *stop,
			  void *ctx, struct err *e)
{
	struct guard *g = mem_zero(sizeof(*g));
	sigset_t blocked;

	g->stop = stop;
	g->ctx = ctx;
	g->out = out;
	g->until_ms =
		timeout_ms > 0 ? clock_mono_ms() + timeout_ms : UINT64_MAX;
	find_signals(&g->taken);
	blocked = g->taken;
	sigaddset(&blocked, SIGPIPE); /* of our writes: waits for guard_end */
	pthread_sigmask(SIG_BLOCK, &blocked, &g->before);
	g->signals = signalfd(-1, &g->taken, SFD_CLOEXEC | SFD_NONBLOCK);
	g->quit = eventfd(0, EFD_CLOEXEC);
	if (g->signals >= 0 && g->quit >= 0) {
		errno = pthread_create(&g->thread, NULL, watch, g);
		if (errno == 0)
			return g;
	}
	(void)err_sys(e, ERR_OS, "cannot watch the query");
	clear(g);
	return NULL;
}

void guard_leave(struct guard *g)
{
	const uint64_t one = 1;

	while (write(g->quit, &one, sizeof(one)) < 0 && errno == EINTR)
		;
	pthread_join(g->thread, NULL);
	if (!g->signal)
		g->signal = signal_came(g); /* this very moment */
}

int guard_end(struct guard *g, int rc, struct err *e)
{
	bool expired = g->expired;
	int sig = g->signal;

	clear(g);
	if (sig)
		raise(sig);
	if (rc == 0)
		return 0;
	if (sig)
		return err_set(e, ERR_IO, "nobody reads standard output");
	if (expired)
		return err_set(e, ERR_TEMP, "longer than --timeout");
	return rc;
}
