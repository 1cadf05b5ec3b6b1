/* native.h - rows through simple jq programs (native_jq.h), without libjq.
 *
 * Floor 2 (map). When all expressions of a mapping are simple, its rows are
 * done here, but for odd ones. What leaves is to the byte what compute.h would
 * have written. Where only the condition is simple, rows that it leaves out are
 * found here, and libjq never sees them.
 */
#ifndef MAP_NATIVE_H
#define MAP_NATIVE_H

#include "map/parts.h"

/* Sets m->native, or m->gate where the condition is simple and another
 * expression is not; m->expr must be there.
 */
void native_init(struct maker *m);

/* NULL is allowed. */
void native_free(struct native *q);

/* The row that was read: 1 when what happens to it is written, 0 when it is for
 * libjq, -1 as result_note. Nothing of earlier rows may be due.
 */
int native_row(struct maker *m, struct err *e) MUST_USE;

/* Whether m->gate says that the row which was read is left out; else it does
 * not, or does not know.
 */
bool native_left_out(struct maker *m);

/* A line for each expression, which says by what it is run, and why. */
void native_explain(const struct maker *m, struct buf *b);

/* What is said of a row of which nothing was made. */
const char *native_nothing(const struct mapping *m);

#endif
