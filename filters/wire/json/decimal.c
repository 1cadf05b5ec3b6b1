#include "wire/json/decimal.h"

#include <stdlib.h>

#include "core/mem.h"
#include "core/num.h"

bool decimal_take(struct decimal *d, struct slice s, char *room)
{
	size_t i = *s.p == '-', n = 0, point = 0, first = 0, last = 0;
	bool dot = false, any = false, e_negative = false;
	uint64_t e = 0;

	for (; i < s.n && (s.p[i] | 0x20) != 'e'; i++) {
		if (s.p[i] == '.') {
			dot = true;
			continue;
		}
		room[n++] = s.p[i];
		point += !dot;
		if (s.p[i] == '0')
			continue;
		if (!any)
			first = n - 1;
		any = true;
		last = n;
	}
	if (i < s.n && any) {
		i++;
		if (s.p[i] == '+' || s.p[i] == '-')
			e_negative = s.p[i++] == '-';
		if (num_uint(slice_of(s.p + i, s.n - i), &e) < 0 ||
		    e > INT64_MAX / 4)
			return false;
	}
	*d = (struct decimal){
		.digits = room + first,
		.n = last - first,
		.power = (int64_t)point - (int64_t)first +
			 (e_negative ? -(int64_t)e : (int64_t)e),
		.negative = *s.p == '-',
	};
	return true;
}

int decimal_order(const struct decimal *a, const struct decimal *b)
{
	int a_sign = a->n == 0 ? 0 : a->negative ? -1 : 1;
	int b_sign = b->n == 0 ? 0 : b->negative ? -1 : 1;

	if (a_sign != b_sign || a_sign == 0)
		return (a_sign > b_sign) - (a_sign < b_sign);
	if (a->power != b->power)
		return a->power < b->power ? -a_sign : a_sign;
	return a_sign * slice_order(slice_of(a->digits, a->n),
				    slice_of(b->digits, b->n));
}

/* Whether there is a negative exponent. */
static bool divides(struct slice number)
{
	return memmem(number.p, number.n, "e-", 2) ||
	       memmem(number.p, number.n, "E-", 2);
}

/* Adds an integral number of at most DECIMAL_ID digits. */
static void put_whole(struct buf *b, const struct decimal *d)
{
	if (d->n == 0) {
		buf_char(b, '0');
		return;
	}
	if (d->negative)
		buf_char(b, '-');
	buf_add(b, d->digits, d->n);
	for (size_t i = d->n; i < (size_t)d->power; i++)
		buf_char(b, '0');
}

int decimal_id(struct buf *b, struct slice number)
{
	char small[64];
	char *room =
		number.n <= sizeof(small) ? small : mem_resize(NULL, number.n);
	struct decimal d;
	bool read = decimal_take(&d, number, room);
	bool whole =
		read ? d.n == 0 || d.power >= (int64_t)d.n : !divides(number);
	int rc = whole && (!read || (d.n > 0 && d.power > DECIMAL_ID)) ? -1 : 0;

	if (rc == 0 && b && whole)
		put_whole(b, &d);
	else if (rc == 0 && b)
		buf_slice(b, number);
	if (room != small)
		free(room);
	return rc;
}
