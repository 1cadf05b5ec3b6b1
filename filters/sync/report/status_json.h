/* status_json.h - rudder status for programs: a line of JSON for each sync.
 *
 * Floor 2 (sync).
 */
#ifndef SYNC_REPORT_STATUS_JSON_H
#define SYNC_REPORT_STATUS_JSON_H

#include "sync/report/sync_report.h"

/* One line of JSON for each sync at the end of b:
 *
 *     {"sync":"users/crm","level":"good","word":"ok","message":"...",
 *      "age_seconds":720,"too_old":false,"state":{...},"last_run":{...},
 *      "trend":[{"ended":"...","status":0,"rows":1,"changes":1,"failed":0}]}
 *
 * state is the object of rudder-diff --status, last_run a line of --runs; both
 * are null if there is none. age_seconds is since the last run with status
 * 0, or null. trend has the newest 40 runs, oldest first.
 */
void status_json(struct buf *b, const struct sync_report *r, size_t n,
		 uint64_t now_ms);

#endif
