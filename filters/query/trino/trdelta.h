/* trdelta.h - --delta on Trino: rows that are read at another time than their
 * hashes.
 *
 * Floor 2 (query). The hash of a row is that of the texts of its values, as an
 * array of JSON, so it is as fine as the values are: of a time with a zone the
 * moment and the zone count, of a map the order.
 *
 * Each statement is a transaction of its own, and sees other rows than the one
 * before. So a row is read only where the first table has its key, together
 * with the hash that it has then. These are added up, by a hash of the key in
 * GROUPS sums. Where a sum is not that of the tables, all keys of that group go
 * into a third table (delta.h), and the next run reads them again.
 */
#ifndef QUERY_TRINO_TRDELTA_H
#define QUERY_TRINO_TRDELTA_H

#include "query/delta_steps.h"
#include "query/trino/trstatement.h"
#include "query/trino/trtype.h"

#ifdef WITH_CURL

/* All-zero but for the first six, which are borrowed. */
struct trdelta {
	struct trstatement *s;
	struct delta *d;
	const struct model *model;
	const struct rows_column *head; /* n of them, as the one below */
	struct trtype *const *type;
	size_t n;

	struct buf hash;  /* its SQL */
	uint64_t keyless; /* rows without a key */
	uint64_t *sum;    /* of the hashes that came */
};

/* Whether the columns, the key and the schema are fit for it, before anything
 * is made. ERR_USAGE, ERR_CONFIG, and as trstatement.h.
 */
int trdelta_check(struct trdelta *x, struct err *e) MUST_USE;

/* For --check: whether a table can be made. */
int trdelta_try(struct trdelta *x, struct err *e) MUST_USE;

/* Makes the tables; reads as in delta_fingerprint. */
int trdelta_make(struct trdelta *x, const char *reads, struct err *e) MUST_USE;

/* The SELECT for the rows, at the end of b: the hash, the group, then the
 * columns; and for the missing keys.
 */
void trdelta_rows(const struct trdelta *x, struct buf *b);
void trdelta_missing(const struct trdelta *x, struct buf *b);

/* A row has come, also one that is rejected: ERR_PROTOCOL where hash and group,
 * as JSON, are none.
 */
int trdelta_came(struct trdelta *x, struct slice hash, struct slice group,
		 struct err *e) MUST_USE;

/* After all rows: makes the third table, and drops what no run needs. */
int trdelta_end(struct trdelta *x, struct err *e) MUST_USE;

void trdelta_clear(struct trdelta *x);

#endif
#endif
