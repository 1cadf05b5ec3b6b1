/* kafkatopic.h - asks the brokers about a topic, and whether we may write to
 * it.
 *
 * Floor 2 (send). A broker refuses a batch of messages as a whole when it is
 * longer than the topic's max.message.bytes, though each of them might be
 * short enough. So the bound is asked for before anything is produced.
 */
#ifndef SEND_DEST_KAFKATOPIC_H
#define SEND_DEST_KAFKATOPIC_H

#include "core/err.h"

struct kafkatopic {
	void *queue; /* for the answer; NULL: not asked, or answered */
	uint64_t until_ms;
	uint64_t most; /* bytes; 0: unknown */
	bool reached;  /* a broker has answered */
};

/* Ask, on this producer (rd_kafka_t); wake becomes readable with the answer,
 * which comes after for_ms at the latest.
 */
void kafkatopic_ask(struct kafkatopic *t, void *rk, const char *topic, int wake,
		    uint64_t for_ms);

/* Whether there is nothing to wait for any more: most is what it will be. A
 * broker that is there, but does not answer that, is not waited for long.
 */
bool kafkatopic_answered(struct kafkatopic *t, bool broker_is_there);

void kafkatopic_clear(struct kafkatopic *t);

/* How long to wait at most, of timeout_ms: a question that nobody answers is
 * given up then. Brokers answer it at once; librdkafka's mock brokers never do,
 * as the controller that they name is not there.
 */
int kafkatopic_wait_ms(const struct kafkatopic *t, int timeout_ms);

/* Whether an error code of librdkafka concerns the topic or our rights, so that
 * no event will get through: then *e says what to do.
 */
bool kafkatopic_is_fatal(int code, const char *topic, struct err *e);

#endif
