/* singer_version.h - decides whether the table of a Singer tap is complete.
 *
 * Floor 2 (query). A tap numbers each reading of a whole table (the "version"
 * of RECORD and ACTIVATE_VERSION; all known taps use the time at which it
 * began, in milliseconds) and ends it with ACTIVATE_VERSION. A tap that was
 * stopped continues with the same version and sends only the rest. So the table
 * is complete only if no earlier run can have sent a part of the version:
 *
 *     it is a time since this run began, or
 *     its ACTIVATE_VERSION is before its records, and no STATE before that
 *     contains it (tap-mysql also writes one when it continues)
 */
#ifndef QUERY_FILE_SINGER_VERSION_H
#define QUERY_FILE_SINGER_VERSION_H

#include "core/slice.h"

/* All-zero except run_ms. */
struct singer_version {
	uint64_t run_ms; /* wall time at the start of this run */

	uint64_t number; /* the newest version */
	bool known;      /* there is a version */
	bool first;      /* no earlier run has sent a part of it */
	bool mixed; /* a record of an older version, or without one, was passed
		     * on */
	bool whole; /* the last record is followed by ACTIVATE_VERSION */
	uint64_t n; /* records so far */
};

enum singer_version_verdict { SINGER_VERSION_ROW, SINGER_VERSION_OLD };

/* Takes a RECORD: text is its version, or empty. SINGER_VERSION_OLD if a newer
 * version has begun, so the record is not a row.
 */
enum singer_version_verdict singer_version_record(struct singer_version *v,
						  struct slice text);

/* Takes an ACTIVATE_VERSION; state is the last STATE before it, or empty. */
void singer_version_activate(struct singer_version *v, struct slice text,
			     struct slice state);

/* Whether the records so far are a complete table. */
bool singer_version_complete(const struct singer_version *v);

#endif
