/* trpage.h - one page of a Trino result.
 *
 * Floor 2 (query). A page is a JSON object without line feeds: "id", "stats",
 * and as they come "columns", "data" (an array of rows, which are arrays),
 * "nextUri" and "error". No tree is built of it.
 */
#ifndef QUERY_TRINO_TRPAGE_H
#define QUERY_TRINO_TRPAGE_H

#include "core/buf.h"
#include "core/err.h"
#include "wire/json/scan.h"

/* Slices are parts of the page's text; p is NULL for what it has not. */
struct trpage {
	struct slice next; /* between its quotes */
	struct slice columns, data, error;

	/* ours; all-zero before the first page */
	struct scan *scan;
	struct buf scratch;
};

/* Takes a page apart; READER_PAD bytes of NUL must be behind it. ERR_PROTOCOL
 * if it is invalid. trpage_clear frees what is ours.
 */
int trpage_read(struct trpage *p, struct slice text, struct err *e) MUST_USE;
void trpage_clear(struct trpage *p);

/* The error of a page that has one, in *e; returns -1. */
int trpage_failed(struct trpage *p, struct err *e);

/* The name and the type of a column, an element of columns, at the end of
 * these, whose p is not NULL then, also where the name is empty. ERR_PROTOCOL.
 */
int trpage_column(struct trpage *p, struct slice column, struct buf *name,
		  struct buf *type, struct err *e) MUST_USE;

/* The first element of an array at *at, and from then on the next one, which is
 * at *at and must be passed by the caller (span_value): true, or false at the
 * end of the array.
 */
bool trpage_first(const char **at);
bool trpage_next(const char **at);

#endif
