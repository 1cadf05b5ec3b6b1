/* trstatement.h - a statement on Trino: posted, fetched page by page,
 * cancelled.
 *
 * Floor 2 (query). Its result comes as pages, each with the address of the next
 * one. A page is taken only when all of it is there, so that it can be asked
 * for again when the connection was lost. The result is complete when a page
 * without error names no next one.
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

/* A server, and one statement after the other on it. All-zero but for
 * options.quit before trstatement_connect.
 */
struct trstatement {
	struct url url;
	struct buf origin, password, prepared;
	struct buf header[TRSTATEMENT_HEADERS];
	size_t headers;
	struct fetch *fetch;
	struct fetch_options options;
	struct trpage page; /* the last that came */
	struct buf next;    /* address of the next page; empty: that was all */
};

/* The server of job. Sends nothing yet. ERR_USAGE, ERR_CONFIG. */
int trstatement_connect(struct trstatement *s, const struct source_job *job,
			struct rows *rows, struct err *e) MUST_USE;

/* Posts the statement and takes its first page. Made of a model with
 * parameters, it is prepared, by a header, and executed with their values; m is
 * NULL where there is no model in it. The errors of fetch.h and trpage.h.
 */
int trstatement_start(struct trstatement *s, struct slice sql,
		      const struct model *m, struct err *e) MUST_USE;

/* The next page, where s->next is not empty. Errors as before. */
int trstatement_next(struct trstatement *s, struct err *e) MUST_USE;

/* Nobody wants the rest: says so, in a short time of its own. */
void trstatement_cancel(struct trstatement *s);

/* Puts 'text' where SQL wants a string. */
void trstatement_string(struct buf *b, struct slice s);

/* All-zero is allowed. */
void trstatement_clear(struct trstatement *s);

#endif
