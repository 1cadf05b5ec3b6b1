/* odbc.h - a connection by unixODBC, and the errors of drivers.
 *
 * Floor 2 (query). Texts are UTF-8 here, whatever the driver takes.
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
	SQLHSTMT stmt; /* one, for the model */
	bool single;   /* long values must be asked for, row by row */
	bool plain;    /* the driver knows no wide text */
};

/* Connects by a string of attributes, with the password of the environment
 * (RUDDER_ODBC_PASSWORD) where it has none; sets the session's time zone to
 * UTC where we know how. odbc_close after failure too. ERR_REFUSED, ERR_DENIED,
 * ERR_CONFIG and so on, by SQLSTATE.
 */
int odbc_open(struct odbc *o, const char *attributes, struct err *e) MUST_USE;

/* Rolls back and frees all; an all-zero struct is allowed. */
void odbc_close(struct odbc *o);

/* -1, with *e as the last call on the statement has failed; of kind otherwise
 * where the SQLSTATE says nothing.
 */
int odbc_failed(const struct odbc *o, enum err_kind otherwise, struct err *e);

/* The same while rows come: ERR_REFUSED where the connection is dead. */
int odbc_failed_fetch(const struct odbc *o, struct err *e);

/* A text that the driver knows, "" where not. size is at least 1. */
void odbc_info(const struct odbc *o, SQLUSMALLINT what, char *to, size_t size);

/* How many tables and views the driver lists. */
int odbc_count_tables(const struct odbc *o, size_t *n, struct err *e) MUST_USE;

/* SQLPrepare of the text, to which a NUL may be added. */
SQLRETURN odbc_prepare(const struct odbc *o, struct buf *sql);

/* What the driver says of a column. */
struct odbc_column {
	SQLSMALLINT type, scale, null;
	SQLULEN size;
	SQLLEN is_unsigned;
	char name[1024], type_name[200];
};

/* Column i, from 1. */
int odbc_describe(const struct odbc *o, SQLUSMALLINT i, struct odbc_column *c,
		  struct err *e) MUST_USE;

/* A number as attributes want it. */
static inline SQLPOINTER odbc_number(size_t v)
{
	return (SQLPOINTER)(uintptr_t)v;
}

#endif
#endif
