/* trrows.h - reads the columns and rows of a Trino result, page by page.
 *
 * Floor 2 (query).
 */
#ifndef QUERY_TRINO_TRROWS_H
#define QUERY_TRINO_TRROWS_H

#include "query/rows.h"
#include "query/trino/trpage.h"
#include "query/trino/trtype.h"
#include "query/trino/trvalue.h"

#ifdef WITH_CURL

struct trdelta;

struct trrows {
	struct rows *rows;    /* borrowed */
	struct trtype **type; /* of the n columns, once known */
	struct rows_column *head;
	struct buf *name;
	size_t n;
	struct trvalue_work work;
	struct trdelta *delta; /* set while rows start with their hash and
				* group; borrowed */
};

void trrows_init(struct trrows *t, struct rows *rows);

/* Takes the columns of a page. ERR_CONFIG, ERR_PROTOCOL. trrows_forget drops
 * them.
 */
int trrows_columns(struct trrows *t, struct trpage *page,
		   struct err *e) MUST_USE;
void trrows_forget(struct trrows *t);

/* Writes the rows of a page. Returns 1 to go on, 0 when no more rows are
 * wanted, or -1.
 */
int trrows_put(struct trrows *t, struct trpage *page, struct err *e) MUST_USE;

void trrows_clear(struct trrows *t);

#endif
#endif
