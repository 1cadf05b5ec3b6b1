/* rudder_cli.h - reads the model of a rudder-cli project.
 *
 * Floor 2 (query). Reads RudderStack's retl-source-sql-model and
 * retl-source-table, see wire/settings/project.h. The account is not read: the
 * source is given to rudder-query.
 */
#ifndef QUERY_RUDDER_CLI_H
#define QUERY_RUDDER_CLI_H

#include "core/buf.h"
#include "core/err.h"
#include "query/listing.h"

/* The model: either sql or table is not empty. */
struct rudder_cli {
	struct buf sql;        /* a SELECT, followed by a NUL */
	struct buf table;      /* or the name of a table, as -t takes it */
	struct buf key;        /* the column of primary_key */
	struct buf definition; /* source_definition: "postgres", or empty */
	/* of its connections; empty without connections, or if they differ */
	struct buf mode, cursor;
};

/* Reads the model with this id or, if id is NULL, the only one of the project.
 * ERR_INPUT if there is no such project or SQL file, ERR_CONFIG if the model
 * does not exist, has unknown keys, or is not of a database (S3). Free with
 * rudder_cli_clear, also after an error.
 */
int rudder_cli_model(struct rudder_cli *r, const char *path, const char *id,
		     struct err *e) MUST_USE;

/* Lists all models and tables of the project, in its order. ERR_INPUT,
 * ERR_CONFIG.
 */
int rudder_cli_list(const char *path, listing_fn *put, void *ctx,
		    struct err *e) MUST_USE;

void rudder_cli_clear(struct rudder_cli *r);

#endif
