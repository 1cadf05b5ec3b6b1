/* deletes.h - checks whether the mappings can map the deletes of a stream.
 *
 * Floor 2 (map). Judged by the begin line, so that a sync whose deletes would
 * all be lost is refused before anything is sent. What rudder-diff says there
 * is in rudder-stream(5).
 */
#ifndef MAP_DELETES_H
#define MAP_DELETES_H

#include "core/buf.h"
#include "core/err.h"

struct map;

/* All-zero before a begin line, and without one. */
struct deletes {
	bool mirror;    /* rows that disappear are deleted */
	bool stateful;  /* the stream is of a state, or of a dry run of one */
	bool known;     /* it names the key columns */
	bool whole;     /* a delete has all columns */
	struct buf key; /* names of key and identity columns, NUL behind */
	struct buf patterns; /* what --keep adds, likewise */
};

/* The begin line was read: takes it, and checks it against the mappings.
 * ERR_CONFIG when the stream is of a state in mirror mode and nothing in the
 * run can delete, or when a mapping makes one identity of two. When every
 * delete would be rejected because it lacks the columns that identify it, that
 * goes to m->base.lacks: the first row, or the end, shows whether a mistyped
 * name is the cause, which is then the better message (deletes_lack), and
 * nothing is written before.
 */
int deletes_begin(struct map *m, struct err *e) MUST_USE;

/* With m->base.lacks, at the first line that decides: a column that the row
 * does not have, otherwise m->base.lacks. Always -1.
 */
int deletes_lack(const struct map *m, struct err *e) MUST_USE;

/* Whether the (decoded) name is one of the key or identity columns. */
bool deletes_is_key(const struct deletes *d, struct slice name);

void deletes_clear(struct deletes *d);

#endif
