/* sync_key.h - the keys of a sync file that are options of the filters.
 *
 * Floor 2 (sync). A key is the long name of an option with _ for -, or stands
 * in a group that has a name of its own (deletes: {max: 10%}). The table is the
 * one place that says which filter gets which key; rudder-sync-file(5) and its
 * JSON Schema are compared with it by a unit test.
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
	SYNC_KEY_COUNT,  /* one that is a count: 500, 64K */
	SYNC_KEY_TIME,   /* one that is a time: 30s, 2m */
	SYNC_KEY_SHARE,  /* one that is a count or a percentage: 20, 5% */
	SYNC_KEY_FLAG,   /* true gives the option, false leaves it out */
	SYNC_KEY_NAMES,  /* names, as one argument with commas */
	SYNC_KEY_REPEAT, /* a list: the option once for each entry */
	SYNC_KEY_EXPECT, /* the same, of expectations: failed<1% */
	SYNC_KEY_PAIRS,  /* an object: the option once as name=value */
};

/* Where a key may stand. */
enum sync_key_place {
	SYNC_KEY_TOP = 1,                             /* in the file itself */
	SYNC_KEY_DEST = 2,                            /* in a destination */
	SYNC_KEY_BOTH = SYNC_KEY_TOP | SYNC_KEY_DEST, /* and that one wins */
};

struct sync_key {
	const char *group;  /* "deletes", or NULL */
	const char *name;   /* "max" */
	const char *option; /* "max-deletes"; NULL ends the table */
	enum sync_stage stage;
	enum sync_key_kind kind;
	enum sync_key_place place;
	const char *words; /* all that the option takes: "retry|accept"; NULL:
			    * other texts */
};

extern const struct sync_key sync_key_table[];

/* The key of that name in a group (NULL: in none) at one place, or NULL. */
const struct sync_key *sync_key_find(const char *group, const char *name,
				     enum sync_key_place place);

/* Whether keys of that group may stand at the place. */
bool sync_key_group(const char *group, enum sync_key_place place);

/* What to write instead of a name that is not a key at the place: the key's own
 * place, or the key of a rudder-cli word. A sentence, or NULL. It may be in
 * room, which has SYNC_KEY_HINT bytes.
 */
enum { SYNC_KEY_HINT = 160 };
const char *sync_key_hint(const char *group, const char *name,
			  enum sync_key_place place, char *room);

#endif
