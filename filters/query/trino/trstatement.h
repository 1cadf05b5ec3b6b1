/* trstatement.h - runs a statement on Trino: posts it, fetches its pages, or
 * cancels it.
 *
 * Floor 2 (query). The result arrives as pages, each with the address of the
 * next one. A page is used only when it is complete, so it can be requested
 * again after the connection was lost. The result is complete when a page
 * without an error has no next one.
 *
 * Source: trino.io/docs/current/develop/client-protocol.html, read 2026-11-23.
 */
#ifndef QUERY_TRINO_TRSTATEMENT_H
#define QUERY_TRINO_TRSTATEMENT_H

#include "query/fetch.h"
#include "query/source.h"
#include "query/trino/trpage.h"
#include "query/url.h"

enum { TRSTATEMENT_HEADERS = 12 };

/* A server, on which one statement runs after the other. All-zero except
 * options.quit before trstatement_connect.
 */
struct trstatement {
	struct url url;
	struct buf origin, password, prepared;
	struct buf header[TRSTATEMENT_HEADERS];
	size_t headers;
	struct fetch *fetch;
	struct fetch_options options;
	struct trpage page; /* the page received last */
	struct buf next;    /* address of the next page; empty after the last */
};

/* Prepares the connection to the job's server; sends nothing yet. ERR_USAGE,
 * ERR_CONFIG.
 */
int trstatement_connect(struct trstatement *s, const struct source_job *job,
			struct rows *rows, struct err *e) MUST_USE;

/* Posts the statement and takes its first page. A model with parameters is
 * prepared in a header and executed with their values; m is NULL for a
 * statement without the model. Errors as fetch.h and trpage.h.
 */
int trstatement_start(struct trstatement *s, struct slice sql,
		      const struct model *m, struct err *e) MUST_USE;

/* Fetches the next page; s->next must not be empty. Errors as
 * trstatement_start.
 */
int trstatement_next(struct trstatement *s, struct err *e) MUST_USE;

/* Cancels the rest of the result, within a few seconds. */
void trstatement_cancel(struct trstatement *s);

/* Appends s as a string literal of SQL. */
void trstatement_string(struct buf *b, struct slice s);

/* Also allows an all-zero struct. */
void trstatement_clear(struct trstatement *s);

#endif
