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
	EVENTS = 64, /* events per call of epoll_wait */
	TURNS = 64,  /* writes to one socket before the next one */
};

struct sockets_state {
	uint32_t watched; /* the events watched for; 0: not watched */
	bool kept; /* a connection: its opening and closing are reported */
	bool idle; /* no request uses it */
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

/* Watches a socket for the events that libcurl wants. A kept connection stays
 * watched when its request ends, because it is used again soon: that saves
 * three system calls for each request.
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

/* Called when libcurl closes a connection. A forked process may still have the
 * socket open: then it leaves the epoll set only if it is removed.
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

int sockets_run_timer(struct sockets *s, struct err *e)
{
	if (s->due_ms == UINT64_MAX || s->due_ms > clock_mono_ms())
		return 0;
	s->due_ms = UINT64_MAX;
	return act(s, CURL_SOCKET_TIMEOUT, 0, e);
}

static bool writable(int fd)
{
	struct pollfd p = {.fd = fd, .events = POLLOUT};

	return poll(&p, 1, 0) > 0 && p.revents == POLLOUT;
}

/* Lets libcurl act on a socket, and sends one request completely before the
 * next one: if all were sent side by side, all would arrive late and be
 * answered at the same time.
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

/* ---- descriptors of the caller ------------------------------------------ */

/* The entry of p in the list of other descriptors, added to the epoll set for
 * its events. Regular files cannot be in one: they are always ready.
 */
static struct sockets_other *other_of(struct sockets *s, const struct pollfd *p)
{
	struct epoll_event ev = {.data.fd = p->fd,
				 .events = (uint16_t)p->events};
	struct sockets_other *o = s->other;

	while (o->used && o->fd != p->fd)
		o++;
	assert(o < s->other + COUNT_OF(s->other));
	if (!o->used)
		*o = (struct sockets_other){.fd = p->fd, .used = true};
	if (!o->watched && !o->file) {
		o->watched =
			epoll_ctl(s->epoll, EPOLL_CTL_ADD, p->fd, &ev) == 0;
		o->file = !o->watched && errno == EPERM;
	}
	return o;
}

/* Reports an event of a caller's descriptor; false if fd is another descriptor.
 * If the caller does not wait for it now, it is removed from the epoll set; not
 * earlier, because the caller may soon wait for it again.
 */
static bool take_other(struct sockets *s, int fd, uint32_t events,
		       struct pollfd *fds, unsigned n)
{
	struct sockets_other *o = s->other;

	for (unsigned i = 0; i < n; i++) {
		if (fds[i].fd == fd) {
			fds[i].revents = (short)events;
			return true;
		}
	}
	while (o->used && o->fd != fd)
		o++;
	if (o->used) {
		epoll_ctl(s->epoll, EPOLL_CTL_DEL, fd, NULL);
		o->watched = false;
	}
	return o->used;
}

/* ---- waiting ------------------------------------------------------------ */

static int run_socket(struct sockets *s, const struct epoll_event *ev,
		      struct err *e)
{
	int how = (ev->events & EPOLLIN ? CURL_CSELECT_IN : 0) |
		  (ev->events & EPOLLOUT ? CURL_CSELECT_OUT : 0);

	/* not in use: the server has closed it, for example */
	if (!state_of(s, ev->data.fd)->idle)
		return serve(s, ev->data.fd, how, e);
	forget(s, ev->data.fd);
	return 0;
}

/* Milliseconds until the timer expires, at most most_ms. */
static int timer_ms(const struct sockets *s, int most_ms)
{
	uint64_t now;

	if (most_ms == 0 || s->due_ms == UINT64_MAX)
		return most_ms;
	now = clock_mono_ms();
	if (s->due_ms <= now)
		return 0;
	return s->due_ms - now < (uint64_t)most_ms ? (int)(s->due_ms - now)
						   : most_ms;
}

int sockets_wait(struct sockets *s, struct pollfd *fds, unsigned n,
		 int timeout_ms, struct err *e)
{
	struct epoll_event ev[EVENTS];
	int got;

	assert(n < COUNT_OF(s->other));
	for (unsigned i = 0; i < n; i++) {
		bool file = other_of(s, &fds[i])->file;

		fds[i].revents = file ? fds[i].events : (short)0;
		if (fds[i].revents)
			timeout_ms = 0;
	}
	/* the timer's action may end what the caller waits for */
	got = epoll_wait(s->epoll, ev, EVENTS, timer_ms(s, timeout_ms));
	if (got < 0 && errno != EINTR)
		return err_sys(e, ERR_OS, "cannot wait");
	for (int i = 0; i < got; i++) {
		if (!take_other(s, ev[i].data.fd, ev[i].events, fds, n) &&
		    run_socket(s, &ev[i], e) < 0)
			return -1;
	}
	return sockets_run_timer(s, e);
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

int sockets_run_timer(struct sockets *s, struct err *e)
{
	(void)s;
	(void)e;
	return 0;
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
