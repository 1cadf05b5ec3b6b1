/* results.h - --results: a jq program reads the outcome of each event from a
 * reply.
 *
 * Floor 2 (send). The program's input is {"status", "answer", "events"}: the
 * HTTP status, the body of the reply (a string if it is not JSON), and the
 * recordId, messageId and action of each event. Its output is one array with
 *
 *   - one element for each event, in their order: an HTTP status (201, 404), a
 *     word (accepted, rejected, retry, unknown), or an object with one of
 *     these as "status", and "reason";
 *   - or such objects with "index" (from 0), "recordId", "messageId" or "id"
 *     (either of these two), for some of the events: all others are accepted.
 *
 * Any other output proves nothing: the outcome of all events is unknown.
 */
#ifndef SEND_DEST_RESULTS_H
#define SEND_DEST_RESULTS_H

#include "send/dest/by_action.h"
#include "send/dest/dest.h"

struct results;

/* Same arguments and errors as body_open. */
int results_open(struct results **x, const char *program, unsigned lanes,
		 struct err *e) MUST_USE;

/* Replaces the reply to a job: by REPLY_EACH with job->item, or by one class if
 * all events have the same outcome; but several refused events are REPLY_EACH,
 * so that each has its reason. ok: the statuses that are success besides 2xx.
 * whole: the answer is complete.
 */
void results_judge(struct results *x, struct dest_job *job, struct slice answer,
		   bool whole, const struct by_action_statuses *ok);

/* NULL is allowed. */
void results_close(struct results *x);

#endif
