/* delta_sql.h - the SQL of --delta.
 *
 * Floor 2 (query). Statements of delta.h, each at the end of b. A model is the
 * text of a SELECT, and hash the SQL of the hash of its row, of which the alias
 * is t: as fine as rudder's equality of rows. Keys are equal where they are the
 * same key to rudder-diff, which is for the driver to see to.
 */
#ifndef QUERY_DELTA_SQL_H
#define QUERY_DELTA_SQL_H

#include "query/delta.h"
#include "query/model.h"

/* A table of this run, in its schema: kind is h or k. */
void delta_sql_table(struct buf *b, const struct delta *d,
		     const struct model_sql *sql, char kind);

/* One of the base. */
void delta_sql_base(struct buf *b, const struct delta *d,
		    const struct model_sql *sql, char kind);

/* One for each key, in which # is its number, and what is between them. */
void delta_sql_each(struct buf *b, const struct delta *d, const char *between,
		    const char *one);

/* t."id" = k.k0 AND ... */
void delta_sql_join(struct buf *b, const struct delta *d,
		    const struct model_sql *sql, const char *with);

/* Any table of the schema. */
void delta_sql_named(struct buf *b, const struct delta *d,
		     const struct model_sql *sql, const char *table);

/* SELECT for the table of hashes. */
void delta_sql_hashes(struct buf *b, const struct delta *d,
		      const struct model_sql *sql, struct slice model,
		      const char *hash);

/* SELECT for the table of keys that changed, or are open. */
void delta_sql_keys(struct buf *b, const struct delta *d,
		    const struct model_sql *sql);

/* SELECT of the number of keys of the list that the base has. */
void delta_sql_listed(struct buf *b, const struct delta *d,
		      const struct model_sql *sql);

/* SELECT of one number: of rows that are to be found by the table of keys, of
 * keys that are missing, of rows without a key.
 */
void delta_sql_expected(struct buf *b, const struct delta *d,
			const struct model_sql *sql);
void delta_sql_gone(struct buf *b, const struct delta *d,
		    const struct model_sql *sql);
void delta_sql_keyless(struct buf *b, const struct delta *d,
		       const struct model_sql *sql);

/* SELECT of the rows of keys that changed, and with keyless of those without a
 * key, which come in each run.
 */
void delta_sql_rows(struct buf *b, const struct delta *d,
		    const struct model_sql *sql, struct slice model,
		    const char *hash, bool keyless);

/* SELECT of the missing keys, by the names of their columns. */
void delta_sql_missing(struct buf *b, const struct delta *d,
		       const struct model_sql *sql);

#endif
