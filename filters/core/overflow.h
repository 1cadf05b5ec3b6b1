/* overflow.h - bytes of a stream that wait in a temporary file, in order.
 *
 * Floor 0. First in, first out. The unnamed file is created with the first
 * bytes.
 */
#ifndef CORE_OVERFLOW_H
#define CORE_OVERFLOW_H

#include "core/err.h"
#include "core/slice.h"

struct overflow;

/* Holds at most max_bytes between two times that it is empty. Never NULL. */
struct overflow *overflow_new(uint64_t max_bytes) MUST_USE;
void overflow_free(struct overflow *o);

/* Appends s. -1 with *e set, and nothing changed:
 *
 *     ERR_TEMP           there would be more than max_bytes
 *     ERR_CREATE ERR_IO  the temporary file
 */
int overflow_add(struct overflow *o, struct slice s, struct err *e) MUST_USE;

/* The next bytes that are available, borrowed until the next call; none if it
 * is empty. ERR_IO.
 */
int overflow_next(struct overflow *o, struct slice *s, struct err *e) MUST_USE;

/* Removes the first n bytes that the last overflow_next returned. */
void overflow_take(struct overflow *o, size_t n);

/* The number of bytes in it. */
uint64_t overflow_left(const struct overflow *o);

#endif
