/* sqliteconn.h - opens a SQLite file read only, and does not trust its schema.
 *
 * Floor 2 (query). Also waits for locks of other processes, ends at the time
 * limit, maps SQLite's errors, and defines the SQL functions of this driver.
 */
#ifndef QUERY_SQLITE_SQLITECONN_H
#define QUERY_SQLITE_SQLITECONN_H

#include "core/buf.h"
#include "core/err.h"

/* SQL functions of this driver: a time as a number, so that all its forms
 * compare; the hash of part.h; and a number checked to be whole.
 */
#define SQLITECONN_TIME  "rudder_time"
#define SQLITECONN_PART  "rudder_part"
#define SQLITECONN_WHOLE "rudder_whole"

#ifdef WITH_SQLITE
#include <sqlite3.h>

/* All-zero before sqliteconn_open. Free with sqliteconn_close, even if opening
 * failed.
 */
struct sqliteconn {
	sqlite3 *db;
	struct buf path;    /* without options */
	bool immutable;     /* the option immutable=1 */
	uint64_t until_ms;  /* end of --timeout (clock_mono_ms), or 0 */
	uint64_t locked_ms; /* when another process's lock was first seen; or 0
			     */
};

/* Opens a file, "a.db" or "a.db?immutable=1". timeout_ms is 0 for no limit. Do
 * not move *c until it is closed. Returns 0, or -1 with *e set: ERR_INPUT if
 * there is no such file, ERR_DENIED, ERR_CONFIG if immutable=1 would miss
 * changes, or as sqliteconn_failed.
 */
int sqliteconn_open(struct sqliteconn *c, const char *where,
		    uint64_t timeout_ms, struct err *e) MUST_USE;
void sqliteconn_close(struct sqliteconn *c);

/* Sets *e to the last error of SQLite, after the text what. running: a
 * statement is prepared, so an SQL error is in the data (ERR_DATA), not in the
 * model (ERR_CONFIG). Returns -1.
 */
int sqliteconn_failed(const struct sqliteconn *c, bool running,
		      const char *what, struct err *e);

#endif
#endif
