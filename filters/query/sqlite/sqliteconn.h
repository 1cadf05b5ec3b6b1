/* sqliteconn.h - opens a SQLite file: read only, without trust in its schema.
 *
 * Floor 2 (query). Locks of other processes, the time limit, what an error of
 * SQLite means, and the functions that our SQL calls.
 */
#ifndef QUERY_SQLITE_SQLITECONN_H
#define QUERY_SQLITE_SQLITECONN_H

#include "core/buf.h"
#include "core/err.h"

/* Our functions: a time as a number, so that all its forms compare; the part of
 * part.h; and a whole number, or an error.
 */
#define SQLITECONN_TIME  "rudder_time"
#define SQLITECONN_PART  "rudder_part"
#define SQLITECONN_WHOLE "rudder_whole"

#ifdef WITH_SQLITE
#include <sqlite3.h>

/* All-zero before sqliteconn_open, and freed by sqliteconn_close even where
 * that failed.
 */
struct sqliteconn {
	sqlite3 *db;
	struct buf path;    /* without options */
	bool immutable;     /* the option */
	uint64_t until_ms;  /* of --timeout, or 0 */
	uint64_t locked_ms; /* since when another process has it locked; or 0 */
};

/* Opens a file, "a.db" or "a.db?immutable=1"; timeout_ms is 0 for no limit. c
 * stays where it is until it is closed. -1 with *e set: ERR_INPUT where there
 * is no such file, ERR_CONFIG where immutable=1 would miss changes, or as
 * sqliteconn_failed.
 */
int sqliteconn_open(struct sqliteconn *c, const char *where,
		    uint64_t timeout_ms, struct err *e) MUST_USE;
void sqliteconn_close(struct sqliteconn *c);

/* The last error of SQLite, with what failed in front. running: a statement is
 * prepared, so an error is the data's (ERR_DATA) and not the model's
 * (ERR_CONFIG). Always -1.
 */
int sqliteconn_failed(const struct sqliteconn *c, bool running,
		      const char *what, struct err *e);

#endif
#endif
