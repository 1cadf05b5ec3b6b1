/* sqltoken.h - splits SQL into tokens: where comments, strings and names end.
 *
 * Floor 2 (query). That depends on the database (struct model_sql).
 */
#ifndef QUERY_SQLTOKEN_H
#define QUERY_SQLTOKEN_H

#include "query/model.h"

enum sqltoken {
	SQLTOKEN_SPACE, /* white space or a comment */
	SQLTOKEN_WORD,
	SQLTOKEN_OPEN,
	SQLTOKEN_CLOSE,
	SQLTOKEN_SEMICOLON,
	SQLTOKEN_PARAM,  /* :name */
	SQLTOKEN_BRACES, /* {name:Type} */
	SQLTOKEN_OTHER,  /* a string, a quoted name, a number, a sign */
	SQLTOKEN_BROKEN,
};

struct sqltokens {
	const struct model_sql *sql;
	const char *p, *end; /* the unread rest */
	struct slice text;   /* the token */
	const char *why;     /* SQLTOKEN_BROKEN */
};

/* Reads the next token; false at the end. */
bool sqltoken_next(struct sqltokens *x, enum sqltoken *t);

#endif
