/* delta_sql.h - builds the SQL of --delta.
 *
 * Floor 2 (query). Each function appends to b; the tables are described in
 * delta.h. model is the text of a SELECT. hash is the SQL of the hash of its
 * row, whose alias is t, and must be as fine as rudder's equality of rows. The
 * driver makes sure that keys are equal in SQL exactly if they are the same key
 * to rudder-diff.
 */
#ifndef QUERY_DELTA_SQL_H
#define QUERY_DELTA_SQL_H

#include "query/delta.h"
#include "query/model.h"

/* The table of this run of that kind: h, k or u. */
void delta_sql_table(struct buf *b, const struct delta *d,
		     const struct model_sql *sql, char kind);

/* The table of the base of that kind. */
void delta_sql_base(struct buf *b, const struct delta *d,
		    const struct model_sql *sql, char kind);

/* Appends one for each key column, with its number in place of #, and between
 * between them.
 */
void delta_sql_each(struct buf *b, const struct delta *d, const char *between,
		    const char *one);

/* t."id" = k.k0 AND ... */
void delta_sql_join(struct buf *b, const struct delta *d,
		    const struct model_sql *sql, const char *with);

/* A table of the schema by its name. */
void delta_sql_named(struct buf *b, const struct delta *d,
		     const struct model_sql *sql, const char *table);

/* The SELECT for the table of hashes. */
void delta_sql_hashes(struct buf *b, const struct delta *d,
		      const struct model_sql *sql, struct slice model,
		      const char *hash);

/* The SELECT for the table of keys that changed or are open. */
void delta_sql_keys(struct buf *b, const struct delta *d,
		    const struct model_sql *sql);

/* The SELECT of the number of keys in d->list that the base has. */
void delta_sql_listed(struct buf *b, const struct delta *d,
		      const struct model_sql *sql);

/* The SELECTs of the number of rows expected by the table of keys, of missing
 * keys, and of rows without a key.
 */
void delta_sql_expected(struct buf *b, const struct delta *d,
			const struct model_sql *sql);
void delta_sql_gone(struct buf *b, const struct delta *d,
		    const struct model_sql *sql);
void delta_sql_keyless(struct buf *b, const struct delta *d,
		       const struct model_sql *sql);

/* The SELECT of the rows of changed keys and, if keyless, of those without a
 * key, which are read in each run.
 */
void delta_sql_rows(struct buf *b, const struct delta *d,
		    const struct model_sql *sql, struct slice model,
		    const char *hash, bool keyless);

/* The SELECT of the missing keys, with the names of their columns. */
void delta_sql_missing(struct buf *b, const struct delta *d,
		       const struct model_sql *sql);

#endif
