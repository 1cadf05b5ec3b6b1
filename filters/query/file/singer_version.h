/* singer_version.h - decides whether the table of a Singer tap is complete.
 *
 * Floor 2 (query). A tap numbers each reading of a whole table (the "version"
 * of RECORD and ACTIVATE_VERSION, by all known taps the time at which it began,
 * in milliseconds) and ends it with ACTIVATE_VERSION. A tap that was stopped
 * goes on under the same version and sends only the rest. So the table is
 * complete only if no earlier run can have sent a part of the version:
 *
 *     it is a time since this run began, or
 *     its ACTIVATE_VERSION stands before its records, and no STATE before that
 *     names it (tap-mysql writes one when it goes on, too)
 */
#ifndef QUERY_FILE_SINGER_VERSION_H
#define QUERY_FILE_SINGER_VERSION_H

#include "core/slice.h"

/* All-zero but for the first. */
struct singer_version {
	uint64_t run_ms; /* wall time at which this run began */

	uint64_t number; /* of the newest version */
	bool known;      /* there is one */
	bool first;      /* no earlier run has sent a part of it */
	bool mixed; /* a record of an older one, or without one, has left */
	bool whole; /* ACTIVATE_VERSION stands behind its last record */
	uint64_t n; /* records so far */
};

enum singer_version_verdict { SINGER_VERSION_ROW, SINGER_VERSION_OLD };

/* A RECORD: text is its version, or empty. SINGER_VERSION_OLD: a newer version
 * has begun, the record is not a row.
 */
enum singer_version_verdict singer_version_record(struct singer_version *v,
						  struct slice text);

/* An ACTIVATE_VERSION; state is the last STATE before it, or empty. */
void singer_version_activate(struct singer_version *v, struct slice text,
			     struct slice state);

/* Whether the records so far are a whole table. */
bool singer_version_complete(const struct singer_version *v);

#endif
