/* sync_settings.h - the settings of a sync file that become options of the
 * filters.
 *
 * Floor 2 (sync).
 */
#ifndef SYNC_SYNC_SETTINGS_H
#define SYNC_SYNC_SETTINGS_H

#include "sync/sync_key.h"
#include "sync/sync_text.h"

/* An option of a filter, set by a key. */
struct sync_setting {
	const struct sync_key *key;
	struct sync_texts value; /* one text for each time the option is given;
				  * empty for a flag */
	unsigned line;
};

struct sync_settings {
	struct sync_setting *v; /* owned */
	size_t n;
};

/* Reads all members of the object d that are options at this place. Any other
 * member must be in others (ended by NULL): ERR_CONFIG with the line and a
 * suggestion.
 */
int sync_settings_take(struct sync_settings *set, const struct doc *d,
		       enum sync_key_place place, const char *const *others,
		       struct err *e) MUST_USE;

/* Adds a key with one text; for a key of names, one name. */
void sync_settings_put(struct sync_settings *set, const struct sync_key *key,
		       const char *text);

/* The setting of an option, by its long name without dashes, or NULL. */
const struct sync_setting *sync_settings_get(const struct sync_settings *set,
					     enum sync_stage stage,
					     const char *option);

/* All-zero is allowed. */
void sync_settings_clear(struct sync_settings *set);

#endif
