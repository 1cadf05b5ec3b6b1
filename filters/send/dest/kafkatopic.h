/* kafkatopic.h - asks the brokers about a topic, and whether we may write to
 * it.
 *
 * Floor 2 (send). A broker refuses a whole batch of messages that is longer
 * than the topic's max.message.bytes, even if each message is short enough. So
 * this limit is asked for before any message is produced.
 */
#ifndef SEND_DEST_KAFKATOPIC_H
#define SEND_DEST_KAFKATOPIC_H

#include "core/err.h"

struct kafkatopic {
	void *queue; /* for the answer; NULL: not asked yet, or answered */
	uint64_t until_ms;
	uint64_t most; /* max.message.bytes; 0: unknown */
	bool reached;  /* a broker has answered */
};

/* Asks, with this producer (rd_kafka_t). wake becomes readable when the answer
 * arrives; after for_ms milliseconds we stop waiting for it.
 */
void kafkatopic_ask(struct kafkatopic *t, void *rk, const char *topic, int wake,
		    uint64_t for_ms);

/* Whether the answer is there, or is no longer waited for: then most does not
 * change any more. If a broker is connected but does not answer, the wait ends
 * at until_ms.
 */
bool kafkatopic_answered(struct kafkatopic *t, bool broker_is_there);

void kafkatopic_clear(struct kafkatopic *t);

/* Returns how long to wait: timeout_ms, or less if the wait for the answer ends
 * before. Real brokers answer at once; librdkafka's mock brokers never do,
 * because the controller that they name does not exist.
 */
int kafkatopic_wait_ms(const struct kafkatopic *t, int timeout_ms);

/* Whether an error code of librdkafka is about the topic or our permissions, so
 * that no event can be delivered. If so, *e says what to do.
 */
bool kafkatopic_is_fatal(int code, const char *topic, struct err *e);

#endif
