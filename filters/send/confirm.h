/* confirm.h - --confirm: asks the data plane whether it delivered the events of
 * a run.
 *
 * Floor 2 (send). The receipt "accepted" means that the data plane has stored
 * an event. The job status of the data plane shows when all events of the run
 * were handled, and its failed records show which of them did not reach their
 * destination (GET /internal/v2/job-status/RUN and .../failed-records, github
 * rudderlabs/rudder-server services/rsources/http, read 2026-08-19). Receipts
 * of accepted events wait in an unlinked file until then.
 */
#ifndef SEND_CONFIRM_H
#define SEND_CONFIRM_H

#include "core/writer.h"
#include "send/dest/dest.h"
#include "send/failed_file.h"
#include "send/job_status.h"
#include "wire/stream/reasons.h"

struct confirm {
	struct writer *spool; /* receipts of accepted events; NULL: without
			       * --confirm
			       */
	int fd;
	bool keeps; /* each receipt is followed by its event */
	char *run;
	struct job_status status;
	struct job_status_failures failures; /* sorted once all are there */
	bool known; /* the run is complete, and failures lists all failed events
		     */
	bool doubted; /* an earlier sender may have delivered what failed */
};

/* Starts to store receipts in the unlinked file. ERR_CREATE. */
int confirm_open(struct confirm *c, struct err *e) MUST_USE;

/* Stores the event after its receipt, for --failed. Call it for all receipts or
 * for none. ERR_IO.
 */
int confirm_keep(struct confirm *c, struct slice event, struct err *e) MUST_USE;

/* What the data plane reported about the events of the stored receipts. */
struct confirm_counts {
	uint64_t delivered, failed, unknown;
};

/* Writes the stored receipts. If known is set, and the counts of the data plane
 * match its list of failures, all of which are events of this run, the status
 * becomes "delivered", "failed" (the destination refused the event with a 4xx),
 * or "unknown" (the destination may have taken it in spite of the failure).
 * Otherwise it stays "accepted", a warning states why, and known is false.
 * Stored events that failed or are unknown are added to again, their causes to
 * reasons. ERR_IO.
 */
int confirm_release(struct confirm *c, struct writer *to,
		    struct failed_file *again, struct reasons *reasons,
		    struct confirm_counts *n, struct err *e) MUST_USE;

void confirm_clear(struct confirm *c);

#endif
