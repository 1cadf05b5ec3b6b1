#include "core/text.h"

size_t text_char(struct slice s, uint32_t *c)
{
	const unsigned char *u = (const unsigned char *)s.p;
	size_t n = u[0] < 0x80 ? 1 : u[0] < 0xe0 ? 2 : u[0] < 0xf0 ? 3 : 4;

	*c = n == 1 ? u[0] : u[0] & (0x7fu >> n);
	if (n == 1)
		return 1;
	if (u[0] < 0xc2 || u[0] > 0xf4 || s.n < n)
		return 0;
	for (size_t i = 1; i < n; i++) {
		if ((u[i] & 0xc0) != 0x80)
			return 0;
		*c = *c << 6 | (u[i] & 63);
	}
	if ((n == 3 && (*c < 0x800 || (*c >= 0xd800 && *c <= 0xdfff))) ||
	    (n == 4 && (*c < 0x10000 || *c > 0x10ffff)))
		return 0;
	return n;
}

size_t text_last(struct slice s, uint32_t *c)
{
	size_t n = 1;

	while (n < s.n && n < 4 && ((unsigned char)s.p[s.n - n] & 0xc0) == 0x80)
		n++;
	return text_char(slice_of(s.p + s.n - n, n), c) == n ? n : 0;
}

bool text_space(uint32_t c)
{
	return c <= 0x20 || c == 0x85 || c == 0xa0 || c == 0x1680 ||
	       (c >= 0x2000 && c <= 0x200a) || c == 0x2028 || c == 0x2029 ||
	       c == 0x202f || c == 0x205f || c == 0x3000 || c == 0xfeff;
}

struct slice text_trim(struct slice s)
{
	size_t n;
	uint32_t c;

	while (s.n > 0 && (n = text_char(s, &c)) > 0 && text_space(c))
		s = slice_of(s.p + n, s.n - n);
	while (s.n > 0 && (n = text_last(s, &c)) > 0 && text_space(c))
		s.n -= n;
	return s;
}

bool text_hidden(uint32_t c)
{
	static const struct {
		uint32_t from, to;
	} hidden[] = {
		{0, 0x1f},          {0x7f, 0x9f},       {0xad, 0xad},
		{0x34f, 0x34f},     {0x61c, 0x61c},     {0x115f, 0x1160},
		{0x17b4, 0x17b5},   {0x180b, 0x180f},   {0x200b, 0x200f},
		{0x2028, 0x202e},   {0x2060, 0x206f},   {0x3164, 0x3164},
		{0xfe00, 0xfe0d},   {0xfeff, 0xfeff},   {0xffa0, 0xffa0},
		{0xfff0, 0xfffb},   {0x1bca0, 0x1bca3}, {0x1d173, 0x1d17a},
		{0xe0000, 0xe0fff},
	};

	if (c >= 0x20 && c < 0x7f)
		return false;
	for (size_t i = 0; i < COUNT_OF(hidden); i++) {
		if (c >= hidden[i].from && c <= hidden[i].to)
			return true;
	}
	return false;
}

size_t text_whole(struct slice s)
{
	size_t from = s.n;
	uint32_t c;

	while (from > 0 && s.n - from < 3 &&
	       ((unsigned char)s.p[from - 1] & 0xc0) == 0x80)
		from--;
	if (from == 0 || (unsigned char)s.p[from - 1] < 0xc0)
		return s.n;
	from--;
	return text_char(slice_of(s.p + from, s.n - from), &c) > 0 ? s.n : from;
}
