/* csvheader.h - the columns of a CSV file: names, types and selection.
 *
 * Floor 2 (query).
 */
#ifndef QUERY_FILE_CSVHEADER_H
#define QUERY_FILE_CSVHEADER_H

#include "query/file/csvtype.h"
#include "query/source.h"

/* What the command line says of the columns; NULL where nothing. */
struct csvheader_options {
	const char *names;   /* of all columns: "id,price" */
	const char *columns; /* the wanted ones: "id,price" */
	const char *types;   /* "id=int,price=decimal" */
	bool no_header;
};

struct csvheader_column {
	const char *name;
	const struct csvtype *type;
	size_t out; /* its number among the wanted, or SIZE_MAX */
};

struct csvheader {
	struct buf text; /* names of column, each with its NUL */
	struct csvheader_column *column;
	size_t n;
};

/* The n columns of a file whose first record is names, each with its NUL: what
 * --names, --no-header, -c and --types make of them. 0, or -1 with *e set:
 *
 *     ERR_USAGE   a list is broken
 *     ERR_CONFIG  a wanted column has no name, or that of another; a column of
 *                 a list is not there; --names has another number of names
 */
int csvheader_make(struct csvheader *h, const struct csvheader_options *o,
		   const char *names, size_t n, struct err *e) MUST_USE;
void csvheader_clear(struct csvheader *h);

/* Gives the wanted columns to rows_begin, and returns what it does. */
int csvheader_begin(const struct csvheader *h, struct rows *rows,
		    struct err *e) MUST_USE;

#endif
