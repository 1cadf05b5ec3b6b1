/* value_digits.h - finds the fewest decimal digits that read back as a number.
 *
 * Floor 2 (query). Of several such texts of that length it is the one nearest
 * to the number, as JavaScript and PostgreSQL write it.
 */
#ifndef QUERY_VALUE_DIGITS_H
#define QUERY_VALUE_DIGITS_H

#include <stdbool.h>
#include <stddef.h>

struct value_digits {
	char digit[20];
	size_t n;
	int point; /* digits before the decimal point; may be 0, negative, or
		    * more than n */
};

/* v must be finite and above 0. is_float: v is a float, and is read back as
 * one.
 */
void value_digits(double v, bool is_float, struct value_digits *d);

#endif
