/* variables.h - variables of the environment in the texts of a sync file.
 *
 * Floor 2 (sync).
 */
#ifndef SYNC_VARIABLES_H
#define SYNC_VARIABLES_H

#include "core/buf.h"
#include "core/err.h"

/* The text with its variables put in, at the end of b: ${NAME} is the value of
 * NAME, ${NAME:-text} that or the text where NAME is not set or empty, and $${
 * is ${ itself. Any other $ stays. A name has letters, digits and _, and does
 * not start with a digit. ERR_CONFIG where NAME is not set and has no default,
 * or ${ does not begin one of these.
 */
int variables_expand(struct buf *b, const char *text, struct err *e) MUST_USE;

/* The same text with $${ for the ${ of what variables_expand would refuse, so
 * that it expands to itself, at the end of b.
 */
void variables_keep(struct buf *b, const char *text);

/* The NAME in "env:NAME", in text, or NULL where that does not begin with env:.
 * *bad: it is not the name of a variable.
 */
const char *variables_env(const char *text, bool *bad);

#endif
