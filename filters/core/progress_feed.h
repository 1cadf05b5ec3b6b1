/* progress_feed.h - sends the counters of each stage to the one that draws.
 *
 * Floor 0. The commands of a pipe share a terminal, and the last one draws the
 * line. The others send it their counters as datagrams, to an abstract socket
 * (unix(7)) that is named for their terminal and process group. Nothing of it
 * is in a stream or a file, and it ends with the processes. A datagram that
 * nobody reads is lost.
 */
#ifndef CORE_PROGRESS_FEED_H
#define CORE_PROGRESS_FEED_H

#include "core/buf.h"

enum { PROGRESS_FEED_STAGES = 4, PROGRESS_FEED_BYTES = 160 };

/* The latest text of each stage before the last, in the order of a pipe. */
struct progress_feed {
	int fd; /* -1: not open */
	char text[PROGRESS_FEED_STAGES][PROGRESS_FEED_BYTES];
};

/* For the last stage: receives what the others send. */
void progress_feed_listen(struct progress_feed *f);

/* For the other stages. */
void progress_feed_open(struct progress_feed *f);

/* Sends lines of text for this stage, truncated at PROGRESS_FEED_BYTES. Never
 * blocks.
 */
void progress_feed_send(struct progress_feed *f, const struct buf *text);

/* Receives everything that has arrived. Never blocks. Accepts only datagrams
 * from processes of this user; bytes other than printable ASCII and LF become
 * "?".
 */
void progress_feed_take(struct progress_feed *f);

void progress_feed_close(struct progress_feed *f);

#endif
