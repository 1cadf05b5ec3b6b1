/* init_sync.h - rudder init: writes a first sync file for a table.
 *
 * Floor 2 (sync). If standard input is a terminal, it asks for what no option
 * gives, and offers the tables and columns of the source.
 */
#ifndef SYNC_INIT_SYNC_H
#define SYNC_INIT_SYNC_H

#include "core/err.h"

/* NULL: not given. */
struct init_options {
	const char *source, *table, *key, *dest;
	const char *type;      /* type of the events; NULL: identify */
	const char *mode;      /* NULL: upsert */
	const char *output;    /* NULL: syncs/NAME.yaml */
	const char *delimiter; /* separator of a CSV file */
	bool pick;             /* choose the columns in the terminal */
};

/* Writes the file and prints what to do next. Returns 0, or -1 with ERR_CREATE
 * if the file already exists, ERR_USAGE if something is missing and cannot be
 * asked for, ERR_CONFIG for a table or key that the source does not have, or
 * the status of rudder-query if that fails.
 */
int init_sync(const struct init_options *o, struct err *e) MUST_USE;

#endif
