/* delta.h - --delta: the database finds the rows that may have changed.
 *
 * Floor 2 (query). Each run makes two tables in a schema of the user, or three,
 * which never change afterwards:
 *
 *     rudder_ID_RUN_h   the key and a 64-bit hash of each row of the model
 *     rudder_ID_RUN_k   the keys that changed since the base, each with the
 *                       current hashes of its rows and how many rows have each;
 *                       NULL for a key that is missing
 *     rudder_ID_RUN_u   if the rows are read after the first table is made:
 *                       the keys of rows that may have changed in between,
 *                       which the next run reads again; and one row without a
 *                       key, with their number
 *
 * The base is the first table of the previous run, or of an earlier one if
 * later runs did not complete. The file `base` of the state
 * (wire/state/delta_base.h) has its name, and whether the keys of its second
 * table are still open; rudder-diff maintains it. All rows of a changed key are
 * read, but only those that still have the hash that was seen. Rows that
 * changed in the meantime are unread, and rudder-diff keeps their keys open. In
 * any doubt all rows are read, and a new base begins.
 *
 * This is the part that is the same for all databases. The SQL is in
 * delta_sql.h, and the driver runs it.
 */
#ifndef QUERY_DELTA_H
#define QUERY_DELTA_H

#include "query/query.h"
#include "query/source.h"
#include "wire/state/delta_base.h"

enum { DELTA_KEYS = 16 };

/* A key column, and the SQL that converts its values. In the SQL, ? is the
 * value and $ the type of the column; NULL means no conversion.
 */
struct delta_key {
	struct buf name;
	const char *type;   /* replaces $; borrowed */
	const char *stored; /* the value as stored in the tables and compared */
	const char *parsed; /* the stored value from its JSON text; NULL if a
			     * literal takes the type of what it is compared
			     * with */
	const char *back;   /* the value from the stored one */
};

struct delta {
	const char *schema;     /* the argument of --delta */
	struct buf schema_name; /* its last part, unquoted */
	size_t schema_parts;
	bool fresh; /* --delta-all */
	struct delta_base base;
	bool has_base; /* the state has a base */
	char id[DELTA_BASE_ID + 1], run[DELTA_BASE_RUN + 1];
	struct delta_key key[DELTA_KEYS];
	size_t n_keys;
	struct buf list;   /* open keys as a list of SQL literals, or of JSON if
			    * a key is parsed; or empty */
	struct buf of;     /* fingerprint of what must be the same */
	struct buf tables; /* names of the existing tables, each with a NUL */
	const char *why;   /* why all rows are read, or NULL */
	bool twice; /* the model runs twice, and rows may change in between:
		     * make the third table */

	bool part;      /* read only rows of changed keys */
	uint64_t total; /* number of rows of the model */
	uint64_t keys;  /* number of rows of the second table */
	uint64_t missing, unread;
	uint64_t again; /* number of keys in the third table */
};

/* Checks that the options fit together: ERR_USAGE; ERR_CONFIG if --delta does
 * not support that database.
 */
int delta_check(const struct query_options *o, const struct source *s,
		struct err *e) MUST_USE;

/* Reads the base from the state, and names the run. key is a JSON array of
 * columns. ERR_USAGE for more than DELTA_KEYS columns, and for an invalid name
 * of a schema; ERR_CONFIG, ERR_DENIED, ERR_IO.
 */
int delta_init(struct delta *d, const struct query_options *o, struct slice key,
	       struct err *e) MUST_USE;
void delta_clear(struct delta *d);

/* Sets d->of, the fingerprint of what must be the same for the hashes of two
 * runs to be compared. reads: the fingerprint of source, model and parameters;
 * recipe: how a row is hashed; types: text that identifies the types of the
 * columns.
 */
void delta_fingerprint(struct delta *d, const char *reads, const char *recipe,
		       const struct rows_column *c, size_t n,
		       struct slice types);

/* Takes the name of a table in the schema; ignores those of other syncs. */
void delta_found(struct delta *d, struct slice name);

/* Whether to compare with the base; then its tables must be counted. Otherwise
 * sets d->why to the reason.
 */
bool delta_has_base(struct delta *d);

/* Whether keys of the base are open: those in d->list or, if it is empty, all
 * of its second table.
 */
bool delta_is_open(const struct delta *d);

/* Whether the keys of the third table of the base are open. */
bool delta_has_again(const struct delta *d);

/* The table with the open keys: 'k', or 'h' if the run of the base read all
 * rows and has no second table.
 */
char delta_open_in(const struct delta *d);

/* Takes the number of keys of d->list that the base has. If some are missing,
 * all keys of the second table are open or, without one, all rows are read.
 */
void delta_listed(struct delta *d, uint64_t found);

/* Takes the number of rows and of keys counted in the base (keys 0 without a
 * second table), and sets d->part to whether they are as expected.
 */
void delta_counted(struct delta *d, uint64_t rows, uint64_t keys);

/* The same for the third table: the number of its rows less the number stored
 * in it, which must be 1.
 */
void delta_counted_again(struct delta *d, uint64_t n);

/* Takes how many rows were expected by keys and hashes, and how many were
 * found. They differ if the model returns other rows when it runs again, as
 * with random().
 */
void delta_held(struct delta *d, uint64_t expected, uint64_t found);

/* Returns the next table, from *at on (0 at first), that no run needs any more:
 * it is older than the base, or its run's clock was over a day ahead of now,
 * and it is not the base. Borrowed; NULL after the last.
 */
const char *delta_leftover(const struct delta *d, size_t *at);

/* Appends the member of the begin line to b, with a comma before it. */
void delta_begin(const struct delta *d, struct buf *b);

/* Appends the members of the end line in the same way. */
void delta_end(const struct delta *d, struct buf *b);

/* Prints the summary of the run. */
void delta_summary(const struct delta *d, const struct rows *r);

#endif
