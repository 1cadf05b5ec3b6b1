/* trdelta.h - --delta on Trino, where the rows are read after their hashes.
 *
 * Floor 2 (query). A row is hashed as the texts of its values in a JSON array,
 * so the hash is as fine as the values: for a time with a zone the instant and
 * the zone count, for a map the order.
 *
 * Each statement is a transaction of its own and may see other rows than the
 * one before. So a row is read only if the first table has its key, together
 * with its hash at that time. These hashes are added up in GROUPS sums, by a
 * hash of the key. If a sum differs from that of the tables, all keys of its
 * group go into a third table (delta.h), and the next run reads them again.
 */
#ifndef QUERY_TRINO_TRDELTA_H
#define QUERY_TRINO_TRDELTA_H

#include "query/delta_steps.h"
#include "query/trino/trstatement.h"
#include "query/trino/trtype.h"

#ifdef WITH_CURL

/* The caller sets the members up to n, which are borrowed; the rest starts
 * all-zero.
 */
struct trdelta {
	struct trstatement *s;
	struct delta *d;
	const struct model *model;
	const struct rows_column *head; /* n entries, like type */
	struct trtype *const *type;
	size_t n;

	struct buf hash;  /* SQL of the hash of a row */
	uint64_t keyless; /* number of rows without a key */
	uint64_t *sum;    /* GROUPS sums of the hashes received */
};

/* Checks the columns, the key and the schema before anything is created.
 * ERR_USAGE, ERR_CONFIG, or as trstatement.h.
 */
int trdelta_check(struct trdelta *x, struct err *e) MUST_USE;

/* For --check: creates and drops a table. */
int trdelta_try(struct trdelta *x, struct err *e) MUST_USE;

/* Makes the tables. reads is as in delta_fingerprint. */
int trdelta_make(struct trdelta *x, const char *reads, struct err *e) MUST_USE;

/* Append to b the SELECT of the rows (hash, group, then the columns), and that
 * of the missing keys.
 */
void trdelta_rows(const struct trdelta *x, struct buf *b);
void trdelta_missing(const struct trdelta *x, struct buf *b);

/* Takes the hash and group of a row received, also of one that is rejected, as
 * JSON. ERR_PROTOCOL if they are invalid.
 */
int trdelta_came(struct trdelta *x, struct slice hash, struct slice group,
		 struct err *e) MUST_USE;

/* After all rows: makes the third table, and drops the tables that no run needs
 * any more.
 */
int trdelta_end(struct trdelta *x, struct err *e) MUST_USE;

void trdelta_clear(struct trdelta *x);

#endif
#endif
