/* model.h - the SELECT statement of a model: read, checked and wrapped.
 *
 * Floor 2 (query). A model is one SELECT from a file, from the command line,
 * or made from the name of a table. It is read as tokens only as far as
 * needed to run it safely inside a statement of ours: where comments, strings
 * and quoted names end differs from one SQL to another (struct model_sql).
 */
#ifndef QUERY_MODEL_H
#define QUERY_MODEL_H

#include "core/buf.h"
#include "core/err.h"
#include "core/opt.h"

#define MODEL_MAX ((size_t)1024 * 1024) /* bytes of a model file */

/* How a kind of SQL writes strings, names and comments. */
struct model_sql {
	char quote;           /* around a name: '"' or '`' */
	bool nested_comments; /* comments within comments */
	bool dollar_quotes;   /* $tag$ ... $tag$ and E'\'' */
	bool backslash;       /* escapes in every string */
	bool hash_comments;   /* # to the end of the line; -- needs a blank */
	bool brackets;        /* [name] */
	bool bare;  /* comments are left out: a driver trips on them */
	char param; /* what a parameter is: $1, ?1 or ? */
	bool numbered;
	const char *marks; /* "?$": signs that begin a parameter and nothing
			    * else; NULL: none */
	bool only_params;  /* and so does a colon before a name: no a[1:n] */
	bool braces;       /* it is {name:String}, and {name:Type} is one too */
	bool nulls_first;  /* in ORDER BY */
	bool blank_times;  /* "2024-01-03 10:00:00", no T and no Z */
	const struct part_sql *part; /* --partition; NULL: not known here */
	bool delta;                  /* the driver knows --delta */
	bool own_cursor;             /* values need their types: the driver
				      * makes what model_since asks for, from base */
};

/* -P name=value: the model says :name where the value goes. */
struct model_param {
	struct slice name;
	const char *value;
	bool used;
	bool number; /* to be bound as one where types are of values */
};

/* Where the model comes from: exactly one is set. */
struct model_from {
	const char *file; /* "-": standard input */
	const char *sql;
	const char *table;         /* t, s.t or d.s.t; parts may be in "..." */
	const char *columns;       /* of the table: a,b or NULL for all */
	struct model_param *param; /* n of them and room for one more */
	size_t n;
};

/* Where a parameter stands in the text of a model. */
struct model_use {
	size_t at, n; /* offset and length of ? or $1 */
	size_t param; /* its index */
};

struct model {
	struct buf text;    /* one statement, without its semicolon */
	struct buf meaning; /* as given, by which two models are the same:
			     * without comments, white space and the digits
			     * in names of files */
	const char *name;   /* for messages; borrowed */
	struct model_param *param; /* as given: $1 is param[0] */
	size_t n;
	struct model_use *use; /* where they stand, in turn: uses of them */
	size_t uses;
	bool given; /* as SQL, not as the name of a table */

	struct buf base;            /* the text before model_since */
	size_t base_n, base_uses;   /* n and uses before model_since */
	size_t base_at;             /* where base is in the text */
	const char *cursor, *since; /* of model_since; borrowed, or NULL */
	bool nulls_last;            /* likewise */
	const char *compare; /* the function of both that compares them, or
			      * NULL; set by a driver, which then calls
			      * model_since again */
};

/* Reads and checks a model: ERR_INPUT when there is no such file, ERR_USAGE
 * for a parameter that it does not use, else ERR_CONFIG: not one SELECT, a
 * string or comment without its end, brackets that do not fit. model_clear
 * frees it. The names of given parameters are replaced by what this SQL has
 * for them; the values are not pasted.
 */
int model_read(struct model *m, const struct model_from *from,
	       const struct model_sql *sql, struct err *e) MUST_USE;
void model_clear(struct model *m);

/* Leaves the rows for which a condition of this SQL holds; before model_since.
 */
void model_where(struct model *m, struct slice condition);

/* Order the rows by a column, the nulls last if that matters (with --limit),
 * and leave out those below a value, which is borrowed; NULL for none. May be
 * done again with another value.
 */
void model_since(struct model *m, const struct model_sql *sql,
		 const char *column, const char *since, bool nulls_last);

/* A name in quotes, as this SQL writes it. */
void model_quote(struct buf *b, const struct model_sql *sql, struct slice name);

#endif
