/* delta_steps.h - the steps of --delta that are the same for all databases.
 *
 * Floor 2 (query). The driver provides functions that run a statement. These
 * functions build the statements (delta_sql.h), run them in order, and store
 * the results in struct delta. All except delta_steps_drop fail if a statement
 * fails.
 */
#ifndef QUERY_DELTA_STEPS_H
#define QUERY_DELTA_STEPS_H

#include "query/delta_sql.h"

/* All of it is borrowed. */
struct delta_steps {
	struct delta *d;
	const struct model_sql *sql;
	const struct model *model; /* named in errors of its SQL */
	struct slice text;         /* the model's text as it runs */
	const char *hash;          /* see delta_sql.h */
	void *ctx;                 /* passed to the functions */

	/* Runs a statement and sets *n to the number that it returns or, for
	 * CREATE TABLE AS, to the number of rows created.
	 */
	int (*count)(void *ctx, const char *text, uint64_t *n, struct err *e);
	/* The same, but *n is 0 if the statement fails. */
	int (*try)(void *ctx, const char *text, uint64_t *n, struct err *e);
	int (*command)(void *ctx, const char *text, struct err *e);
};

/* Checks whether the tables of the base are complete, if there is a base.
 * d->part is then whether it can be used.
 */
int delta_steps_base(const struct delta_steps *s, struct err *e) MUST_USE;

/* Make the table of hashes, and the table of changed keys. */
int delta_steps_hashes(const struct delta_steps *s, struct err *e) MUST_USE;
int delta_steps_keys(const struct delta_steps *s, struct err *e) MUST_USE;

/* Counts the rows expected by keys and hashes, the rows without a key and, in
 * d, the missing keys.
 */
int delta_steps_expect(const struct delta_steps *s, uint64_t *expected,
		       uint64_t *keyless, struct err *e) MUST_USE;

/* Makes the temporary table `table` of the rows to send. */
int delta_steps_hold(const struct delta_steps *s, const char *table,
		     struct err *e) MUST_USE;

/* Drops the tables that no run needs any more; `before` goes before each DROP
 * TABLE. A failure is only logged, because the next run tries again.
 */
void delta_steps_drop(const struct delta_steps *s, const char *before);

#endif
