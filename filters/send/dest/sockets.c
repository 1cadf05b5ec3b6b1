#include "send/dest/sockets.h"

#ifdef WITH_CURL
#include <assert.h>
#include <curl/curl.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <unistd.h>

#include "core/clock.h"
#include "core/mem.h"

enum {
	EVENTS = 64, /* a round */
	FDS = 4,     /* of the caller */
	TURNS = 64,  /* of one socket, before the others */
};

struct sockets_state {
	uint32_t watched; /* for these events; 0: not */
	bool kept;        /* a connection: we see it opened and closed */
	bool idle;        /* no request uses it */
};

static struct sockets_state *state_of(struct sockets *s, curl_socket_t fd)
{
	size_t at = (size_t)fd;

	if (at >= s->n) {
		size_t n = 2 * at + 64;

		s->state = mem_resize(s->state, n * sizeof(*s->state));
		memset(s->state + s->n, 0, (n - s->n) * sizeof(*s->state));
		s->n = n;
	}
	return &s->state[at];
}

static void forget(struct sockets *s, curl_socket_t fd)
{
	epoll_ctl(s->epoll, EPOLL_CTL_DEL, fd, NULL);
	state_of(s, fd)->watched = 0;
}

/* A kept connection is used again soon: it stays watched when a request ends,
 * which saves three system calls for each.
 */
static int on_socket(CURL *easy, curl_socket_t fd, int what, void *ctx,
		     void *mine)
{
	struct sockets *s = ctx;
	struct sockets_state *state = state_of(s, fd);
	struct epoll_event ev = {.data.fd = fd};
	int rc;

	(void)easy;
	(void)mine;
	if (fd == s->at)
		s->more = what == CURL_POLL_OUT || what == CURL_POLL_INOUT;
	state->idle = what == CURL_POLL_REMOVE;
	if (state->idle) {
		if (!state->kept)
			forget(s, fd);
		return 0;
	}
	ev.events = (what & CURL_POLL_IN ? EPOLLIN : 0U) |
		    (what & CURL_POLL_OUT ? EPOLLOUT : 0U);
	if (state->kept && state->watched == ev.events)
		return 0;
	rc = epoll_ctl(s->epoll, EPOLL_CTL_MOD, fd, &ev);
	if (rc < 0)
		rc = epoll_ctl(s->epoll, EPOLL_CTL_ADD, fd, &ev);
	state->watched = rc == 0 ? ev.events : 0;
	return rc;
}

static int on_open(void *ctx, curl_socket_t fd, curlsocktype purpose)
{
	(void)purpose;
	*state_of(ctx, fd) = (struct sockets_state){.kept = true};
	return CURL_SOCKOPT_OK;
}

/* A process that was forked may have it still: it leaves the epoll only when it
 * is taken out.
 */
static int on_close(void *ctx, curl_socket_t fd)
{
	forget(ctx, fd);
	*state_of(ctx, fd) = (struct sockets_state){0};
	return close(fd);
}

void sockets_watch(struct sockets *s, void *easy)
{
	curl_easy_setopt(easy, CURLOPT_SOCKOPTFUNCTION, on_open);
	curl_easy_setopt(easy, CURLOPT_SOCKOPTDATA, s);
	curl_easy_setopt(easy, CURLOPT_CLOSESOCKETFUNCTION, on_close);
	curl_easy_setopt(easy, CURLOPT_CLOSESOCKETDATA, s);
}

static int on_timer(CURLM *multi, long in_ms, void *ctx)
{
	struct sockets *s = ctx;

	(void)multi;
	s->due_ms = in_ms < 0 ? UINT64_MAX : clock_mono_ms() + (uint64_t)in_ms;
	return 0;
}

int sockets_open(struct sockets *s, void *multi, struct err *e)
{
	*s = (struct sockets){.multi = multi, .due_ms = UINT64_MAX};
	s->epoll = epoll_create1(EPOLL_CLOEXEC);
	if (s->epoll < 0)
		return err_sys(e, ERR_OS, "cannot watch sockets");
	curl_multi_setopt(multi, CURLMOPT_SOCKETFUNCTION, on_socket);
	curl_multi_setopt(multi, CURLMOPT_SOCKETDATA, s);
	curl_multi_setopt(multi, CURLMOPT_TIMERFUNCTION, on_timer);
	curl_multi_setopt(multi, CURLMOPT_TIMERDATA, s);
	return 0;
}

