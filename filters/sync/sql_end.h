/* sql_end.h - finds the end of a model's SQL statement, without its semicolon
 * and the comments after it.
 *
 * Floor 2 (sync). rudder-query parses a model by the rules of its database.
 * This is for queries about a model, which put it in parentheses.
 */
#ifndef SYNC_SQL_END_H
#define SYNC_SQL_END_H

#include "core/slice.h"

/* Returns the length of the statement at the start of sql. mysql: a backslash
 * escapes a quote and # starts a comment. A comment without a semicolon before
 * it is kept, and so is everything if a string or comment does not end.
 */
size_t sql_end(struct slice sql, bool mysql);

#endif
