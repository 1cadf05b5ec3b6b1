/* init_sync.h - rudder init: a first sync file, from a table.
 *
 * Floor 2 (sync). What is not given by an option is asked for where standard
 * input is a terminal. Tables and columns are those of the source.
 */
#ifndef SYNC_INIT_SYNC_H
#define SYNC_INIT_SYNC_H

#include "core/err.h"

/* NULL: not given. */
struct init_options {
	const char *source, *table, *key, *dest;
	const char *type;      /* of events; NULL: identify */
	const char *mode;      /* NULL: upsert */
	const char *output;    /* NULL: syncs/NAME.yaml */
	const char *delimiter; /* of a CSV file */
	bool pick;             /* choose the columns in the terminal */
};

/* Writes the file and prints what to do next. 0; -1 with ERR_CREATE where the
 * file is there already, ERR_USAGE where something is neither given nor can be
 * asked for, ERR_CONFIG for a table or key that the source does not have, the
 * status of rudder-query where it failed.
 */
int init_sync(const struct init_options *o, struct err *e) MUST_USE;

#endif
