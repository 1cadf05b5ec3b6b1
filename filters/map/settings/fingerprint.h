/* fingerprint.h - hashes that identify a mapping and its settings.
 *
 * Floor 2 (map). A mapping is a set of entries: each setting, column, constant
 * and program is one, in a canonical text that does not depend on where it was
 * given (options or file) or in which order, unless the order counts. Each
 * entry has a hash of 8 bytes; the fingerprint is a hash of them all.
 *
 * The texts are versioned and only grow: a setting that is not given adds
 * nothing, so a mapping keeps its fingerprint when later releases know more
 * settings.
 */
#ifndef MAP_SETTINGS_FINGERPRINT_H
#define MAP_SETTINGS_FINGERPRINT_H

#include "map/settings/mapping.h"

/* Of the texts. A different version changes every messageId. */
enum { FINGERPRINT_VERSION = 1 };

struct fingerprint {
	uint64_t all;    /* never 0 */
	uint64_t *entry; /* owned; n, rising */
	size_t n, size;
};

/* Of a mapping that mapping_load has checked. With values, the values of
 * constants from the environment and the mask key count, else only their
 * names. The run never counts. seed makes hashes that only those can check
 * who know it; 0 is the seed of messageIds. Free with fingerprint_clear.
 */
void fingerprint_make(struct fingerprint *f, const struct mapping *m,
		      uint64_t seed, bool values);

/* The entries for the record of a state, without values. Where the lowest bit
 * is set, the entry may be removed and nothing is to be sent again: a column, a
 * constant, a computed value. The fingerprint itself is left out.
 */
void fingerprint_entries(struct fingerprint *f, const struct mapping *m);

/* Says of the entries of m that are not in was (n, rising) what they are, at
 * the end of b, like "column 'plan' is new": FINGERPRINT_SAID at most, of which
 * said are there. was has only hashes, so that an entry is mostly "new or
 * changed". read are the columns that were read then, as patterns with commas,
 * or NULL: one that is not among them is new. How many entries they are.
 */
enum { FINGERPRINT_SAID = 3 };
size_t fingerprint_added(const struct mapping *m, const uint64_t *was, size_t n,
			 const char *read, size_t said, struct buf *b);

/* All-zero is allowed. */
void fingerprint_clear(struct fingerprint *f);

/* What control_message_id mixes into the id of an event of a mapping with that
 * fingerprint; the texts are of the event, empty where it has none. 0 for a
 * fingerprint of 0.
 */
uint32_t fingerprint_mix(uint64_t all, struct slice type, struct slice name);

#endif