static int act(struct sockets *s, curl_socket_t fd, int how, struct err *e)
{
	int running;
	CURLMcode code = curl_multi_socket_action(s->multi, fd, how, &running);

	if (code == CURLM_OK)
		return 0;
	return err_set(e, ERR_OS, "libcurl: %s", curl_multi_strerror(code));
}

static int run_timer(struct sockets *s, struct err *e)
{
	if (s->due_ms > clock_mono_ms())
		return 0;
	s->due_ms = UINT64_MAX;
	return act(s, CURL_SOCKET_TIMEOUT, 0, e);
}

static bool writable(int fd)
{
	struct pollfd p = {.fd = fd, .events = POLLOUT};

	return poll(&p, 1, 0) > 0 && p.revents == POLLOUT;
}

/* One request is sent to its end before the next one: if all were sent side by
 * side, all would arrive late, and be answered at the same time.
 */
static int serve(struct sockets *s, int fd, int how, struct err *e)
{
	s->at = fd;
	s->more = how & CURL_CSELECT_OUT;
	if (act(s, fd, how, e) < 0)
		return -1;
	for (int i = 0; i < TURNS && s->more && writable(fd); i++) {
		if (act(s, fd, CURL_CSELECT_OUT, e) < 0)
			return -1;
	}
	s->at = -1;
	return 0;
}

static int run_sockets(struct sockets *s, struct err *e)
{
	struct epoll_event ev[EVENTS];
	int n = epoll_wait(s->epoll, ev, EVENTS, 0);

	if (n < 0 && errno != EINTR)
		return err_sys(e, ERR_OS, "cannot watch sockets");
	for (int i = 0; i < n; i++) {
		int how = (ev[i].events & EPOLLIN ? CURL_CSELECT_IN : 0) |
			  (ev[i].events & EPOLLOUT ? CURL_CSELECT_OUT : 0);

		/* while nobody uses it: its end, say */
		if (state_of(s, ev[i].data.fd)->idle)
			forget(s, ev[i].data.fd);
		else if (serve(s, ev[i].data.fd, how, e) < 0)
			return -1;
	}
	return 0;
}

int sockets_wait(struct sockets *s, struct pollfd *fds, unsigned n,
		 int timeout_ms, struct err *e)
{
	struct pollfd all[FDS + 1] = {{.fd = s->epoll, .events = POLLIN}};
	uint64_t now;

	assert(n <= FDS);
	now = clock_mono_ms();
	if (s->due_ms <= now)
		timeout_ms = 0; /* what the timer does may be the end of it */
	else if (s->due_ms - now < (uint64_t)timeout_ms)
		timeout_ms = (int)(s->due_ms - now);
	for (unsigned i = 0; i < n; i++)
		all[i + 1] = fds[i];
	if (poll(all, n + 1, timeout_ms) < 0 && errno != EINTR)
		return err_sys(e, ERR_OS, "cannot wait");
	for (unsigned i = 0; i < n; i++)
		fds[i].revents = all[i + 1].revents;
	if (all[0].revents && run_sockets(s, e) < 0)
		return -1;
	return run_timer(s, e);
}

void sockets_close(struct sockets *s)
{
	if (s->multi && s->epoll >= 0)
		close(s->epoll);
	free(s->state);
	*s = (struct sockets){.epoll = -1};
}

#else

int sockets_open(struct sockets *s, void *multi, struct err *e)
{
	(void)s;
	(void)multi;
	return err_set(e, ERR_CONFIG, "built without libcurl");
}

void sockets_watch(struct sockets *s, void *easy)
{
	(void)s;
	(void)easy;
}

int sockets_wait(struct sockets *s, struct pollfd *fds, unsigned n,
		 int timeout_ms, struct err *e)
{
	(void)s;
	(void)fds;
	(void)n;
	(void)timeout_ms;
	return err_set(e, ERR_CONFIG, "built without libcurl");
}

void sockets_close(struct sockets *s)
{
	(void)s;
}

#endif
