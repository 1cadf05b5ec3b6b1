/* plan.h - the form of an event as a list of pieces to copy.
 *
 * Floor 2 (map). One plan serves all records with the same list of columns:
 * literal bytes, and between them the values of the record.
 */
#ifndef MAP_EVENT_PLAN_H
#define MAP_EVENT_PLAN_H

#include "core/buf.h"
#include "map/event/rowid.h"
#include "map/event/tree.h"
#include "wire/json/scan.h"

struct plan;

/* What a record gives beyond its members. */
struct plan_record {
	const struct scan_member *member;
	size_t line_n;             /* bytes of the record's line */
	const struct rowid *id;    /* of a row that is no change, or NULL: */
	struct slice message_id;   /* without quotes */
	struct slice record_id;    /* a JSON string; READER_PAD bytes follow */
	const struct slice *extra; /* computed values; empty: none */
	size_t extra_n;            /* bytes of them all */
	size_t absent; /* index of an optional member to leave out, or SIZE_MAX
			*/
};

/* The values of one record that something is done to. All-zero at first. */
struct plan_values {
	struct buf text;
	struct plan_value {
		size_t at, n; /* in text */
		bool omit;
	} * v; /* owned */
	size_t size;
	char why[200];
};

void plan_values_clear(struct plan_values *v);

/* Never NULL; free with plan_free. The tree may go afterwards, its fields are
 * taken. exact: numbers that are not number_safe stay numbers.
 */
struct plan *plan_new(struct tree *t, bool exact) MUST_USE;

/* NULL is allowed. */
void plan_free(struct plan *p);

/* Whether there is anything for plan_prepare to do. */
bool plan_prepares(const struct plan *p);

/* Do to the values of a record what is to be done: 0, or -1 with why in *v. */
int plan_prepare(const struct plan *p, const struct plan_record *r,
		 struct plan_values *v);

/* The event of one record at the end of b; v is what plan_prepare filled. The
 * caller has seen to it that the members of TREE_ID and TREE_TEXT ends are
 * strings or numbers, or null where they are optional.
 */
void plan_write(const struct plan *p, const struct plan_record *r,
		const struct plan_values *v, struct buf *b);

#endif
