/* option_keys.h - messages that name options name the keys of the sync file
 * instead, if rudder has started the command for one.
 *
 * Floor 0 (core). Sync files are not read here: the variable OPTION_KEYS has
 * the table, one line for each option and key:
 *
 *     rudder-diff max-deletes deletes.max 9 10%|…
 *
 * The command, the option without dashes (of one letter too), the key, in which
 * a dot is between a group and a name, the line that sets it (0: none) and the
 * kind: "f" for an option without a value, "v" for others. After that may come
 * the words that the option accepts, separated by "|". A line "file PATH" names
 * the file. Lines of the command "run" are options that rudder run has too:
 * "with rudder-diff --full" becomes "with rudder run --full".
 */
#ifndef CORE_OPTION_KEYS_H
#define CORE_OPTION_KEYS_H

#include "core/buf.h"

#define OPTION_KEYS "RUDDER_OPTION_KEYS"

/* Appends a message of a command to b. "use --mode mirror" becomes "use 'mode:
 * mirror'", "option '--max-deletes': ..." becomes "key 'deletes.max' in line 9
 * of 'syncs/users.yaml': ...". Options without a key stay; without the variable
 * everything stays. O(options in the text * lines).
 */
void option_keys_put(struct buf *b, const char *command, struct slice text);

#endif
