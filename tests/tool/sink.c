/* sink.c - an HTTP/1.1 server on the loopback that reads bodies and answers 200
 * as fast as it can, for benchmarks.
 *
 *     sink -p PORTFILE [-d MS] [-t SECONDS]
 *
 *   -p FILE   the port, which the kernel chose, once the server listens
 *   -d MS     answer so much later, as a server far away does
 *   -t SECS   end by itself after so long (default 600)
 *
 * Bodies have a Content-Length; one request at a time on a connection. On
 * SIGTERM, and after -t, it writes requests, bytes of bodies and its own CPU
 * seconds to standard error.
 */
#include <arpa/inet.h>
#include <errno.h>
#include <netinet/tcp.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <sys/epoll.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

#include "core/clock.h"
#include "core/mem.h"
#include "core/num.h"

enum { READ = 256 * 1024, HEADER = 16 * 1024, CONNECTIONS = 1024, READY = 64 };

struct connection {
	int fd;
	char header[HEADER]; /* as far as it came; NUL-terminated */
	size_t header_n;
	uint64_t body_left;
	bool in_body;
	uint64_t due_ms; /* when to answer; 0: nothing to */
	bool closed;
	struct connection *next; /* that is due later */
};

struct sink {
	int epoll, listener;
	uint64_t delay_ms;
	struct connection *first, **last; /* in the order in which they are due
					   */
	uint64_t requests, bytes;
	char in[READ];
};

static volatile sig_atomic_t stopped;

static void stop(int signal)
{
	(void)signal;
	stopped = 1;
}

static void answer(struct sink *s, const struct connection *c)
{
	static const char ok[] = "HTTP/1.1 200 OK\r\nContent-Type: text/plain\r"
				 "\nContent-Length: 2\r\n\r\nOK";
	ssize_t put = write(c->fd, ok, sizeof(ok) - 1);

	(void)put; /* a client that went away is seen at the next read */
	s->requests++;
}

static void answer_later(struct sink *s, struct connection *c)
{
	if (s->delay_ms == 0) {
		answer(s, c);
		return;
	}
	c->due_ms = clock_mono_ms() + s->delay_ms;
	c->next = NULL;
	*s->last = c;
	s->last = &c->next;
}

static void drop(struct connection *c)
{
	if (!c->closed)
		close(c->fd);
	c->closed = true;
	if (c->due_ms == 0)
		free(c);
}

static void answer_due(struct sink *s)
{
	uint64_t now_ms = clock_mono_ms();

	while (s->first && s->first->due_ms <= now_ms) {
		struct connection *c = s->first;

		s->first = c->next;
		if (!s->first)
			s->last = &s->first;
		c->due_ms = 0;
		if (c->closed)
			free(c);
		else
			answer(s, c);
	}
}

/* Takes bytes into the header: how many; the body begins when in_body is set.
 */
static size_t take_header(struct connection *c, const char *p, size_t n)
{
	size_t room = HEADER - 1 - c->header_n, old = c->header_n;
	const char *end, *length;

	if (n > room)
		n = room;
	memcpy(c->header + old, p, n);
	c->header_n += n;
	c->header[c->header_n] = '\0';
	end = strstr(c->header, "\r\n\r\n");
	if (!end)
		return n;
	length = strcasestr(c->header, "\r\nContent-Length:");
	c->body_left =
		length && length < end ? strtoull(length + 17, NULL, 10) : 0;
	c->in_body = true;
	c->header_n = 0;
	return (size_t)(end + 4 - c->header) - old;
}

static void take(struct sink *s, struct connection *c, const char *p, size_t n)
{
	while (n > 0) {
		size_t took;

		if (!c->in_body) {
			took = take_header(c, p, n);
		} else {
			took = n < c->body_left ? n : (size_t)c->body_left;
			c->body_left -= took;
			s->bytes += took;
		}
		if (c->in_body && c->body_left == 0) {
			c->in_body = false;
			answer_later(s, c);
		}
		if (took == 0)
			return; /* a header longer than we take */
		p += took;
		n -= took;
	}
}

