/* source.h - the table of drivers, from which rows are read.
 *
 * Floor 2 (query). A driver is one file, source_NAME.c, and one row in
 * source.c. It runs one model on one source and passes the rows to rows.h.
 */
#ifndef QUERY_SOURCE_H
#define QUERY_SOURCE_H

#include "core/opt.h"
#include "query/model.h"
#include "query/rows.h"

/* An option of one driver. */
struct source_option {
	const char *name, *arg, *help; /* as in struct opt; arg NULL: a flag */
};

enum { SOURCE_DRIVERS = 16, SOURCE_OPTIONS = 8 };

/* The values of the drivers' options on the command line, by driver and option.
 */
struct source_given {
	const char *text[SOURCE_DRIVERS][SOURCE_OPTIONS];
	bool flag[SOURCE_DRIVERS][SOURCE_OPTIONS];
};

struct delta;

/* What a driver is to do. Everything is borrowed. */
struct source_job {
	const char *url;     /* the whole URL: "sqlite:a.db" */
	const char *where;   /* after the scheme and its colon: "a.db" */
	struct model *model; /* NULL for a source without SQL */
	int in;              /* standard input */
	const char *columns; /* -c: "id,price", or NULL */
	/* values of the driver's own options, in their order: NULL for one that
	 * is not given; "" for a flag
	 */
	const char *option[SOURCE_OPTIONS];
	uint64_t timeout_ms; /* --timeout; 0: none */
	struct delta *delta; /* --delta (delta.h), or NULL */
};

struct source {
	const char *scheme[4]; /* schemes of its URLs, without the colon */
	const char *help;      /* what follows the scheme, for --help */
	const struct model_sql *sql; /* NULL: the source is the rows itself, and
				      * takes no model */
	const char *whole; /* the table that is read without a model, or NULL */
	const char *const *tuning; /* "threads=", ... or NULL: a ? in the URL
				    * begins options only before one of these,
				    * otherwise it belongs to the file's name */
	const char *tables; /* SQL of its tables and views: name as -t takes it,
			     * kind, and rows if known; or NULL */
	const struct source_option *options; /* its own options, n_options of
					      * them */
	size_t n_options;
	const char *group; /* in messages about its options: "csv: and tsv:" */
	bool fields;       /* its rows have fields, so it takes -c */
	bool server;       /* a library connects to a server, with /dev/null
			    * as standard input */
	const char *lacks; /* NULL, or the package that this build lacks */
	const char *library; /* NULL, or the name in core/library.h */

	/* Connects, runs the model and passes on all rows. Returns 0 only after
	 * the source has reported that the result is complete; otherwise -1
	 * with *e set:
	 *
	 *     ERR_USAGE    the URL is wrong
	 *     ERR_CONFIG   the model is wrong
	 *     ERR_DATA     the rows are invalid
	 *     ERR_INPUT    there is no such file
	 *     ERR_REFUSED  cannot connect, or the connection was lost
	 *     ERR_TEMP     time limit, lock, too busy
	 *     ERR_DENIED   not allowed
	 *     any          of rows.h
	 */
	int (*run)(const struct source_job *job, struct rows *rows,
		   struct err *e);
};

/* Finds the driver of a URL, or NULL with *e set: ERR_USAGE, or ERR_CONFIG if
 * this build lacks its library.
 */
const struct source *source_find(const char *url, struct err *e);

/* Prints all drivers, for --help. */
void source_print(void);

/* Appends the schemes of all drivers to b: "csv:|ndjson:". */
void source_schemes(struct buf *b);

/* Whether the source is what RudderStack or dbt calls definition ("postgres",
 * "snowflake"), as far as is known. True for ODBC, which may be any.
 */
bool source_is(const struct source *s, const char *definition);

/* Fills row with the options of all drivers, grouped, whose values go to g.
 * Returns their number, at most max.
 */
size_t source_options(struct opt *row, size_t max, struct source_given *g);

/* Sets option to the values of the driver's own options. Returns 0, or -1 with
 * ERR_USAGE if an option of another driver is given.
 */
int source_take(const struct source *s, const struct source_given *g,
		const char **option, struct err *e) MUST_USE;

/* Appends the source's name for the fingerprint of a run: the URL without
 * password and options.
 */
void source_name(struct buf *b, const char *url);

/* Whether the URL holds a password. */
bool source_has_password(const char *url);

#endif
