/* delta_steps.h - the steps of --delta that are the same on all databases.
 *
 * Floor 2 (query). A driver says how it runs a statement; these make the
 * statements (delta_sql.h), in their order, and keep what they find in struct
 * delta. All but delta_steps_drop fail as the statements do.
 */
#ifndef QUERY_DELTA_STEPS_H
#define QUERY_DELTA_STEPS_H

#include "query/delta_sql.h"

/* All of it is borrowed. */
struct delta_steps {
	struct delta *d;
	const struct model_sql *sql;
	const struct model *model; /* blamed where it fails */
	struct slice text;         /* of it, as it runs */
	const char *hash;          /* see delta_sql.h */
	void *ctx;                 /* of the functions */

	/* the number that a statement gives, or of rows that CREATE TABLE AS
	 * has made
	 */
	int (*count)(void *ctx, const char *text, uint64_t *n, struct err *e);
	/* the same, but 0 where the statement fails */
	int (*try)(void *ctx, const char *text, uint64_t *n, struct err *e);
	int (*command)(void *ctx, const char *text, struct err *e);
};

/* Whether the tables of the base are whole, where there is one; d->part says
 * whether it can be used.
 */
int delta_steps_base(const struct delta_steps *s, struct err *e) MUST_USE;

/* Makes the table of hashes, and the table of keys that changed. */
int delta_steps_hashes(const struct delta_steps *s, struct err *e) MUST_USE;
int delta_steps_keys(const struct delta_steps *s, struct err *e) MUST_USE;

/* How many rows are to be read, by keys and hashes; how many have no key; and
 * how many keys are missing, for d.
 */
int delta_steps_expect(const struct delta_steps *s, uint64_t *expected,
		       uint64_t *keyless, struct err *e) MUST_USE;

/* Makes a temporary table of the rows that are to leave, which is named so. */
int delta_steps_hold(const struct delta_steps *s, const char *table,
		     struct err *e) MUST_USE;

/* Drops what no run can need any more, each with words before its DROP TABLE.
 * The run is done whether it succeeds or not: the next one tries again.
 */
void delta_steps_drop(const struct delta_steps *s, const char *before);

#endif
