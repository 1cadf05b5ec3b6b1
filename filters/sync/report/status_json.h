/* status_json.h - rudder status for programs: a line of JSON for each sync.
 *
 * Floor 2 (sync).
 */
#ifndef SYNC_REPORT_STATUS_JSON_H
#define SYNC_REPORT_STATUS_JSON_H

#include "sync/report/sync_report.h"

/* Appends one line of JSON for each sync to b:
 *
 *     {"sync":"users/crm","level":"good","word":"ok","message":"...",
 *      "age_seconds":720,"too_old":false,"running_since":null,"state":{...},
 *      "last_run":{...},
 *      "trend":[{"ended":"...","status":0,"rows":1,"changes":1,"failed":0}]}
 *
 * state is the object of rudder-diff --status, last_run a line of --runs; each
 * is null if it is missing. age_seconds is the time since the last run with
 * status 0, or null. trend has the newest 40 runs, oldest first.
 */
void status_json(struct buf *b, const struct sync_report *r, size_t n,
		 uint64_t now_ms);

#endif
