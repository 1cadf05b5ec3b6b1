/* login.h - limits the time of a login to a database.
 *
 * Floor 2 (query). Libraries log in with a blocking call, and some wait for
 * ever for a server that accepts the connection and sends nothing. A thread
 * watches the clock meanwhile, and ends the program when the time is over.
 * Signals end the program as always.
 */
#ifndef QUERY_LOGIN_H
#define QUERY_LOGIN_H

#include "core/err.h"
#include "query/rows.h"

struct login;

/* Starts the limit: --timeout or, if it is 0, most_ms; 0 for no limit. whose is
 * the name of the database for the message, borrowed. When the time is over,
 * rows_step_failed is called, and the program ends with the status of
 *
 *     ERR_TEMP     --timeout
 *     ERR_REFUSED  most_ms
 *
 * Returns NULL with *e set: ERR_OS.
 */
struct login *login_begin(const char *whose, uint64_t timeout_ms,
			  uint64_t most_ms, struct rows *rows,
			  struct err *e) MUST_USE;

/* Call when the library has returned. Frees l. */
void login_end(struct login *l);

#endif
