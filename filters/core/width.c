#include "core/width.h"

#include <locale.h>
#include <stdlib.h>
#include <wchar.h>

#include "core/text.h"

/* The character at the start of s, which is not empty: its length, and its code
 * point, or U+FFFD if it is not valid UTF-8.
 */
static size_t character(struct slice s, wchar_t *c)
{
	const unsigned char *u = (const unsigned char *)s.p;
	size_t n = u[0] < 0x80 ? 1 : u[0] < 0xe0 ? 2 : u[0] < 0xf0 ? 3 : 4;
	unsigned v = n == 1 ? u[0] : u[0] & (0x7fu >> n);
	size_t i = 1;

	for (; i < n && i < s.n && (u[i] & 0xc0) == 0x80; i++)
		v = v << 6 | (u[i] & 63);
	*c = i == n && (u[0] < 0x80 || u[0] >= 0xc2) ? (wchar_t)v : 0xfffd;
	return i;
}

/* Skips characters until the next would not fit: returns their length; *columns
 * gets their columns.
 */
static size_t step(struct slice s, size_t max, size_t *columns)
{
	locale_t utf8 = newlocale(LC_CTYPE_MASK, "C.UTF-8", (locale_t)0);
	locale_t was = utf8 ? uselocale(utf8) : (locale_t)0;
	size_t at = 0;

	*columns = 0;
	while (at < s.n) {
		wchar_t c;
		size_t n = character(slice_of(s.p + at, s.n - at), &c);
		int w = c < 0x80 || !utf8 ? 1 : wcwidth(c);
		size_t takes = w < 0 ? 1 : (size_t)w;

		if (takes > max - *columns)
			break;
		*columns += takes;
		at += n;
	}
	if (utf8) {
		(void)uselocale(was);
		freelocale(utf8);
	}
	return at;
}

size_t width_of(struct slice s)
{
	size_t columns;

	(void)step(s, SIZE_MAX, &columns);
	return columns;
}

size_t width_bytes(struct slice s, size_t columns)
{
	size_t taken;

	return step(s, columns, &taken);
}

size_t width_control(const char *p, size_t n)
{
	uint32_t c;
	size_t bytes = text_char(slice_of(p, n), &c);

	return bytes > 0 && text_hidden(c) ? bytes : 0;
}
