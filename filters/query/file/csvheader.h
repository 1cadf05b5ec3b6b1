/* csvheader.h - decides the columns of a CSV file: their names, types and
 * selection.
 *
 * Floor 2 (query).
 */
#ifndef QUERY_FILE_CSVHEADER_H
#define QUERY_FILE_CSVHEADER_H

#include "query/file/csvtype.h"
#include "query/source.h"

/* The options about columns; NULL if not given. */
struct csvheader_options {
	const char *names;   /* names of all columns: "id,price" */
	const char *columns; /* selected columns: "id,price" */
	const char *types;   /* "id=int,price=decimal" */
	bool no_header;
};

struct csvheader_column {
	const char *name;
	const struct csvtype *type;
	size_t out; /* index among the selected columns, or SIZE_MAX */
};

struct csvheader {
	struct buf text; /* names of the columns, each with its NUL */
	struct csvheader_column *column;
	size_t n;
};

/* Makes the n columns from the fields of the first record (names, each with its
 * NUL) and the options. Returns 0, or -1 with *e set:
 *
 *     ERR_USAGE   a list is malformed
 *     ERR_CONFIG  a selected column has no name or a duplicate one; a listed
 *                 column does not exist; --names has a different number of
 *                 names
 */
int csvheader_make(struct csvheader *h, const struct csvheader_options *o,
		   const char *names, size_t n, struct err *e) MUST_USE;
void csvheader_clear(struct csvheader *h);

/* Calls rows_begin with the selected columns, and returns its result. */
int csvheader_begin(const struct csvheader *h, struct rows *rows,
		    struct err *e) MUST_USE;

#endif
