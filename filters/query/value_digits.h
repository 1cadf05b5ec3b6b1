/* value_digits.h - the fewest decimal digits that read back as a number.
 *
 * Floor 2 (query). Of several such texts of that length, the one next to the
 * number, as JavaScript and PostgreSQL write it.
 */
#ifndef QUERY_VALUE_DIGITS_H
#define QUERY_VALUE_DIGITS_H

#include <stdbool.h>
#include <stddef.h>

struct value_digits {
	char digit[20];
	size_t n;
	int point; /* digits before the decimal point: 0 or less, or more than
		      n, too */
};

/* Of v > 0, finite; is_float: it is one, and is read back as one. */
void value_digits(double v, bool is_float, struct value_digits *d);

#endif
