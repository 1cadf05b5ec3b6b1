/* sockets.h - the sockets of a libcurl multi handle, in one epoll.
 *
 * Floor 2 (send). curl_multi_perform goes over every transfer in each round,
 * one poll(2) each. If it knows which socket is ready, libcurl touches only
 * that one. Measured with 32 connections to a receiver that answers after 50
 * ms: half of the time that was not spent on waiting for it.
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
	bool file;    /* a file cannot be watched: it is always ready */
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

/* Watch the sockets of this multi handle. ERR_OS. */
int sockets_open(struct sockets *s, void *multi, struct err *e) MUST_USE;

/* Before the handle (CURL) is used: those that it opens stay watched between
 * requests, until it closes them.
 */
void sockets_watch(struct sockets *s, void *easy);

/* Run libcurl's timer if it is due: a request that was just added begins.
 * Requests may be done by then. ERR_OS.
 */
int sockets_run_timer(struct sockets *s, struct err *e) MUST_USE;

/* Let libcurl work: until one of its sockets or of the n descriptors is ready
 * (then its revents are set), one of its timers has run out, or the time is
 * over. The caller has few descriptors, each always for the same events, and
 * keeps them open. ERR_OS.
 */
int sockets_wait(struct sockets *s, struct pollfd *fds, unsigned n,
		 int timeout_ms, struct err *e) MUST_USE;

/* After the multi handle was freed; takes an all-zero struct. */
void sockets_close(struct sockets *s);

#endif
