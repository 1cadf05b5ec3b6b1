/* losses.h - warnings of MySQL servers that rows or parts of values are missing
 *
 * Floor 2 (query). Every driver that talks to such a server uses it.
 */
#ifndef QUERY_LOSSES_H
#define QUERY_LOSSES_H

#include "core/err.h"
#include "query/model.h"

/* Variables to SET before the model runs. Values of GROUP_CONCAT are not
 * truncated, and the server keeps as many warnings as it can. Other servers
 * with this protocol may lack these variables.
 */
#define LOSSES_SET "group_concat_max_len = 1073741824, max_error_count = 65535"

/* Checks one row of SHOW WARNINGS. Returns 0, or -1 with ERR_DATA if it reports
 * a loss.
 */
int losses_check(unsigned long code, const char *text, struct err *e) MUST_USE;

/* Checks whether the server gave more warnings than it kept, so that some could
 * not be checked. Then it warns and returns 0, or -1 with ERR_DATA for a
 * recursive model, which MariaDB may have ended early.
 */
int losses_unseen(uint64_t given, uint64_t kept, const struct model *m,
		  struct err *e) MUST_USE;

#endif
