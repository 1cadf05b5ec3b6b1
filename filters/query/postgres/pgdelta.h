/* pgdelta.h - --delta on PostgreSQL: one snapshot for the tables and the rows.
 *
 * Floor 2 (query). The hash of a row is that of its text, as record_out writes
 * it under settings that lose nothing, so it is finer than any equality of
 * values: 1.0 and 1.00, 1 month and 30 days, 'a' and 'A' under any collation.
 *
 * Where all rows are read, all is one transaction: without its end there is no
 * table, and the next run reads all rows again. Where only some are, the tables
 * and the rows that are to leave are made in one, the latter as a temporary
 * table, and nothing is lost when the reader of the rows goes away.
 */
#ifndef QUERY_POSTGRES_PGDELTA_H
#define QUERY_POSTGRES_PGDELTA_H

#include "query/delta_sql.h"
#include "query/postgres/pgconn.h"

#ifdef WITH_POSTGRES

/* For the columns that pgplan_columns has found: the tables, the begin line,
 * the rows and the missing keys. With --check a table is made and dropped.
 * ERR_CONFIG where a key column has a type whose equality is not that of
 * rudder-diff, or where there is no such schema; ERR_DENIED.
 */
int pgdelta_run(struct pgconn *p, struct delta *d, struct err *e) MUST_USE;

#endif
#endif
