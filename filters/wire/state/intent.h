/* intent.h - the records of the file `pending` of a state.
 *
 * Floor 1 (wire). rudder-diff writes and reads them (diff/state/pending.h);
 * rudder-send looks up whether a change is still unacknowledged.
 */
#ifndef WIRE_STATE_INTENT_H
#define WIRE_STATE_INTENT_H

#include "core/err.h"
#include "wire/json/hash.h"

/* The magic of the journal (journal.h), and the type of its frames with these
 * records.
 */
extern const char intent_magic[8];
enum { INTENT_FRAME = 6, INTENT_RUN = 64 };

struct intent_head {
	uint64_t seed;
	char run[INTENT_RUN]; /* padded with NUL; the last 8 bytes: the salt */
};

/* The seed of the change ids in a file with that head, with the file's salt
 * mixed in. The salt is random, and stays until everything in the file is
 * acknowledged. Records that a later run adds have their own salt. So a retry
 * keeps its first id, and a restored state gives out no id that was used
 * before. Files of 0.1 have no salt.
 */
uint64_t intent_seed(const struct intent_head *h);

/* A frame starts with its type, in 8 bytes. */
struct intent_record {
	struct hash key, row;
	uint64_t line;
	uint32_t version;
	uint32_t bits; /* action, flags, and text_n from bit LENGTH on */
};
enum {
	INTENT_ACTION = 3,
	INTENT_DOUBT = 4,
	INTENT_KEPT = 8,
	INTENT_LENGTH = 4,
	INTENT_TEXT = (1 << 26) - 1, /* keys are far shorter */
	INTENT_SALTED = 1 << 30
};

/* With INTENT_KEPT, this is between the record and the text of the key, and the
 * values are after the text. With INTENT_SALTED, 8 bytes of salt are before it.
 */
struct intent_kept {
	uint32_t n, sum;
};

/* A parsed record, and where its text begins. */
struct intent_view {
	struct intent_record r;
	struct intent_kept kept;
	uint64_t salt; /* or 0 */
	uint32_t text_n;
	const char *text;
};

/* Takes the first record from a list: 1, 0 if the list is empty, -1 if the
 * record is invalid.
 */
int intent_parse(struct slice *list, struct intent_view *v) MUST_USE;

/* The change id of an intent: see pending_id. */
struct hash intent_id(struct hash key, struct hash row, uint64_t version,
		      uint64_t action, uint64_t seed);

/* The first 8 bytes of each change id in the file: 8 bytes of memory each.
 * All-zero is a set that contains every id.
 */
struct intent_set {
	uint64_t *id; /* sorted; NULL: every id */
	size_t n, size;
};

/* Reads the current file at path. If it has records of an older format, no
 * commit has dropped any, so the set contains every id. ERR_CONFIG, ERR_IO.
 */
int intent_set_load(struct intent_set *s, const char *path,
		    struct err *e) MUST_USE;
bool intent_set_has(const struct intent_set *s, uint64_t first);
void intent_set_clear(struct intent_set *s);

#endif
