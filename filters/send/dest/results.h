/* results.h - --results: reads the outcome of each event from a reply, by a jq
 * program.
 *
 * Floor 2 (send). The program gets {"status", "answer", "events"}: the HTTP
 * status, the body of the answer (a string where it is not JSON), and recordId,
 * messageId and action of each event. It gives one array:
 *
 *   - an element for each event, in their order: an HTTP status (201, 404), a
 *     word (accepted, rejected, retry, unknown), or an object with one of
 *     these as "status", and "reason";
 *   - or objects with "index" (from 0) or "id" (a recordId or messageId), for
 *     some of the events: all others are accepted.
 *
 * Whatever else it gives proves nothing: all events are unknown.
 */
#ifndef SEND_DEST_RESULTS_H
#define SEND_DEST_RESULTS_H

#include "send/dest/by_action.h"
#include "send/dest/dest.h"

struct results;

/* As body_open. */
int results_open(struct results **x, const char *program, unsigned lanes,
		 struct err *e) MUST_USE;

/* Replaces the reply to a job: REPLY_EACH with job->item, or one class where
 * all events have the same and the request is to be tried again. ok: what is
 * success besides 2xx. whole: the answer came to its end.
 */
void results_judge(struct results *x, struct dest_job *job, struct slice answer,
		   bool whole, const struct by_action_statuses *ok);

/* NULL is allowed. */
void results_close(struct results *x);

#endif
