/* fetch.h - one HTTP request at a time, with its reply read in pieces.
 *
 * Floor 2 (query). For databases that speak HTTP/1.1. TLS is always verified,
 * at least 1.2; no redirect is followed; a request unencrypted leaves this
 * machine only where the source's URL says tls=off. Before a wait the output
 * of the rows goes out, and a reader that went away ends the wait.
 */
#ifndef QUERY_FETCH_H
#define QUERY_FETCH_H

#include "query/rows.h"

struct fetch;

struct fetch_options {
	const char *user, *password; /* NULL: none */
	const char *ca_file;         /* NULL: those of the system */
	struct rows *rows;           /* whose output leaves before a wait;
				      * may be NULL */
	uint64_t timeout_ms;         /* of all requests together; 0: none */
	int quit; /* when it can be read, waits end with ERR_TEMP; or -1 */
};

/* Never NULL; free with fetch_free, which ends a request under way. Options
 * are copied, but for the rows.
 */
struct fetch *fetch_new(const struct fetch_options *o) MUST_USE;
void fetch_free(struct fetch *f);

/* Starts a request: POST where body.p is not NULL, else method. headers are
 * whole lines, ended by NULL; all but the body is copied. What is left of an
 * earlier reply is dropped. ERR_TEMP when the time is over.
 */
int fetch_start(struct fetch *f, const char *method, const char *url,
		const char *const *headers, struct slice body,
		struct err *e) MUST_USE;

/* From now on a reply of which nothing comes for ms is given up; 0: never. */
void fetch_patience(struct fetch *f, uint64_t ms);

/* Waits for more of the body. 1 when fetch_data has grown, 0 when the reply is
 * whole, -1 with *e set:
 *
 *     ERR_REFUSED   cannot connect, the connection was lost, or nothing came
 *                   for the time of fetch_patience
 *     ERR_TEMP      the time is over
 *     ERR_PROTOCOL  TLS, or no HTTP
 *     ERR_IO        cannot write, or nobody reads any more
 */
int fetch_more(struct fetch *f, struct err *e) MUST_USE;

/* The bytes that have come and were not taken; borrowed until the next call
 * of fetch_more or fetch_start. READER_PAD bytes behind them can be written.
 */
struct slice fetch_data(const struct fetch *f);
void fetch_take(struct fetch *f, size_t n);

/* Status of the reply, once fetch_more has said 1 or 0. */
unsigned fetch_status(const struct fetch *f);

/* The value of a header of the reply, or the empty slice. Borrowed until the
 * next request.
 */
struct slice fetch_header(const struct fetch *f, const char *name);

/* Reads the whole body: 0 or -1 as fetch_more, and ERR_PROTOCOL where it is
 * longer than max.
 */
int fetch_all(struct fetch *f, size_t max, struct err *e) MUST_USE;

/* Waits without a request, for at most ms; as fetch_more. */
int fetch_pause(struct fetch *f, uint64_t ms, struct err *e) MUST_USE;

#endif
