/* job_status.h - reads the replies of a data plane about the events of a run.
 *
 * Floor 2 (send). Two documents (github rudderlabs/rudder-server
 * services/rsources, read 2026-11-29): the job status, with one entry for each
 * source of each task, and a page of failed records. Members that are missing
 * or have another type count as absent.
 */
#ifndef SEND_JOB_STATUS_H
#define SEND_JOB_STATUS_H

#include "core/buf.h"
#include "core/err.h"
#include "wire/json/hash.h"

struct job_status {
	bool complete; /* there is a source, and all sources are completed */
	bool balanced; /* all have counts, and in = out + failed in each */
	uint64_t in, out, failed; /* over all sources and destinations */
};

struct job_status_failure {
	struct hash record; /* hash of the record id, with seed 0 */
	unsigned code;      /* HTTP status; 0: none, or several that differ */
	unsigned entries;   /* entries for this id in the lists of failed
			     * records
			     */
	unsigned receipts;  /* filled by the caller: receipts of events with
			     * this id
			     */
};

/* All-zero: empty. */
struct job_status_failures {
	struct job_status_failure *failure;
	size_t n, size;
	uint64_t entries; /* entries read, also several for one id */
};

/* Reads the job status from the body of a reply. ERR_PROTOCOL if the body is
 * not a JSON object; then *s is all-zero.
 */
int job_status_read(struct slice body, struct job_status *s,
		    struct err *e) MUST_USE;

/* Adds the failed records of a page to f. The token of the next page replaces
 * what is in token, up to its first NUL; empty: this is the last page.
 * ERR_PROTOCOL as above.
 */
int job_status_page(struct slice body, struct job_status_failures *f,
		    struct buf *token, struct err *e) MUST_USE;

/* Sorts the failures for job_status_find, and merges those with the same id. */
void job_status_sort(struct job_status_failures *f);

/* The failure of this record id (a JSON value), or NULL. f is sorted. A string
 * that is a number, and that number, are the same id.
 */
struct job_status_failure *job_status_find(struct job_status_failures *f,
					   struct slice record,
					   struct buf *scratch);

/* Frees the list and leaves it empty. */
void job_status_clear(struct job_status_failures *f);

#endif
