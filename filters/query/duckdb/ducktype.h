/* ducktype.h - the types of DuckDB's columns.
 *
 * Floor 2 (query). A type is a tree like DuckDB's own: a LIST, ARRAY, STRUCT,
 * MAP or UNION has the types of its parts. Each node points to its values in
 * the current vector; duckvalue.h writes them.
 */
#ifndef QUERY_DUCKDB_DUCKTYPE_H
#define QUERY_DUCKDB_DUCKTYPE_H

#include "core/buf.h"
#include "query/duckdb/duck.h"

struct ducktype;

/* Builds the tree of a duckdb_logical_type, and destroys that. NULL with
 * ERR_CONFIG if it is nested deeper than JSON may be. d is borrowed.
 */
struct ducktype *ducktype_new(const struct duck *d, void *logical,
			      struct err *e) MUST_USE;
void ducktype_free(struct ducktype *t); /* NULL is allowed */

/* The name of the type in the begin line. */
const char *ducktype_word(const struct ducktype *t);

/* Appends DuckDB's name of the type to b, like "DECIMAL(12,2)[]". */
void ducktype_native(const struct ducktype *t, struct buf *b);

/* Returns NULL for a type that can be read from its vectors, otherwise the SQL
 * type to which the query must cast the column.
 */
const char *ducktype_cast(const struct ducktype *t);

/* Whether the column holds numbers that must be cast to text; and marks such a
 * text column, so that its values are written without quotes.
 */
bool ducktype_is_number(const struct ducktype *t);
void ducktype_set_number(struct ducktype *t);

/* Reads the next values from this vector, which must live as long as they do.
 */
void ducktype_at(struct ducktype *t, void *vector);

#endif
