/* sync_value.h - checks that the values of a sync file are valid for their
 * options.
 *
 * Floor 2 (sync). sync_key_table has the form of each value and the words that
 * an option accepts; a command test compares them with --help=json of the
 * filters. A value that only the filter can check is accepted here.
 */
#ifndef SYNC_SYNC_VALUE_H
#define SYNC_SYNC_VALUE_H

#include "sync/sync_key.h"
#include "sync/sync_text.h"

/* Checks whether the texts of the key at d are valid for its option. ERR_CONFIG
 * with the line, what the option accepts, and a suggestion. A text with an
 * unset variable is accepted.
 */
int sync_value_check(const struct sync_key *k, const struct sync_texts *t,
		     const struct doc *d, struct err *e) MUST_USE;

/* Whether the text is one of the key's words. If not, appends to want what it
 * must be, with a suggestion: "retry or accept; did you mean 'retry'?"
 */
bool sync_value_is_word(const struct sync_key *k, const char *text,
			struct buf *want);

#endif
