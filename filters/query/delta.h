/* delta.h - --delta: the database finds the rows that may have changed.
 *
 * Floor 2 (query). Each run makes two tables in a schema of the user's, which
 * are never changed afterwards:
 *
 *     rudder_ID_RUN_h   the key and a hash of 64 bits of each row of the model
 *     rudder_ID_RUN_k   the keys that changed since the base, with the hashes
 *                       that their rows have now, and how many there are of
 *                       each; none for a key that is missing
 *     rudder_ID_RUN_u   where the rows are read at another time than the first
 *                       table: the keys of those that may have changed between,
 *                       which the next run reads again, with 0; and one row
 *                       without a key, with their number
 *
 * The base is the first table of the run before, or of a later one that did
 * not get so far. Which one it is, and whether the keys of its second table
 * are still open, is in the file `base` of the state (wire/state/delta_base.h),
 * which rudder-diff moves. All rows of a key that changed are read, but only
 * where they have the hash that was seen: those that changed meanwhile are
 * unread, and rudder-diff then keeps the keys open. Anything doubtful means
 * that all rows are read, and that a new base begins.
 *
 * Here is what is the same for all databases; the SQL is in delta_sql.h, and
 * the driver runs it.
 */
#ifndef QUERY_DELTA_H
#define QUERY_DELTA_H

#include "query/query.h"
#include "query/source.h"
#include "wire/state/delta_base.h"

enum { DELTA_KEYS = 16 };

/* SQL of one value out of another, which is ? in it; $ is the type of the
 * column; NULL is the value as it is.
 */
struct delta_key {
	struct buf name;
	const char *type;   /* for $; borrowed */
	const char *stored; /* what the tables have of it, and compare */
	const char *parsed; /* the same of its text, where a literal has not
			     * the type of what it is compared with */
	const char *back;   /* it, out of what the tables have */
};

struct delta {
	const char *schema;     /* of --delta */
	struct buf schema_name; /* its last part, without quotes */
	size_t schema_parts;
	bool fresh; /* --delta-all */
	struct delta_base base;
	bool has_base; /* the file is there */
	char id[DELTA_BASE_ID + 1], run[DELTA_BASE_RUN + 1];
	struct delta_key key[DELTA_KEYS];
	size_t n_keys;
	struct buf list;   /* of open keys, as a list of SQL, or of JSON where
			    * a key is parsed; or empty */
	struct buf of;     /* fingerprint of what must not differ */
	struct buf tables; /* names of those there are, each with a NUL */
	const char *why;   /* all rows are read, or NULL */
	bool twice; /* the model runs twice, and rows change in between: there
		     * is a third table */

	bool part;      /* only rows of keys that changed are read */
	uint64_t total; /* rows of the model */
	uint64_t keys;  /* rows of the second table */
	uint64_t missing, unread;
	uint64_t again; /* keys of the third table */
};

/* The options must fit together: ERR_USAGE; ERR_CONFIG where --delta was not
 * tried on that database.
 */
int delta_check(const struct query_options *o, const struct source *s,
		struct err *e) MUST_USE;

/* Reads the file of the state, and gives the run a name. key is an array of
 * columns. ERR_USAGE for more than DELTA_KEYS, and
 * for what is not the name of a schema, ERR_CONFIG, ERR_DENIED, ERR_IO.
 */
int delta_init(struct delta *d, const struct query_options *o, struct slice key,
	       struct err *e) MUST_USE;
void delta_clear(struct delta *d);

/* What must be the same for the hashes of two runs to be compared: reads is the
 * fingerprint of source, model and parameters; recipe says how a row is hashed;
 * types is whatever tells the types of the columns apart.
 */
void delta_fingerprint(struct delta *d, const char *reads, const char *recipe,
		       const struct rows_column *c, size_t n,
		       struct slice types);

/* A table of the schema by its name; others than those of this sync are passed
 * over.
 */
void delta_found(struct delta *d, struct slice name);

/* Whether to compare with the base, whose tables are to be counted then; else
 * d->why says why not.
 */
bool delta_has_base(struct delta *d);

/* Whether keys of the base are open: d->list has them, or else they are all of
 * its second table.
 */
bool delta_is_open(const struct delta *d);

/* Whether the keys of the third table of the base are open. */
bool delta_has_again(const struct delta *d);

/* Where the open keys are looked up: 'k', or 'h' where the run of the base read
 * all rows and has no second table.
 */
char delta_open_in(const struct delta *d);

/* found is the number of keys of the list that are there. Where that is not all
 * of them, all keys of the second table are open, or without one all rows are
 * read.
 */
void delta_listed(struct delta *d, uint64_t found);

/* What was counted in the tables of the base; keys 0 where they are not open.
 * d->part says whether that fits.
 */
void delta_counted(struct delta *d, uint64_t rows, uint64_t keys);

/* Likewise in the third table: of all rows, less the number that is in it. */
void delta_counted_again(struct delta *d, uint64_t n);

/* How many rows were to be found by keys and hashes, and how many were. They
 * differ where the model is not the same twice, as with random().
 */
void delta_held(struct delta *d, uint64_t expected, uint64_t found);

/* The next table, from *at on (0 at first), that no run can need any more: it
 * is older than the base, or of a run whose clock was a day ahead of now, and
 * not the base. Borrowed; NULL behind the last.
 */
const char *delta_leftover(const struct delta *d, size_t *at);

/* The member of the begin line, with a comma before, at the end of b. */
void delta_begin(const struct delta *d, struct buf *b);

/* Those of the end line, likewise. */
void delta_end(const struct delta *d, struct buf *b);

/* What came of it, for people. */
void delta_summary(const struct delta *d, const struct rows *r);

#endif
