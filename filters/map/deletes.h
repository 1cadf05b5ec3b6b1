/* deletes.h - checks whether the mappings can map the deletes of a stream.
 *
 * Floor 2 (map). Decided at the begin line, so that a sync whose deletes would
 * all be lost is rejected before anything is sent. rudder-stream(5) describes
 * what rudder-diff writes there.
 */
#ifndef MAP_DELETES_H
#define MAP_DELETES_H

#include "core/buf.h"
#include "core/err.h"

struct map;

/* What the begin line states about deletes. All-zero before it, or without one.
 */
struct deletes {
	bool mirror;    /* rows missing from the source are deleted */
	bool stateful;  /* the stream comes from a state, or a dry run of one */
	bool known;     /* the begin line names the key columns */
	bool whole;     /* deletes have all columns */
	struct buf key; /* names of key and identity columns, each with NUL */
	struct buf patterns; /* patterns of --keep, each with NUL */
};

/* Called when the begin line was read: stores it and checks the mappings.
 * ERR_CONFIG if the stream is from a state in mirror mode and no mapping can
 * delete, or if a mapping can turn two identities into one. If every delete
 * would be rejected because it lacks the columns that identify it, that error
 * goes to m->base.lacks, and nothing is written until the first row or the end:
 * a mistyped column name may be the cause, and then deletes_lack reports that
 * instead.
 */
int deletes_begin(struct map *m, struct err *e) MUST_USE;

/* Called if m->base.lacks is set, at the first row or the end. Reports a column
 * that the row does not have, otherwise m->base.lacks. Always returns -1.
 */
int deletes_lack(const struct map *m, struct err *e) MUST_USE;

/* Whether the (decoded) name is one of the key or identity columns. */
bool deletes_is_key(const struct deletes *d, struct slice name);

void deletes_clear(struct deletes *d);

#endif
