/* fingerprint.h - hashes that identify a mapping and its settings.
 *
 * Floor 2 (map). A mapping is a set of entries: one for each setting, column,
 * constant and program. Each entry has a canonical text, which does not depend
 * on where the setting was given (options or file), nor on the order unless the
 * order has an effect. An entry is the 8-byte hash of its text; the fingerprint
 * is a hash of all entries.
 *
 * The format of the texts has a version, and new settings only add texts: a
 * setting that is not given adds nothing, so a mapping keeps its fingerprint
 * when a later release has more settings.
 */
#ifndef MAP_SETTINGS_FINGERPRINT_H
#define MAP_SETTINGS_FINGERPRINT_H

#include "map/settings/mapping.h"

/* Version of the format of the texts. A different version changes every
 * messageId.
 */
enum { FINGERPRINT_VERSION = 1 };

struct fingerprint {
	uint64_t all;    /* never 0 */
	uint64_t *entry; /* owned; n entries, in ascending order */
	size_t n, size;
};

/* Computes the fingerprint of a mapping that mapping_load has checked. With
 * values, it includes the mask key and the values of constants from the
 * environment, otherwise only that they are given. The run id and start are
 * never included. Nobody can check the hashes without seed; messageIds use seed
 * 0. Free with fingerprint_clear.
 */
void fingerprint_make(struct fingerprint *f, const struct mapping *m,
		      uint64_t seed, bool values);

/* Computes the entries that a state records, without values. The lowest bit of
 * an entry is set if no row must be resent when it is removed: a column, a
 * constant, a computed value. The fingerprint itself is not set.
 */
void fingerprint_entries(struct fingerprint *f, const struct mapping *m);

/* Appends a description of each entry of m that is not in was (n entries,
 * ascending), such as "column 'plan' is new". was contains only hashes, so most
 * are described as "new or changed". read lists the columns that the recorded
 * mapping read, as patterns separated by commas, or is NULL: a column not in it
 * is new. At most FINGERPRINT_SAID entries are described, of which b already
 * has said. Returns the number of such entries.
 */
enum { FINGERPRINT_SAID = 3 };
size_t fingerprint_added(const struct mapping *m, const uint64_t *was, size_t n,
			 const char *read, size_t said, struct buf *b);

/* All-zero is allowed. */
void fingerprint_clear(struct fingerprint *f);

/* The value that control_message_id mixes into the messageId of an event. all
 * is the fingerprint of its mapping; type and name are those of the event,
 * empty if it has none. Returns 0 if all is 0.
 */
uint32_t fingerprint_mix(uint64_t all, struct slice type, struct slice name);

#endif
