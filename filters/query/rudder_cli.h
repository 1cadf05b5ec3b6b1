/* rudder_cli.h - the model of a rudder-cli project.
 *
 * Floor 2 (query). RudderStack's own retl-source-sql-model and
 * retl-source-table, see wire/settings/project.h. The account is not read: the
 * source is ours to name.
 */
#ifndef QUERY_RUDDER_CLI_H
#define QUERY_RUDDER_CLI_H

#include "core/buf.h"
#include "core/err.h"
#include "query/listing.h"

/* What to run: one of the first two is not empty. All are texts. */
struct rudder_cli {
	struct buf sql;        /* a SELECT, NUL behind it */
	struct buf table;      /* or the name of a table, as -t takes it */
	struct buf key;        /* the column of primary_key */
	struct buf definition; /* source_definition: "postgres", or empty */
	/* of its connections, or empty if there is none, or they differ */
	struct buf mode, cursor;
};

/* The model of that id, or without one the only one of the project. ERR_INPUT
 * where there is no such project or file of SQL, ERR_CONFIG where the model is
 * not there, has unknown keys, or is not of this kind of warehouse (S3).
 * rudder_cli_clear it in any case.
 */
int rudder_cli_model(struct rudder_cli *r, const char *path, const char *id,
		     struct err *e) MUST_USE;

/* All models and tables of the project, in its order. ERR_INPUT, ERR_CONFIG. */
int rudder_cli_list(const char *path, listing_fn *put, void *ctx,
		    struct err *e) MUST_USE;

void rudder_cli_clear(struct rudder_cli *r);

#endif
