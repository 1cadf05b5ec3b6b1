/* query.h - rudder-query: the rows of a model, as lines of JSON.
 *
 * Floor 2 (query). Writes the stream "rows" of rudder-stream(5): begin, the
 * rows, and end only after the source has said that they are all.
 */
#ifndef QUERY_QUERY_H
#define QUERY_QUERY_H

#include "core/err.h"
#include "core/opt.h"
#include "query/source.h"

/* What the command line says; texts are borrowed. */
struct query_options {
	const char *source;             /* URL; NULL: $RUDDER_SOURCE */
	const char *sql, *table, *file; /* the model: at most one */
	const char *dbt, *project;  /* a manifest, or a rudder-cli project */
	const char *model;          /* the name of the model in it */
	const char *table_columns;  /* of the table: "a,b"; NULL: all */
	const char *cursor, *since; /* only rows from a value on, or NULL */
	const char *cursor_state;   /* folder with that value, or NULL */
	const char *if_changed;     /* SQL of --if-changed, or NULL */
	bool full;                  /* all rows, whatever the state has */
	const char *overlap;      /* so much before it: "100", "10m", or NULL */
	struct opt_list params;   /* "name=value" for :name */
	const char *key;          /* -k: "a,b", or NULL */
	const char *partition;    /* "0/4", or NULL */
	const char *partition_by; /* "text", "number", or NULL */
	const char *delta;        /* schema of --delta, or NULL */
	bool delta_all;           /* read all rows, and begin a new base */
	struct source_given given; /* for the drivers' own options */
	const char *max_rejects;   /* "N" or "N%"; NULL: none */
	const char *stats;         /* file for the counts, or NULL */
	const char *end_file; /* file for a copy of the end line, or NULL */
	uint64_t limit;       /* rows; UINT64_MAX: all */
	uint64_t timeout_ms;  /* of the statement; 0: none */
	bool legacy;          /* decimals as strings */
	bool columns;         /* list the columns, no rows */
	bool tables;          /* the rows are the tables of the source */
	bool check;           /* try the source and the model, no rows */
};

#define QUERY_DEFAULTS ((struct query_options){.limit = UINT64_MAX})

/* Runs it, from in (where a source or a model is "-") to out, which it
 * closes. 0, or -1 with *e set: ERR_PARTIAL when some rows were refused but
 * not more than allowed; as source.h, model.h and rows.h say.
 */
int query_run(const struct query_options *o, int in, int out,
	      struct err *e) MUST_USE;

#endif
