/* native.h - maps rows with simple jq programs (native_jq.h), without libjq.
 *
 * Floor 2 (map). If all expressions of a mapping are simple, its rows are
 * mapped here, except odd ones. The output is the same to the byte as that of
 * compute.h. If only the condition is simple, rows that it excludes are found
 * here and are not passed to libjq.
 */
#ifndef MAP_NATIVE_H
#define MAP_NATIVE_H

#include "map/parts.h"

/* Sets m->programs.native if all expressions are simple, or m->programs.gate if
 * only the condition is. m->programs.expr must be set.
 */
void native_init(struct maker *m);

/* NULL is allowed. */
void native_free(struct native *q);

/* Maps the row that was read. Returns 1 if its result is written, 0 if libjq
 * has to map it, -1 as result_note. All earlier rows must be finished.
 */
int native_row(struct maker *m, struct err *e) MUST_USE;

/* Whether m->programs.gate excludes the row that was read. False also if that
 * is not known.
 */
bool native_left_out(struct maker *m);

/* Appends a line for each expression: which engine runs it, and why. */
void native_explain(const struct maker *m, struct buf *b);

/* The reason of a skip for a row of which no event was made. */
const char *native_nothing(const struct mapping *m);

#endif
