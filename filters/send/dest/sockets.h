/* sockets.h - watches the sockets of a libcurl multi handle with epoll.
 *
 * Floor 2 (send). curl_multi_perform checks every transfer in each round, each
 * with a poll(2). When we name the socket that is ready, it handles that one
 * only. Measured with 32 connections to a receiver that answers after 50
 * ms: half of the time not spent on waiting.
 */
#ifndef SEND_DEST_SOCKETS_H
#define SEND_DEST_SOCKETS_H

#include <poll.h>

#include "core/err.h"

/* A descriptor of the caller. */
struct sockets_other {
	int fd;
	bool used;
	bool watched; /* it is in the epoll */
	bool file;    /* a regular file, which cannot be watched: it is always
		       * ready */
};

struct sockets {
	void *multi;     /* CURLM, borrowed */
	int epoll;       /* -1: none */
	uint64_t due_ms; /* when libcurl's timer is due; UINT64_MAX: no timer */
	int at;          /* the socket that is being served */
	bool more;       /* that socket has more to send */
	struct sockets_state *state; /* of each socket, by number */
	size_t n;
	struct sockets_other other[8]; /* used ones first, one stays free */
};

/* Watches the sockets of this multi handle. ERR_OS. */
int sockets_open(struct sockets *s, void *multi, struct err *e) MUST_USE;

/* Call this before the handle (CURL) is used: the sockets that it opens stay
 * watched between requests, until it closes them.
 */
void sockets_watch(struct sockets *s, void *easy);

/* Runs libcurl's timer if it is due, which starts a request that was just
 * added. Requests may be finished afterwards. ERR_OS.
 */
int sockets_run_timer(struct sockets *s, struct err *e) MUST_USE;

/* Lets libcurl work until one of its sockets or of the n descriptors is ready
 * (then its revents are set), one of its timers has expired, or the time is
 * over. The caller has few descriptors, always waits for the same events on
 * each, and keeps them open. ERR_OS.
 */
int sockets_wait(struct sockets *s, struct pollfd *fds, unsigned n,
		 int timeout_ms, struct err *e) MUST_USE;

/* Call this after the multi handle was freed. s may be all zero. */
void sockets_close(struct sockets *s);

#endif
