/* source.h - where rows come from: the table of drivers.
 *
 * Floor 2 (query). A driver is one file, source_NAME.c, and one row in
 * source.c. It runs one model against one place and gives the rows to rows.h.
 */
#ifndef QUERY_SOURCE_H
#define QUERY_SOURCE_H

#include "core/opt.h"
#include "query/model.h"
#include "query/rows.h"

/* An option that one driver has. */
struct source_option {
	const char *name, *arg, *help; /* as of struct opt; arg NULL: a flag */
};

enum { SOURCE_DRIVERS = 16, SOURCE_OPTIONS = 8 };

/* What the command line says for them, by driver and option. */
struct source_given {
	const char *text[SOURCE_DRIVERS][SOURCE_OPTIONS];
	bool flag[SOURCE_DRIVERS][SOURCE_OPTIONS];
};

struct delta;

/* What a driver is asked for. All is borrowed. */
struct source_job {
	const char *url;     /* whole, "sqlite:a.db" */
	const char *where;   /* behind the scheme and its colon: "a.db" */
	struct model *model; /* NULL for a source without SQL */
	int in;              /* standard input */
	const char *columns; /* -c: "id,price", or NULL */
	/* of the driver's own options, in their order: NULL where one is not
	 * given; of a flag ""
	 */
	const char *option[SOURCE_OPTIONS];
	uint64_t timeout_ms; /* --timeout for the statement; 0: none */
	struct delta *delta; /* --delta (delta.h), or NULL */
};

struct source {
	const char *scheme[4];       /* of its URLs, without the colon */
	const char *help;            /* what follows the scheme, for --help */
	const struct model_sql *sql; /* NULL: the place holds the rows itself,
				      * and takes no model */
	const char *whole; /* the table that no model means, or NULL */
	const char *const
		*tuning;    /* "threads=", ... or NULL: the options behind
			     * the last ? of its URL, which is a sign of
			     * the place elsewhere; they change no row */
	const char *tables; /* SQL: name as -t takes it, kind and rows, if they
			     * are known, of its tables and views; or NULL */
	const struct source_option *options; /* n_options of its own */
	size_t n_options;
	const char *group;   /* whose options they are: "csv: and tsv:" */
	bool fields;         /* its rows are of fields: takes -c */
	bool server;         /* a library talks to a server: standard input is
			      * /dev/null meanwhile */
	const char *lacks;   /* NULL, or the library this build has not */
	const char *library; /* NULL, or the word of core/library.h */

	/* Connects, runs the model and gives all rows. 0 only when the other
	 * side has said that the result is complete; else -1 with *e set:
	 *
	 *     ERR_USAGE    the URL is wrong
	 *     ERR_CONFIG   the model is wrong
	 *     ERR_DATA     the rows are broken
	 *     ERR_INPUT    there is no such file
	 *     ERR_REFUSED  cannot connect, or the connection was lost
	 *     ERR_TEMP     time limit, lock, too busy
	 *     ERR_DENIED   not allowed
	 *     any          of rows.h
	 */
	int (*run)(const struct source_job *job, struct rows *rows,
		   struct err *e);
};

/* The driver of a URL, or NULL with *e set: ERR_USAGE, and ERR_CONFIG where
 * this build lacks its library.
 */
const struct source *source_find(const char *url, struct err *e);

/* Prints all of them, for --help. */
void source_print(void);

/* The schemes of all of them, "csv:|ndjson:", at the end of b. */
void source_schemes(struct buf *b);

/* Whether a source is one of those that RudderStack or dbt calls so
 * ("postgres", "snowflake"), as far as is known: ODBC may be any.
 */
bool source_is(const struct source *s, const char *definition);

/* The rows of all drivers' own options, grouped, whose values go to g. Returns
 * their number, at most max.
 */
size_t source_options(struct opt *row, size_t max, struct source_given *g);

/* Takes the values of the driver's own options: 0, or -1 with ERR_USAGE where
 * one is given that another driver has.
 */
int source_take(const struct source *s, const struct source_given *g,
		const char **option, struct err *e) MUST_USE;

/* What names the place in the fingerprint of a run: the URL without password
 * and options, at the end of b.
 */
void source_name(struct buf *b, const char *url);

/* Whether the URL holds a password. */
bool source_has_password(const char *url);

#endif
