/* variables.h - expands environment variables in the texts of a sync file.
 *
 * Floor 2 (sync).
 */
#ifndef SYNC_VARIABLES_H
#define SYNC_VARIABLES_H

#include "core/buf.h"
#include "core/err.h"

/* Appends the text to b with its variables expanded: ${NAME} is the value of
 * NAME; ${NAME:-text} is that, or the text if NAME is unset or empty; $${ is ${
 * itself. Any other $ is kept. A name has letters, digits and _, and does not
 * start with a digit. ERR_CONFIG if NAME is unset and has no default, or ${ is
 * not followed by one of these forms.
 */
int variables_expand(struct buf *b, const char *text, struct err *e) MUST_USE;

/* Appends the text to b, with $${ for each ${ that variables_expand would
 * reject, so that the text expands to itself.
 */
void variables_keep(struct buf *b, const char *text);

/* Returns the NAME in "env:NAME", borrowed from text, or NULL if text does not
 * start with env:. *bad: NAME is not a valid variable name.
 */
const char *variables_env(const char *text, bool *bad);

#endif
