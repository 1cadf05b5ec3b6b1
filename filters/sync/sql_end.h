/* sql_end.h - where the statement of a model ends: without its semicolon, and
 * without the comments behind that.
 *
 * Floor 2 (sync). rudder-query reads a model with the rules of its database;
 * this is for questions about the model, which put brackets around it.
 */
#ifndef SYNC_SQL_END_H
#define SYNC_SQL_END_H

#include "core/slice.h"

/* The first bytes of sql that are its statement. mysql: a backslash escapes a
 * quote and # begins a comment. A comment stays where no semicolon is before
 * it, and so does all where a string or comment does not end.
 */
size_t sql_end(struct slice sql, bool mysql);

#endif
