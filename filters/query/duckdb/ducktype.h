/* ducktype.h - the types of DuckDB's columns.
 *
 * Floor 2 (query). A type is a tree as DuckDB's own: below a LIST, ARRAY,
 * STRUCT, MAP or UNION are the types of its parts. Each knows where the values
 * of the vector in work lie; duckvalue.h writes them.
 */
#ifndef QUERY_DUCKDB_DUCKTYPE_H
#define QUERY_DUCKDB_DUCKTYPE_H

#include "core/buf.h"
#include "query/duckdb/duck.h"

struct ducktype;

/* The tree of a duckdb_logical_type, which it destroys. NULL with *e set to
 * ERR_CONFIG where it is nested deeper than JSON may be. d is borrowed.
 */
struct ducktype *ducktype_new(const struct duck *d, void *logical,
			      struct err *e) MUST_USE;
void ducktype_free(struct ducktype *t); /* NULL is allowed */

/* The word for the begin line. */
const char *ducktype_word(const struct ducktype *t);

/* DuckDB's own name of the type, "DECIMAL(12,2)[]", at the end of b. */
void ducktype_native(const struct ducktype *t, struct buf *b);

/* NULL for a type that can be read from its vectors. Else the one to which the
 * query must cast the column, as SQL.
 */
const char *ducktype_cast(const struct ducktype *t);

/* Whether the column, once cast to text, holds numbers; and the word for a
 * text that does: it is written without quotes.
 */
bool ducktype_is_number(const struct ducktype *t);
void ducktype_set_number(struct ducktype *t);

/* The next values are those of this vector, which lives as long as they do. */
void ducktype_at(struct ducktype *t, void *vector);

#endif
