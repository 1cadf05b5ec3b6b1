/* intent.h - the records of the file `pending` of a state.
 *
 * Floor 1 (wire). rudder-diff writes and reads them (diff/state/pending.h);
 * rudder-send looks up whether a change is still unacknowledged.
 */
#ifndef WIRE_STATE_INTENT_H
#define WIRE_STATE_INTENT_H

#include "core/err.h"
#include "wire/json/hash.h"

/* Of the journal (journal.h), and of its frames with records as below. */
extern const char intent_magic[8];
enum { INTENT_FRAME = 6, INTENT_RUN = 64 };

struct intent_head {
	uint64_t seed;
	char run[INTENT_RUN]; /* padded with NUL; the last 8 bytes: the salt */
};

/* The seed of the change ids in a file with that head: its salt, drawn when the
 * file is begun and kept until all of it is acknowledged, is mixed in. What a
 * later run adds to the file has a salt of its own in each record. So a retry
 * has its first id, and what a restored state gives out has none that was used
 * before. Files of 0.1 have no salt.
 */
uint64_t intent_seed(const struct intent_head *h);

/* The type of a frame comes first in it, as 8 bytes. */
struct intent_record {
	struct hash key, row;
	uint64_t line;
	uint32_t version;
	uint32_t bits; /* action, flags, and from LENGTH on text_n */
};
enum {
	INTENT_ACTION = 3,
	INTENT_DOUBT = 4,
	INTENT_KEPT = 8,
	INTENT_LENGTH = 4,
	INTENT_TEXT = (1 << 26) - 1, /* a key is far shorter */
	INTENT_SALTED = 1 << 30
};

/* Between the record and the text of the key, with INTENT_KEPT; the values are
 * behind the text. With INTENT_SALTED, 8 bytes of salt are before them.
 */
struct intent_kept {
	uint32_t n, sum;
};

/* What a record says in all, and where its text begins. */
struct intent_view {
	struct intent_record r;
	struct intent_kept kept;
	uint64_t salt; /* or 0 */
	uint32_t text_n;
	const char *text;
};

/* Take the first record off a list: 1, 0 when it is empty, -1 when it is not a
 * record.
 */
int intent_parse(struct slice *list, struct intent_view *v) MUST_USE;

/* The change id of an intent: see pending_id. */
struct hash intent_id(struct hash key, struct hash row, uint64_t version,
		      uint64_t action, uint64_t seed);

/* The change ids in the file, by their first 8 bytes: 8 bytes of memory each.
 * All-zero is empty, and holds everything.
 */
struct intent_set {
	uint64_t *id; /* in order; NULL: everything */
	size_t n, size;
};

/* Read the file at path as it is now. Where it has records of an older format
 * no commit has dropped any: then the set holds everything. ERR_CONFIG, ERR_IO.
 */
int intent_set_load(struct intent_set *s, const char *path,
		    struct err *e) MUST_USE;
bool intent_set_has(const struct intent_set *s, uint64_t first);
void intent_set_clear(struct intent_set *s);

#endif
