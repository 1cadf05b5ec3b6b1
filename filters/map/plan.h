/* plan.h - the form of an event as a list of pieces to copy.
 *
 * Floor 2 (map). One plan serves all records with the same list of columns:
 * literal bytes, and between them the values of the record.
 */
#ifndef MAP_PLAN_H
#define MAP_PLAN_H

#include "core/buf.h"
#include "map/rowid.h"
#include "map/tree.h"
#include "wire/scan.h"

struct plan;

/* What a record gives beyond its members. */
struct plan_record {
	const struct scan_member *member;
	size_t line_n;           /* bytes of the record's line */
	const struct rowid *id;  /* of a row that is no change, or NULL: */
	struct slice message_id; /* without quotes */
	struct slice record_id;  /* a JSON string; READER_PAD bytes follow */
	size_t absent; /* index of an optional member to leave out, or SIZE_MAX
			*/
};

/* Never NULL; free with plan_free. The tree may go afterwards. */
struct plan *plan_new(const struct tree *t) MUST_USE;

/* NULL is allowed. */
void plan_free(struct plan *p);

/* The event of one record at the end of b. The caller has seen to it that the
 * members of TREE_ID and TREE_TEXT ends are strings or numbers, or null where
 * they are optional.
 */
void plan_write(const struct plan *p, const struct plan_record *r,
		struct buf *b);

#endif
