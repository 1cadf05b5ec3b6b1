/* listing.h - lists the models of a project or manifest as rows, for --tables.
 *
 * Floor 2 (query). It is a source, so that these rows are handled like any
 * others: name as --model takes it, kind, key and definition.
 */
#ifndef QUERY_LISTING_H
#define QUERY_LISTING_H

#include "query/source.h"

/* JSON values; empty for null. Borrowed. */
struct listed_model {
	struct slice name, kind;
	struct slice key;        /* an array of columns */
	struct slice definition; /* the kind of database it is for */
};

/* Takes one model. Returns 0, or -1 with *e set. */
typedef int listing_fn(void *ctx, const struct listed_model *x, struct err *e);

/* job->where is the project, or the dbt manifest. */
extern const struct source listing_project, listing_dbt;

#endif
