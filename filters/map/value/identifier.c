#include "map/value/identifier.h"

#include "core/text.h"
#include "wire/json/decimal.h"
#include "wire/json/json.h"

bool identifier_blank(struct slice string)
{
	struct slice s = json_inner(string);
	struct buf b = {0};
	bool blank;

	if (s.n > 0 && (unsigned char)*s.p > ' ' &&
	    (unsigned char)*s.p < 0x80 && *s.p != '\\')
		return false;
	json_decode(&b, s);
	blank = text_trim(buf_all(&b)).n == 0;
	buf_clear(&b);
	return blank;
}

/* Whether the column of m is in keys, so that its numbers are not rewritten. */
static bool is_listed(const struct scan_member *m, struct slice keys)
{
	struct buf name = {0};
	bool is = false;

	if (keys.n > 0)
		json_decode(&name, m->key);
	while (keys.n > 0 && !is) {
		size_t n = strlen(keys.p) + 1;

		is = slice_is(buf_all(&name), keys.p);
		keys = slice_of(keys.p + n, keys.n - n);
	}
	buf_clear(&name);
	return is;
}

enum identifier identifier_number(const struct scan_member *m,
				  struct slice keys)
{
	return decimal_id(NULL, m->value) == 0 || is_listed(m, keys)
		       ? IDENTIFIER_GOOD
		       : IDENTIFIER_LONG;
}

void identifier_text(const struct scan_member *m, struct slice keys,
		     struct buf *b)
{
	if (m->plain || is_listed(m, keys) || decimal_id(b, m->value) < 0)
		buf_slice(b, m->value);
}

struct slice identifier_string(const struct scan_member *m, int at,
			       struct slice keys, struct buf *b)
{
	if (at < 0 || identifier_of(&m[at], keys) != IDENTIFIER_GOOD)
		return slice_of(NULL, 0);
	if (m[at].kind == SCAN_STRING)
		return m[at].value;
	b->n = 0;
	buf_char(b, '"');
	identifier_text(&m[at], keys, b);
	buf_char(b, '"');
	return buf_all(b);
}
