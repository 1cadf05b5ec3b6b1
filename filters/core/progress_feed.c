#include "core/progress_feed.h"

#include <errno.h>
#include <stddef.h>
#include <stdio.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <unistd.h>

#include "core/tool.h"

/* The stages that send, in the order of a pipe. */
static const char *const stages[PROGRESS_FEED_STAGES] = {
	"rudder-query", "rudder-diff", "rudder-map", "rudder-send"};

/* The number of a stage, or -1. */
static int stage_of(const char *name)
{
	for (int i = 0; i < PROGRESS_FEED_STAGES; i++) {
		if (strcmp(name, stages[i]) == 0)
			return i;
	}
	return -1;
}

/* An abstract name begins with NUL. */
static socklen_t address(struct sockaddr_un *a)
{
	struct stat st = {0};
	int n;

	*a = (struct sockaddr_un){.sun_family = AF_UNIX};
	(void)fstat(STDERR_FILENO, &st);
	n = snprintf(a->sun_path + 1, sizeof(a->sun_path) - 1,
		     "rudder-progress-%lu-%lx-%ld", (unsigned long)getuid(),
		     (unsigned long)st.st_rdev, (long)getpgrp());
	return (socklen_t)(offsetof(struct sockaddr_un, sun_path) + 1 +
			   (size_t)n);
}

static int open_socket(void)
{
	return socket(AF_UNIX, SOCK_DGRAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
}

void progress_feed_open(struct progress_feed *f)
{
	*f = (struct progress_feed){.fd = open_socket()};
}

void progress_feed_listen(struct progress_feed *f)
{
	struct sockaddr_un a;
	socklen_t n = address(&a);
	int yes = 1;

	*f = (struct progress_feed){.fd = open_socket()};
	if (f->fd >= 0 && (setsockopt(f->fd, SOL_SOCKET, SO_PASSCRED, &yes,
				      sizeof(yes)) < 0 ||
			   bind(f->fd, (struct sockaddr *)&a, n) < 0))
		progress_feed_close(f); /* another pipe of this group draws */
}

void progress_feed_send(struct progress_feed *f, const struct buf *text)
{
	char stage = (char)('0' + stage_of(tool_name()));
	struct iovec part[] = {
		{&stage, 1},
		{text->p,
		 text->n < PROGRESS_FEED_BYTES ? text->n : PROGRESS_FEED_BYTES},
	};
	struct sockaddr_un a;
	struct msghdr m = {.msg_name = &a,
			   .msg_namelen = address(&a),
			   .msg_iov = part,
			   .msg_iovlen = COUNT_OF(part)};

	if (f->fd >= 0 && stage >= '0')
		(void)!sendmsg(f->fd, &m, MSG_DONTWAIT | MSG_NOSIGNAL);
}

/* Whether the datagram is from a process of this user. */
static bool is_ours(struct msghdr *m)
{
	struct cmsghdr *c = CMSG_FIRSTHDR(m);
	struct ucred who;

	if (!c || c->cmsg_level != SOL_SOCKET ||
	    c->cmsg_type != SCM_CREDENTIALS)
		return false;
	memcpy(&who, CMSG_DATA(c), sizeof(who));
	return who.uid == getuid();
}

static void keep(struct progress_feed *f, const char *p, size_t n)
{
	int stage = n > 0 ? p[0] - '0' : -1;
	char *to;

	if (stage < 0 || stage >= PROGRESS_FEED_STAGES)
		return;
	to = f->text[stage];
	for (size_t i = 1; i < n; i++)
		to[i - 1] = p[i] == '\n' || (p[i] >= ' ' && p[i] < 0x7f) ? p[i]
									 : '?';
	to[n - 1] = '\0';
}

void progress_feed_take(struct progress_feed *f)
{
	char text[PROGRESS_FEED_BYTES]; /* with the stage, without a NUL */
	union {
		struct cmsghdr align;
		char space[CMSG_SPACE(sizeof(struct ucred))];
	} control;
	struct iovec part = {text, sizeof(text)};

	while (f->fd >= 0) {
		struct msghdr m = {.msg_iov = &part,
				   .msg_iovlen = 1,
				   .msg_control = &control,
				   .msg_controllen = sizeof(control)};
		ssize_t n = recvmsg(f->fd, &m, MSG_DONTWAIT);

		if (n < 0 && errno == EINTR)
			continue;
		if (n < 0)
			return;
		if (is_ours(&m))
			keep(f, text, (size_t)n);
	}
}

void progress_feed_close(struct progress_feed *f)
{
	if (f->fd >= 0)
		close(f->fd);
	f->fd = -1;
}
