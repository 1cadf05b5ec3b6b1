/* jqjson.h - converts JSON text to values of libjq and back, faster than libjq.
 *
 * Floor 1 (wire). libjq parses byte by byte, and prints into strings that it
 * grows. Plain values are converted here; other numbers go to libjq itself, so
 * that the results are the same.
 */
#ifndef WIRE_JQ_JQJSON_H
#define WIRE_JQ_JQJSON_H

#include <jv.h>

#include "core/buf.h"

/* The maximal nesting of a value that is written, so that an event around it
 * stays within SCAN_DEPTH.
 */
enum { JQJSON_DEPTH = 250 };

/* The value of a text that has passed scan.h; invalid, with libjq's message, if
 * libjq does not accept it (half of a surrogate pair).
 */
jv jqjson_read(struct slice text);

/* Appends its JSON text to b, compact and with as few escapes as possible: 0,
 * or -1 if it is nested too deep. Takes v.
 */
int jqjson_write(struct buf *b, jv v) MUST_USE;

/* Whether a text that has passed scan.h has the form that jqjson_write writes:
 * compact, with as few escapes as possible, and not nested deeper than depth.
 */
bool jqjson_is_written(struct slice text, size_t depth);

/* Appends the number as libjq prints it. */
void jqjson_number(struct buf *b, double d);

/* Whether libjq keeps the text of numbers (1.7 and later). */
bool jqjson_keeps_numbers(void);

#endif
