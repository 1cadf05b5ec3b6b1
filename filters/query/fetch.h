/* fetch.h - sends one HTTP request at a time, and reads its reply in pieces.
 *
 * Floor 2 (query). For databases with an HTTP/1.1 interface. TLS is always
 * verified, at least 1.2; redirects are not followed; an unencrypted request
 * leaves this machine only if the source's URL has tls=off. Finished rows are
 * flushed before a wait, and the wait ends if the reader of the rows exits.
 */
#ifndef QUERY_FETCH_H
#define QUERY_FETCH_H

#include "query/rows.h"

struct fetch;

struct fetch_options {
	const char *user, *password; /* NULL: none */
	const char *ca_file;         /* NULL: the system's */
	struct rows *rows;           /* flushed before a wait; may be NULL */
	uint64_t timeout_ms;         /* for all requests together; 0: none */
	int quit; /* descriptor; when it is readable, waits end with ERR_TEMP;
		   * or -1 */
};

/* Never NULL; free with fetch_free, which aborts a running request. Copies the
 * options, except rows.
 */
struct fetch *fetch_new(const struct fetch_options *o) MUST_USE;
void fetch_free(struct fetch *f);

/* Starts a request: POST if body.p is not NULL, otherwise method. headers are
 * complete lines, ended by NULL; everything except the body is copied. Drops
 * the rest of the previous reply. ERR_TEMP if the time is over.
 */
int fetch_start(struct fetch *f, const char *method, const char *url,
		const char *const *headers, struct slice body,
		struct err *e) MUST_USE;

/* From now on, fails if nothing of a reply arrives for ms; 0: never. */
void fetch_patience(struct fetch *f, uint64_t ms);

/* Waits for more of the body. Returns 1 when fetch_data has grown, 0 when the
 * reply is complete, -1 with *e set:
 *
 *     ERR_REFUSED   cannot connect, the connection was lost, or nothing arrived
 *                   for the time of fetch_patience
 *     ERR_TEMP      the time is over, or quit
 *     ERR_PROTOCOL  TLS failed, or the reply is not HTTP
 *     ERR_IO        cannot write, or nothing reads the output
 */
int fetch_more(struct fetch *f, struct err *e) MUST_USE;

/* The bytes received and not yet taken; p may be NULL if no bytes
 * are left. Borrowed until the next call of fetch_more or fetch_start.
 * READER_PAD writable bytes follow, which are NUL.
 */
struct slice fetch_data(const struct fetch *f);
void fetch_take(struct fetch *f, size_t n);

/* The status of the reply, after fetch_more has returned 1 or 0. */
unsigned fetch_status(const struct fetch *f);

/* The value of a header of the reply, or an empty slice. Borrowed until the
 * next request.
 */
struct slice fetch_header(const struct fetch *f, const char *name);

/* Reads the rest of the body. Returns 0, or -1 as fetch_more, and ERR_PROTOCOL
 * if it is longer than max.
 */
int fetch_all(struct fetch *f, size_t max, struct err *e) MUST_USE;

/* Waits for at most ms without a request. Returns 0, or -1 as fetch_more. */
int fetch_pause(struct fetch *f, uint64_t ms, struct err *e) MUST_USE;

#endif
