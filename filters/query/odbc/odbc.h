/* odbc.h - connects through unixODBC, and maps the errors of drivers.
 *
 * Floor 2 (query). Texts are UTF-8, whatever the driver uses.
 */
#ifndef QUERY_ODBC_ODBC_H
#define QUERY_ODBC_ODBC_H

#ifdef WITH_ODBC
#include <sql.h>
#include <sqlext.h>

#include "core/buf.h"
#include "core/err.h"

struct odbc {
	SQLHENV env;
	SQLHDBC conn;
	SQLHSTMT stmt; /* the model's */
	bool mysql;    /* the server is MySQL or MariaDB: long values must be
			* fetched separately, in blocks of one row */
	bool sqlite;   /* the database is SQLite: values have types, columns
			* have none */
	bool plain;    /* the driver has no UTF-16 text: use UTF-8 */
};

/* Connects with the attributes, and the password in RUDDER_ODBC_PASSWORD if
 * they have none, then sets up the session: UTC as its time zone, if it is
 * known how. ERR_REFUSED, ERR_DENIED, ERR_CONFIG and so on, by the SQLSTATE.
 * Call odbc_close after a failure, too.
 */
int odbc_open(struct odbc *o, const char *attributes, struct err *e) MUST_USE;

/* Rolls back and frees everything; allows an all-zero struct. */
void odbc_close(struct odbc *o);

/* Sets *e to the error of the last call on the statement; its kind is
 * `otherwise` if the SQLSTATE is unknown. Returns -1.
 */
int odbc_failed(const struct odbc *o, enum err_kind otherwise, struct err *e);

/* The same while rows are read: ERR_REFUSED if the connection is lost. */
int odbc_failed_fetch(const struct odbc *o, struct err *e);

/* Copies information of the driver to `to`, "" if it has none. size is at least
 * 1.
 */
void odbc_info(const struct odbc *o, SQLUSMALLINT what, char *to, size_t size);

/* Counts the tables and views that the driver lists. */
int odbc_count_tables(const struct odbc *o, size_t *n, struct err *e) MUST_USE;

/* Calls SQLPrepare; may add a NUL after the text. */
SQLRETURN odbc_prepare(const struct odbc *o, struct buf *sql);

/* The driver's description of a column. */
struct odbc_column {
	SQLSMALLINT type, scale, null;
	SQLULEN size;
	SQLLEN is_unsigned;
	char name[1024], type_name[200];
};

/* Describes column i, from 1. ERR_CONFIG if its name is too long or not text.
 */
int odbc_describe(const struct odbc *o, SQLUSMALLINT i, struct odbc_column *c,
		  struct err *e) MUST_USE;

/* A number in the form that attributes take. */
static inline SQLPOINTER odbc_number(size_t v)
{
	return (SQLPOINTER)(uintptr_t)v;
}

#endif
#endif
