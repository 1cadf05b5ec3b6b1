/* overflow.h - bytes of a stream that wait in a temporary file, in order.
 *
 * Floor 0. First in, first out; the file has no name, and is made when the
 * first bytes come.
 */
#ifndef CORE_OVERFLOW_H
#define CORE_OVERFLOW_H

#include "core/err.h"
#include "core/slice.h"

struct overflow;

/* One that holds at most max_bytes since it was empty last. Never NULL. */
struct overflow *overflow_new(uint64_t max_bytes) MUST_USE;
void overflow_free(struct overflow *o);

/* Appends s. -1 with *e set, and nothing is changed:
 *
 *     ERR_TEMP           that would be more than max_bytes
 *     ERR_CREATE ERR_IO  the temporary file
 */
int overflow_add(struct overflow *o, struct slice s, struct err *e) MUST_USE;

/* The next bytes, borrowed until the next call: some, as many as are at hand,
 * or none where it is empty. ERR_IO.
 */
int overflow_next(struct overflow *o, struct slice *s, struct err *e) MUST_USE;

/* The first n bytes of the last overflow_next are done with. */
void overflow_take(struct overflow *o, size_t n);

/* Bytes in it. */
uint64_t overflow_left(const struct overflow *o);

#endif
