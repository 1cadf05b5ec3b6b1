/* confirm.h - --confirm: asks the data plane whether it delivered the events
 * of a run.
 *
 * Floor 2 (send). "accepted" says that the data plane has stored an event. Its
 * job status says when all events of the run were handled, and its failed
 * records which of them did not reach their destination (GET
 * /internal/v2/job-status/RUN and .../failed-records, github
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
	struct writer *spool; /* NULL: nobody asked */
	int fd;
	bool keeps; /* the event behind each receipt */
	char *run;
	struct job_status status;
	struct job_status_failures failures; /* sorted once all are there */
	bool known; /* the run is complete, and failures are all that failed */
	bool doubted; /* what failed may have been delivered before */
};

/* Start to keep receipts back. ERR_CREATE. */
int confirm_open(struct confirm *c, struct err *e) MUST_USE;

/* An event behind its receipt, for --failed: then all have one. ERR_IO. */
int confirm_keep(struct confirm *c, struct slice event, struct err *e) MUST_USE;

/* What the data plane reported of the receipts kept back. */
struct confirm_counts {
	uint64_t delivered, failed, unknown;
};

/* Write the receipts kept back. Where it is known, and the counts of the data
 * plane fit its list of failures, which all are ours: "delivered", "failed"
 * where the destination refused it by a 4xx, "unknown" where it may have taken
 * it all the same; else "accepted", known is false then, and a warning has said
 * why. The events kept of those that failed or are unknown go to again, why
 * they did to reasons. ERR_IO.
 */
int confirm_release(struct confirm *c, struct writer *to,
		    struct failed_file *again, struct reasons *reasons,
		    struct confirm_counts *n, struct err *e) MUST_USE;

void confirm_clear(struct confirm *c);

#endif
