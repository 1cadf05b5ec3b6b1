/* login.h - limits the time of a login to a database.
 *
 * Floor 2 (query). Libraries log in by themselves, and some wait for ever for
 * a server that takes the connection and says nothing; nobody can call them
 * back. A thread looks at the clock meanwhile, and ends the program when the
 * time is over. Signals end it as they always do.
 */
#ifndef QUERY_LOGIN_H
#define QUERY_LOGIN_H

#include "core/err.h"
#include "query/rows.h"

struct login;

/* The time begins: --timeout, or most_ms if there is none; 0 for no end.
 * whose is the name of the database for the message, borrowed. When the time
 * is over, rows_step_failed is called, and the program ends with the status of
 *
 *     ERR_TEMP     --timeout
 *     ERR_REFUSED  most_ms
 *
 * NULL with *e set: ERR_OS.
 */
struct login *login_begin(const char *whose, uint64_t timeout_ms,
			  uint64_t most_ms, struct rows *rows,
			  struct err *e) MUST_USE;

/* The library has returned: frees l. */
void login_end(struct login *l);

#endif
