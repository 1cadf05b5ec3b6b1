/* model.h - reads, checks and wraps the SELECT statement of a model.
 *
 * Floor 2 (query). A model is one SELECT from a file, from the command line, or
 * made from the name of a table. It is split into tokens only as far as needed
 * to put it safely inside another statement. Where comments, strings and quoted
 * names end depends on the database (struct model_sql).
 */
#ifndef QUERY_MODEL_H
#define QUERY_MODEL_H

#include "core/buf.h"
#include "core/err.h"
#include "core/opt.h"

#define MODEL_MAX ((size_t)1024 * 1024) /* maximum bytes of a model file */

/* The syntax of a database's SQL: strings, names, comments and parameters. */
struct model_sql {
	char quote;           /* quote around a name: '"' or '`' */
	bool nested_comments; /* comments within comments */
	bool dollar_quotes;   /* $tag$ ... $tag$ and E'\'' are strings */
	bool backslash;       /* backslash escapes in every string */
	bool hash_comments;   /* # begins a comment */
	bool dash_blank;      /* -- begins one only before a blank: 5--1 is 6 */
	bool brackets;        /* [name] is a quoted name */
	bool bare;            /* remove comments, which break a driver */
	char param;           /* sign of a parameter: $1, ?1 or ? */
	bool numbered;
	const char *marks; /* "?$": signs that only ever begin a parameter;
			    * NULL: none */
	bool only_params;  /* a colon before a name does so, too: no a[1:n] */
	bool braces;       /* a parameter is {name:String}; {name:Type} may be
			    * in the model */
	bool nulls_first;  /* nulls are first in ORDER BY */
	bool blank_times;  /* times are written "2024-01-03 10:00:00", without T
			    * and Z */
	const struct part_sql *part; /* for --partition; NULL: not supported */
	bool delta;                  /* the driver supports --delta */
	bool own_cursor;             /* the driver builds the SELECT of
				      * model_since itself from base, because
				      * values need their types */
};

/* -P name=value: :name in the model means the value. */
struct model_param {
	struct slice name;
	const char *value;
	bool used;
	bool number; /* bind it as a number, if the database needs types */
};

/* The source of the model: exactly one of file, sql and table is set. */
struct model_from {
	const char *file; /* "-": standard input */
	const char *sql;
	const char *table;   /* t, s.t or d.s.t; parts may be in "..." */
	const char *columns; /* columns of the table: a,b or NULL for all */
	struct model_param *param; /* n entries, and room for one more */
	size_t n;
};

/* A place of a parameter in the text of a model. */
struct model_use {
	size_t at, n; /* offset and length of ? or $1 */
	size_t param; /* index of the parameter */
};

struct model {
	struct buf text;    /* one statement, without semicolon */
	struct buf meaning; /* text that is equal for two models that mean the
			     * same: as given, without comments, white space
			     * and the digits in names of files */
	const char *name;   /* for messages; borrowed */
	struct model_param *param; /* as in model_from: $1 is param[0] */
	size_t n;
	struct model_use *use; /* `uses` places of parameters, in order */
	size_t uses;
	bool given; /* given as SQL, not as the name of a table */
	bool tight; /* a comment without a blank after -- was removed */

	struct buf base;            /* the text before model_since */
	size_t base_n, base_uses;   /* n and uses before model_since */
	size_t base_at;             /* offset of base in the text */
	const char *cursor, *since; /* of model_since; borrowed, or NULL */
	bool nulls_last;            /* of model_since */
	const char *compare; /* SQL function to apply to both sides of the
			      * comparison, or NULL; a driver sets it, then
			      * calls model_since again */
};

/* Reads and checks a model, and replaces the names of given parameters by the
 * database's own parameters; values are never pasted. ERR_INPUT if there is no
 * such file, ERR_USAGE for a parameter that the model does not use, otherwise
 * ERR_CONFIG: not one SELECT, an unterminated string or comment, unbalanced
 * parentheses. Free with model_clear, also after an error.
 */
int model_read(struct model *m, const struct model_from *from,
	       const struct model_sql *sql, struct err *e) MUST_USE;
void model_clear(struct model *m);

/* Selects only the rows for which an SQL condition holds. Call before
 * model_since.
 */
void model_where(struct model *m, struct slice condition);

/* Orders the rows by a column, with nulls last if nulls_last (for --limit), and
 * selects only those at or above since, or null. since is borrowed; NULL for
 * all rows. May be called again with another value.
 */
void model_since(struct model *m, const struct model_sql *sql,
		 const char *column, const char *since, bool nulls_last);

/* Appends a quoted name. */
void model_quote(struct buf *b, const struct model_sql *sql, struct slice name);

#endif
