#include "send/watchdog.h"

#include <errno.h>
#include <poll.h>
#include <pthread.h>
#include <semaphore.h>
#include <signal.h>
#include <stdatomic.h>
#include <stdlib.h>
#include <time.h>
#include <unistd.h>

#include "core/clock.h"
#include "core/landlock.h"
#include "core/linux.h"
#include "core/mem.h"

enum { LOOK_MS = 100, LEAST_MS = 1000, REST_MS = 10 * 1000, CONFINE_S = 1 };

struct watchdog {
	pthread_t thread;
	int signals, wake;
	uint64_t grace_ms;
	atomic_int taken; /* signal that the main thread has read; 0: none */
	atomic_bool over;
	atomic_int rules; /* descriptor of Landlock rules to apply; -1: none */
	sem_t confined;
	bool running;
};

/* The signal that is pending for the process; number if no signal is pending.
 */
static int pending_signal(int number)
{
	static const int ends[] = {SIGTERM, SIGINT, SIGHUP};
	sigset_t set;

	sigemptyset(&set);
	sigpending(&set);
	for (size_t i = 0; i < COUNT_OF(ends); i++) {
		if (sigismember(&set, ends[i]) == 1)
			return ends[i];
	}
	return number;
}

static void die(int number)
{
	sigset_t one;

	signal(number, SIG_DFL);
	sigemptyset(&one);
	sigaddset(&one, number);
	pthread_sigmask(SIG_UNBLOCK, &one, NULL);
	raise(number);
}

/* How long the process has not ended, and because of which signal. */
struct watchdog_wait {
	uint64_t unread_ms, first_ms; /* since when a signal is unread, and
				       * since the first one; 0: none
				       */
	int number;
};

static void note(struct watchdog *w, struct watchdog_wait *s, bool unread,
		 uint64_t now)
{
	int taken = atomic_load(&w->taken);

	if (unread)
		s->number = pending_signal(SIGTERM);
	else if (taken)
		s->number = taken;
	if (!unread)
		s->unread_ms = 0;
	else if (!s->unread_ms)
		s->unread_ms = now;
	if (!s->first_ms && (unread || taken))
		s->first_ms = now;
}

static bool is_late(const struct watchdog *w, const struct watchdog_wait *s,
		    uint64_t now)
{
	if (s->unread_ms && now - s->unread_ms >= w->grace_ms)
		return true;
	return s->first_ms && now - s->first_ms >= w->grace_ms + REST_MS;
}

static void confine(struct watchdog *w)
{
	int rules = atomic_exchange(&w->rules, -1);

	if (rules < 0)
		return;
	(void)!landlock_thread(rules);
	sem_post(&w->confined);
}

static void *watch_loop(void *ctx)
{
	struct watchdog *w = ctx;
	struct pollfd p[] = {{.fd = w->wake, .events = POLLIN},
			     {.fd = w->signals, .events = POLLIN}};
	struct watchdog_wait s = {0};

	while (!atomic_load(&w->over)) {
		struct timespec nap = {.tv_nsec = LOOK_MS * 1000 * 1000};
		int rc = poll(p, COUNT_OF(p), s.first_ms ? LOOK_MS : -1);
		uint64_t now = clock_mono_ms(), ignored;

		if (rc < 0 && errno != EINTR)
			return NULL;
		if (rc > 0 && p[0].revents)
			(void)!read(w->wake, &ignored, sizeof(ignored));
		else if (rc > 0)
			nanosleep(&nap, NULL);
		confine(w);
		note(w, &s, rc > 0 && p[1].revents, now);
		if (is_late(w, &s, now))
			die(s.number);
	}
	return NULL;
}

static void wake(const struct watchdog *w)
{
	const uint64_t one = 1;

	(void)!write(w->wake, &one, sizeof(one));
}

int watchdog_start(struct watchdog **to, int signals, uint64_t grace_ms,
		   struct err *e)
{
	struct watchdog *w = mem_zero(sizeof(*w));

	*to = w;
	w->signals = signals;
	w->grace_ms = grace_ms > LEAST_MS ? grace_ms : LEAST_MS;
	atomic_store(&w->rules, -1);
	sem_init(&w->confined, 0, 0);
	w->wake = linux_event();
	if (w->wake >= 0)
		errno = pthread_create(&w->thread, NULL, watch_loop, w);
	w->running = w->wake >= 0 && errno == 0;
	return w->running ? 0 : err_sys(e, ERR_OS, "cannot start a thread");
}

void watchdog_confine(struct watchdog *w, int rules)
{
	struct timespec until;

	atomic_store(&w->rules, rules);
	wake(w);
	clock_gettime(CLOCK_REALTIME, &until);
	until.tv_sec += CONFINE_S;
	while (sem_timedwait(&w->confined, &until) < 0 && errno == EINTR)
		;
}

void watchdog_taken(struct watchdog *w, int number)
{
	atomic_store(&w->taken, number);
	wake(w);
}

void watchdog_stop(struct watchdog *w)
{
	if (!w)
		return;
	atomic_store(&w->over, true);
	if (w->running) {
		wake(w);
		pthread_join(w->thread, NULL);
	}
	if (w->wake >= 0)
		close(w->wake);
	sem_destroy(&w->confined);
	free(w);
}
