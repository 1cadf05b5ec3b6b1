/* tag.h - the tag of a sync: resends every row when it differs.
 *
 * Floor 2 (diff). Rows that were delivered under a different mapping must be
 * sent again. So the hash of the tag is mixed into the hash of each row: the
 * state records row by row under which tag the row was delivered. A row not yet
 * delivered under the new tag is due, however many runs were truncated or
 * failed, and a row that was is not sent twice. The state notes the tag, and
 * the tag that is mixed in if that is a different one.
 */
#ifndef DIFF_STATE_TAG_H
#define DIFF_STATE_TAG_H

#include "core/err.h"
#include "wire/json/hash.h"

struct tag {
	struct hash mixed; /* into the hash of each row */
	struct hash also;  /* a row with this tag counts as delivered too */
	bool has_also;
	bool changed;            /* the tag is not the noted one */
	bool taken;              /* the new tag must be noted */
	bool full;               /* all rows are sent under the new tag */
	struct slice name, base; /* to note if it is taken; borrowed */
	char made[17];           /* storage of base, if it was generated */
};

/* Initializes a tag from --tag (asked; NULL: the noted tag) and --on-tag-change
 * (how; NULL: full). ERR_USAGE.
 */
int tag_init(struct tag *t, const char *asked, const char *how,
	     struct slice noted, struct slice base, uint64_t seed,
	     struct err *e) MUST_USE;

static inline struct hash tag_mix(struct hash row, struct hash tag)
{
	return (struct hash){row.hi ^ tag.hi, row.lo ^ tag.lo};
}

#endif
