/* mapping_change.h - compares the mapping with the one that the state of the
 * stream was delivered with.
 *
 * Floor 2 (map). rudder-stream(5) describes the members of the begin line:
 * `was`, which rudder-diff writes, and `mapping`, which rudder-map adds. The
 * commit decides what happens on a difference.
 */
#ifndef MAP_MAPPING_CHANGE_H
#define MAP_MAPPING_CHANGE_H

#include "core/buf.h"
#include "core/err.h"

struct makers;
struct map;

/* Called when the begin line was read: compares the mappings, and warns of the
 * settings that changed. ERR_CONFIG if the event type or the columns that
 * identify a user changed, unless the begin line accepts that.
 */
int mapping_change_begin(struct map *m, struct err *e) MUST_USE;

/* Appends the description of the mappings as JSON to b: the value of the begin
 * line's member `mapping`.
 */
void mapping_change_record(const struct makers *makers, struct buf *b);

/* Appends the members for the begin line, each after a comma: the mapping,
 * unless the stream has no state, and what changed in it, for rudder plan.
 */
void mapping_change_show(const struct map *m, struct buf *b);

#endif
