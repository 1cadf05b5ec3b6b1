/* mapping_change.h - the mapping in the begin line, compared with the one that
 * the state of the stream was delivered with.
 *
 * Floor 2 (map). rudder-stream(5) has the members: `was` of rudder-diff, and
 * `mapping`, which rudder-map adds. What follows from a difference is up to the
 * commit.
 */
#ifndef MAP_MAPPING_CHANGE_H
#define MAP_MAPPING_CHANGE_H

#include "core/buf.h"
#include "core/err.h"

struct makers;
struct map;

/* The begin line was read: compares, with a warning that names what changed.
 * ERR_CONFIG when the event type or the columns that identify a user are not
 * those of the state, unless the begin line accepts that.
 */
int mapping_change_begin(struct map *m, struct err *e) MUST_USE;

/* What tells the mapping from another, as JSON at the end of b: the value of
 * the member for the begin line.
 */
void mapping_change_record(const struct makers *makers, struct buf *b);

/* The members for the begin line, each with a comma in front: the mapping,
 * unless the stream is of no state, and what changed in it, for rudder plan.
 */
void mapping_change_show(const struct map *m, struct buf *b);

#endif
