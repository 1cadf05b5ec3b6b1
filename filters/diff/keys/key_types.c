#include "diff/keys/key_types.h"

#include "wire/json/decimal.h"
#include "wire/json/json.h"

unsigned key_types_strings(const struct key *k, struct slice text)
{
	struct slice v[KEY_COLUMNS];
	unsigned strings = 0;

	if (k->n == 1)
		return *text.p == '"';
	key_values(k, text, v);
	for (size_t i = 0; i < k->n; i++)
		strings |= (*v[i].p == '"' ? 1u : 0u) << i;
	return strings;
}

static bool has_only(struct slice s, const char *bytes)
{
	size_t n = 0;

	while (n < s.n && s.p[n] && strchr(bytes, s.p[n]))
		n++;
	return n == s.n;
}

/* Whether a string is the id of a number; b is scratch memory. 007 is not, nor
 * is 7.0, because the id of that number is 7.
 */
static bool is_number_id(struct buf *b, struct slice s)
{
	size_t from = b->n;
	bool is = s.n > 0 && has_only(s, "0123456789+-.eE") &&
		  decimal_id(b, s) == 0 &&
		  slice_eq(slice_of(b->p + from, b->n - from), s);

	b->n = from;
	return is;
}

/* Adds the number whose id this string is; otherwise a text that is not a key.
 */
static void add_unquoted(struct buf *b, struct slice s)
{
	if (is_number_id(b, s))
		hash_canonical(b, s);
	else
		buf_slice(b, s);
}

void key_types(const struct key *k, struct slice text, struct key_types *t)
{
	struct slice v[KEY_COLUMNS];
	struct buf scratch = {0};

	*t = (struct key_types){0};
	key_values(k, text, v);
	for (size_t i = 0; i < k->n; i++) {
		struct slice s = json_inner(v[i]);

		if (*v[i].p != '"') {
			t->other |= 1u << i;
			continue;
		}
		t->strings |= 1u << i;
		if (slice_is(s, "true") || slice_is(s, "false") ||
		    is_number_id(&scratch, s))
			t->other |= 1u << i;
	}
	buf_clear(&scratch);
}

void key_types_retype(const struct key *k, struct buf *b, struct slice text,
		      unsigned columns)
{
	struct slice v[KEY_COLUMNS];

	key_values(k, text, v);
	for (size_t i = 0; i < k->n; i++) {
		if (k->n > 1)
			buf_char(b, i == 0 ? '[' : ',');
		if ((columns >> i & 1) == 0) {
			hash_canonical(b, v[i]);
		} else if (*v[i].p == '"') {
			add_unquoted(b, json_inner(v[i]));
		} else {
			buf_char(b, '"');
			buf_slice(b, v[i]);
			buf_char(b, '"');
		}
	}
	if (k->n > 1)
		buf_char(b, ']');
}
