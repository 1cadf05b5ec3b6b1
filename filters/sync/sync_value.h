/* sync_value.h - whether the values of a sync file fit the options they become.
 *
 * Floor 2 (sync). sync_key_table has the form of each value and the words that
 * an option takes; a command test compares them with --help=json of the
 * filters. A value that the filter alone can judge passes.
 */
#ifndef SYNC_SYNC_VALUE_H
#define SYNC_SYNC_VALUE_H

#include "sync/sync_key.h"
#include "sync/sync_text.h"

/* Whether the texts of the key at d can be values of its option: ERR_CONFIG
 * with the line, what the option takes and what was meant. A text with a
 * variable that is not set passes.
 */
int sync_value_check(const struct sync_key *k, const struct sync_texts *t,
		     const struct doc *d, struct err *e) MUST_USE;

/* Whether it is one of the key's words; else what it must be, with what was
 * meant, at the end of want: "retry or accept; did you mean 'retry'?"
 */
bool sync_value_is_word(const struct sync_key *k, const char *text,
			struct buf *want);

#endif
