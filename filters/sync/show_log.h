/* show_log.h - rudder log: the runs of syncs, rows that fail, the life of a
 * row.
 *
 * Floor 2 (sync).
 */
#ifndef SYNC_SHOW_LOG_H
#define SYNC_SHOW_LOG_H

#include "core/err.h"

struct log_options {
	char **names;       /* as of show_status.h */
	const char *format; /* text, json; NULL: text */
	const char *key;    /* the id of a row; NULL: none */
	bool failing;
	uint64_t n; /* most that are shown; UINT64_MAX: all */
};

/* Writes to fd out, through a pager where that is a terminal. 0, or -1:
 *
 *     ERR_INPUT  there is no such sync, state or key
 *     any        of a sync that cannot be read; the others are shown
 */
int show_log(const struct log_options *o, int out, struct err *e) MUST_USE;

#endif
