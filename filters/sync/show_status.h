/* show_status.h - rudder status: how syncs stand, for people and programs.
 *
 * Floor 2 (sync). A sync is named by its sync file, or by the folder of a state
 * for whoever has no sync file. A folder of states stands for all of them.
 */
#ifndef SYNC_SHOW_STATUS_H
#define SYNC_SHOW_STATUS_H

#include "core/err.h"

struct status_options {
	char **names;        /* ended by NULL; none: all that there are */
	const char *format;  /* text, json, prometheus, html; NULL: text */
	const char *output;  /* a file that is replaced whole; NULL: fd out */
	uint64_t max_age_ms; /* 0: what each sync file says */
};

/* 0, or -1 with *e set:
 *
 *     ERR_EXPECT  a sync has had no run with status 0 for that long
 *     ERR_INPUT   there is no such sync or state
 *     any         of a sync that cannot be read; the others are shown
 */
int show_status(const struct status_options *o, int out,
		struct err *e) MUST_USE;

#endif
