/* query.h - rudder-query: reads the rows of a model, as lines of JSON.
 *
 * Floor 2 (query). Writes the stream "rows" of rudder-stream(5): a begin line,
 * the rows and, only after the source has reported that they are all, an end
 * line.
 */
#ifndef QUERY_QUERY_H
#define QUERY_QUERY_H

#include "core/err.h"
#include "core/opt.h"
#include "query/source.h"

/* The options of the command; texts are borrowed. */
struct query_options {
	const char *source;             /* URL; NULL: $RUDDER_SOURCE */
	const char *sql, *table, *file; /* the model: at most one */
	const char *dbt, *project; /* a dbt manifest, or a rudder-cli project */
	const char *model;         /* name of the model in it */
	const char *table_columns; /* columns of the table: "a,b"; NULL: all */
	const char *cursor, *since; /* the cursor, and the value to begin at; or
				     * NULL */
	const char *cursor_state;   /* folder of the state with that value, or
				     * NULL */
	const char *if_changed;     /* SQL of --if-changed, or NULL */
	bool full;                  /* read all rows, whatever the state has */
	const char *overlap;        /* begin this much earlier: "100", "10m", or
				     * NULL */
	struct opt_list params;     /* "name=value" for :name */
	const char *key;            /* -k: "a,b", or NULL */
	const char *partition;      /* "0/4", or NULL */
	const char *partition_by;   /* "text", "number", or NULL */
	const char *delta;          /* schema of --delta, or NULL */
	bool delta_all;             /* read all rows, and begin a new base */
	struct source_given given;  /* values of the drivers' own options */
	const char *max_rejects;    /* "N" or "N%"; NULL: none */
	const char *stats;          /* file for the counts, or NULL */
	const char *end_file; /* file for a copy of the end line, or NULL */
	uint64_t limit;       /* rows; UINT64_MAX: all */
	uint64_t timeout_ms;  /* limit of the statement; 0: none */
	bool legacy;          /* decimals as strings */
	bool columns;         /* list the columns instead of rows */
	bool tables;          /* list the tables of the source */
	bool check;           /* test the source and the model, without rows */
};

#define QUERY_DEFAULTS ((struct query_options){.limit = UINT64_MAX})

/* Runs rudder-query. `in` is read if a source or a model is "-"; closes out.
 * Returns 0, or -1 with *e set: ERR_PARTIAL if some rows were rejected, but not
 * more than allowed; or as source.h, model.h and rows.h.
 */
int query_run(const struct query_options *o, int in, int out,
	      struct err *e) MUST_USE;

#endif
