/* tag.h - the tag of a sync: resends every row when it differs.
 *
 * Floor 2 (diff). Rows that were delivered under another mapping are to be
 * sent again. So the hash of a row in the state says under which tag it was
 * delivered: the tag's own hash is mixed in. A row not yet delivered under the
 * new tag is due by that alone, however many runs were cut or failed, and one
 * that was is not sent twice. The state notes the tag, and the one that is
 * mixed in where that is another.
 */
#ifndef DIFF_STATE_TAG_H
#define DIFF_STATE_TAG_H

#include "core/err.h"
#include "wire/json/hash.h"

struct tag {
	struct hash mixed; /* into the hash of each row */
	struct hash also;  /* a row with this one is as delivered too */
	bool has_also;
	bool changed; /* the tag is not the one that the state notes */
	bool taken;   /* the new tag is to be noted */
	bool full;    /* all rows are sent under the new tag */
	struct slice name, base; /* to be noted if it is taken; borrowed */
	char made[17];           /* where base lives, if it was not asked for */
};

/* asked is of --tag, NULL for what the state notes; how of --on-tag-change,
 * NULL for full. ERR_USAGE.
 */
int tag_init(struct tag *t, const char *asked, const char *how,
	     struct slice noted, struct slice base, uint64_t seed,
	     struct err *e) MUST_USE;

static inline struct hash tag_mix(struct hash row, struct hash tag)
{
	return (struct hash){row.hi ^ tag.hi, row.lo ^ tag.lo};
}

#endif
