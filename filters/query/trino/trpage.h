/* trpage.h - parses one page of a Trino result.
 *
 * Floor 2 (query). A page is a JSON object without line feeds: "id", "stats"
 * and, if present, "columns", "data" (an array of rows, which are arrays),
 * "nextUri" and "error". No tree is built.
 */
#ifndef QUERY_TRINO_TRPAGE_H
#define QUERY_TRINO_TRPAGE_H

#include "core/buf.h"
#include "core/err.h"
#include "wire/json/scan.h"

/* The slices are parts of the page's text; p is NULL for a missing member. */
struct trpage {
	struct slice next; /* nextUri, without its quotes */
	struct slice columns, data, error;

	/* private; all-zero before the first page */
	struct scan *scan;
	struct buf scratch;
};

/* Parses a page, which must be followed by READER_PAD NUL bytes. ERR_PROTOCOL
 * if it is invalid. trpage_clear frees p's memory.
 */
int trpage_read(struct trpage *p, struct slice text, struct err *e) MUST_USE;
void trpage_clear(struct trpage *p);

/* Sets *e to the error of the page, which must have one. Returns -1. */
int trpage_failed(struct trpage *p, struct err *e);

/* Appends the name and the type of a column, an element of columns. Their p is
 * then not NULL, even for an empty name. ERR_PROTOCOL.
 */
int trpage_column(struct trpage *p, struct slice column, struct buf *name,
		  struct buf *type, struct err *e) MUST_USE;

/* Move *at to the first element of the array at *at, or, after an element that
 * the caller has skipped (span_value), to the next one. False at the end of the
 * array.
 */
bool trpage_first(const char **at);
bool trpage_next(const char **at);

#endif