static void watch(const struct sink *s, int fd, void *what)
{
	struct epoll_event ev = {.events = EPOLLIN, .data.ptr = what};

	if (epoll_ctl(s->epoll, EPOLL_CTL_ADD, fd, &ev) < 0)
		exit(71);
}

static void accept_all(const struct sink *s)
{
	int fd, one = 1;

	while ((fd = accept4(s->listener, NULL, NULL, SOCK_NONBLOCK)) >= 0) {
		struct connection *c = mem_zero(sizeof(*c));

		c->fd = fd;
		c->header_n = 0;
		c->in_body = c->closed = false;
		c->due_ms = 0;
		setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &one, sizeof(one));
		watch(s, fd, c);
	}
}

static void read_some(struct sink *s, struct connection *c)
{
	ssize_t got = read(c->fd, s->in, sizeof(s->in));

	if (got > 0)
		take(s, c, s->in, (size_t)got);
	else if (got == 0 || errno != EAGAIN)
		drop(c);
}

static int wait_ms(const struct sink *s)
{
	enum { TICK_MS = 200 };
	uint64_t now_ms = clock_mono_ms();

	if (!s->first)
		return TICK_MS;
	return s->first->due_ms > now_ms ? (int)(s->first->due_ms - now_ms) : 0;
}

static void serve(struct sink *s, uint64_t seconds)
{
	uint64_t end_ms = clock_mono_ms() + seconds * 1000;
	struct epoll_event ready[READY];

	while (!stopped && clock_mono_ms() < end_ms) {
		int n = epoll_wait(s->epoll, ready, READY, wait_ms(s));

		for (int i = 0; i < n; i++) {
			if (ready[i].data.ptr)
				read_some(s, ready[i].data.ptr);
			else
				accept_all(s);
		}
		answer_due(s);
	}
}

/* Listens where the kernel likes, and says where. */
static int listen_at(struct sink *s, const char *port_file)
{
	struct sockaddr_in at = {.sin_family = AF_INET,
				 .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
	socklen_t size = sizeof(at);
	FILE *f;

	s->listener = socket(AF_INET, SOCK_STREAM | SOCK_NONBLOCK, 0);
	s->epoll = epoll_create1(0);
	if (s->listener < 0 || s->epoll < 0 ||
	    bind(s->listener, (struct sockaddr *)&at, size) < 0 ||
	    listen(s->listener, CONNECTIONS) < 0 ||
	    getsockname(s->listener, (struct sockaddr *)&at, &size) < 0)
		return -1;
	watch(s, s->listener, NULL);
	f = fopen(port_file, "w");
	if (!f)
		return -1;
	fprintf(f, "%d\n", ntohs(at.sin_port));
	return fclose(f);
}

int main(int argc, char **argv)
{
	static struct sink s;
	const char *port_file = NULL;
	uint64_t seconds = 600;
	int c;

	while ((c = getopt(argc, argv, "p:d:t:")) != -1) {
		if (c == 'p')
			port_file = optarg;
		else if ((c != 'd' && c != 't') ||
			 num_uint(slice_str(optarg),
				  c == 'd' ? &s.delay_ms : &seconds) < 0)
			return 64;
	}
	if (!port_file)
		return 64;
	s.last = &s.first;
	signal(SIGTERM, stop);
	signal(SIGPIPE, SIG_IGN);
	if (listen_at(&s, port_file) < 0) {
		perror("sink");
		return 71;
	}
	serve(&s, seconds);
	fprintf(stderr, "sink: %ju requests, %ju bytes, %.3f s of CPU\n",
		(uintmax_t)s.requests, (uintmax_t)s.bytes,
		(double)clock() / CLOCKS_PER_SEC);
	return 0;
}
