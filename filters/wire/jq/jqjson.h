/* jqjson.h - converts JSON text to values of libjq and back, faster than
 * libjq.
 *
 * Floor 2 (map). libjq looks at every byte of a text in its own time, and
 * prints by way of strings that it grows. What is plain is done here; numbers
 * that are not go to libjq itself, so that both give the same.
 */
#ifndef WIRE_JQ_JQJSON_H
#define WIRE_JQ_JQJSON_H

#include <jv.h>

#include "core/buf.h"

/* Levels of nesting that a value may have when it is written: an event around
 * it stays within SCAN_DEPTH.
 */
enum { JQJSON_DEPTH = 250 };

/* The value of a text that has passed scan.h; invalid, with libjq's message,
 * where libjq does not take it (half of a surrogate pair).
 */
jv jqjson_read(struct slice text);

/* Its JSON text at the end of b, compact and with the least of escapes: 0, or
 * -1 where it is nested too deep. Takes v.
 */
int jqjson_write(struct buf *b, jv v) MUST_USE;

/* Whether a text that has passed scan.h is as jqjson_write writes: compact,
 * with the least of escapes, and nested no deeper.
 */
bool jqjson_is_written(struct slice text, size_t depth);

/* The number as libjq prints it, at the end of b. */
void jqjson_number(struct buf *b, double d);

/* Whether libjq keeps the text of numbers (1.7 and later). */
bool jqjson_keeps_numbers(void);

#endif
