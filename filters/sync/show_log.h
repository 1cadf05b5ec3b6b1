/* show_log.h - rudder log: shows the runs of syncs, failing rows, or the
 * history of one row.
 *
 * Floor 2 (sync).
 */
#ifndef SYNC_SHOW_LOG_H
#define SYNC_SHOW_LOG_H

#include "core/err.h"

struct log_options {
	char **names;       /* as in show_status.h */
	const char *format; /* text, json; NULL: text */
	const char *key;    /* the id of a row; NULL: none */
	bool failing;
	uint64_t n; /* maximum number to show; UINT64_MAX: all */
};

/* Writes to fd out, through a pager if that is a terminal. Returns 0, or -1:
 *
 *     ERR_INPUT  there is no such sync, state or key
 *     any        a sync cannot be read; the others are shown
 */
int show_log(const struct log_options *o, int out, struct err *e) MUST_USE;

#endif
