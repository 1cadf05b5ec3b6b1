/* pgdelta.h - --delta on PostgreSQL: makes the tables and reads the rows in one
 * snapshot.
 *
 * Floor 2 (query). A row is hashed as its text (record_out) under settings that
 * lose nothing. So the hash is finer than any equality of values: it tells
 * apart 1.0 and 1.00, 1 month and 30 days, and 'a' and 'A' under any collation.
 *
 * If all rows are read, everything is one transaction: if it does not end,
 * there is no table, and the next run reads all rows again. If only changed
 * rows are read, a first transaction makes the tables and copies the rows to
 * send into a temporary table, and then commits. Nothing is lost if the reader
 * of the rows exits afterwards.
 */
#ifndef QUERY_POSTGRES_PGDELTA_H
#define QUERY_POSTGRES_PGDELTA_H

#include "query/delta_sql.h"
#include "query/postgres/pgconn.h"

#ifdef WITH_POSTGRES

/* Makes the tables, then writes the begin line, the rows and the missing keys,
 * for the columns that pgplan_columns has found. With --check, creates and
 * drops a table. ERR_CONFIG if the schema does not exist, or if PostgreSQL
 * compares the type of a key column differently than rudder-diff; ERR_DENIED.
 */
int pgdelta_run(struct pgconn *p, struct delta *d, struct err *e) MUST_USE;

#endif
#endif
