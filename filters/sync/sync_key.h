/* sync_key.h - the keys of a sync file that are options of the filters.
 *
 * Floor 2 (sync). A key is the long name of an option with _ for -, or is in a
 * group and has its own name (deletes: {max: 10%}). Only this table defines
 * which filter gets which key; a unit test compares rudder-sync-file(5) and its
 * JSON Schema with it.
 */
#ifndef SYNC_SYNC_KEY_H
#define SYNC_SYNC_KEY_H

#include "core/slice.h"

enum sync_stage {
	SYNC_QUERY,
	SYNC_DIFF,
	SYNC_MAP,
	SYNC_SEND,
	SYNC_COMMIT,
	SYNC_STAGES
};

enum sync_key_kind {
	SYNC_KEY_TEXT,   /* a string or a number */
	SYNC_KEY_COUNT,  /* a count: 500, 64K */
	SYNC_KEY_TIME,   /* a time: 30s, 2m */
	SYNC_KEY_SHARE,  /* a count or a percentage: 20, 5% */
	SYNC_KEY_FLAG,   /* true gives the option, false leaves it out */
	SYNC_KEY_NAMES,  /* names, as one argument with commas */
	SYNC_KEY_REPEAT, /* a list: the option once for each entry */
	SYNC_KEY_EXPECT, /* the same, of expectations: failed<1% */
	SYNC_KEY_PAIRS,  /* an object: the option once as name=value */
};

/* Where in a sync file a key is allowed. */
enum sync_key_place {
	SYNC_KEY_TOP = 1,  /* in the file itself */
	SYNC_KEY_DEST = 2, /* in a destination */
	SYNC_KEY_BOTH =
		SYNC_KEY_TOP | SYNC_KEY_DEST, /* the destination's wins */
};

struct sync_key {
	const char *group;  /* "deletes", or NULL */
	const char *name;   /* "max" */
	const char *option; /* "max-deletes"; NULL ends the table */
	enum sync_stage stage;
	enum sync_key_kind kind;
	enum sync_key_place place;
	const char *words; /* allowed words: "retry|accept"; NULL: any text */
};

extern const struct sync_key sync_key_table[];

/* The key with this name in a group (NULL: in none) at one place, or NULL. */
const struct sync_key *sync_key_find(const char *group, const char *name,
				     enum sync_key_place place);

/* Whether keys of this group are allowed at the place. */
bool sync_key_group(const char *group, enum sync_key_place place);

/* A suggestion for a name that is not a key at this place: where the key
 * belongs, or the key for a word of rudder-cli. Returns a sentence, which may
 * be in room (SYNC_KEY_HINT bytes), or NULL.
 */
enum { SYNC_KEY_HINT = 160 };
const char *sync_key_hint(const char *group, const char *name,
			  enum sync_key_place place, char *room);

#endif
