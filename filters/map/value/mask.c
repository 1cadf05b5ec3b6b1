#include "map/value/mask.h"

#include <locale.h>
#include <openssl/evp.h>
#include <openssl/hmac.h>
#include <wctype.h>

#include "map/value/cast.h"
#include "wire/json/json.h"

/* Length of the UTF-8 character at p, and its code point. */
static size_t character(const char *p, wchar_t *c)
{
	const unsigned char *u = (const unsigned char *)p;
	size_t n = u[0] < 0x80 ? 1 : u[0] < 0xe0 ? 2 : u[0] < 0xf0 ? 3 : 4;
	unsigned v = n == 1 ? u[0] : u[0] & (0x7fu >> n);

	for (size_t i = 1; i < n; i++)
		v = v << 6 | (u[i] & 63);
	*c = (wchar_t)v;
	return n;
}

static void put_character(struct buf *b, wchar_t wide)
{
	unsigned c = (unsigned)wide;

	if (c < 0x80) {
		buf_char(b, (char)c);
		return;
	}
	if (c < 0x800) {
		buf_char(b, (char)(0xc0 | c >> 6));
	} else {
		if (c < 0x10000) {
			buf_char(b, (char)(0xe0 | c >> 12));
		} else {
			buf_char(b, (char)(0xf0 | c >> 18));
			buf_char(b, (char)(0x80 | (c >> 12 & 63)));
		}
		buf_char(b, (char)(0x80 | (c >> 6 & 63)));
	}
	buf_char(b, (char)(0x80 | (c & 63)));
}

static void lower(struct slice s, struct buf *b)
{
	locale_t utf8 = (locale_t)0;
	wchar_t c;

	for (size_t i = 0; i < s.n;) {
		size_t n = character(s.p + i, &c);

		if (c < 0x80) {
			buf_char(b, (char)(c >= 'A' && c <= 'Z' ? c + 32 : c));
		} else {
			if (!utf8)
				utf8 = newlocale(LC_CTYPE_MASK, "C.UTF-8",
						 (locale_t)0);
			if (utf8)
				c = (wchar_t)towlower_l((wint_t)c, utf8);
			put_character(b, c);
		}
		i += n;
	}
	if (utf8)
		freelocale(utf8);
}

static void truncated(struct slice s, size_t max, struct buf *b)
{
	size_t i = 0;
	wchar_t c;

	for (size_t n = 0; i < s.n && n < max; n++)
		i += character(s.p + i, &c);
	buf_add(b, s.p, i);
}

static void digest(const struct field *f, struct slice s, bool keyed,
		   struct buf *b)
{
	unsigned char out[EVP_MAX_MD_SIZE];
	unsigned n = 0;

	if (keyed)
		HMAC(EVP_sha256(), f->key->p, (int)f->key->n,
		     (const unsigned char *)s.p, s.n, out, &n);
	else
		EVP_Digest(s.p, s.n, out, &n, EVP_sha256(), NULL);
	buf_hex(b, out, n);
}

static void one_step(const struct field *f, const struct field_step *step,
		     struct slice s, struct buf *b)
{
	switch (step->what) {
	case FIELD_TRIM:
		buf_slice(b, cast_trimmed(s));
		break;
	case FIELD_LOWER:
		lower(s, b);
		break;
	case FIELD_SHA256:
		digest(f, s, false, b);
		break;
	case FIELD_HMAC:
		digest(f, s, true, b);
		break;
	case FIELD_REDACT:
		buf_str(b, "[redacted]");
		break;
	case FIELD_TRUNCATE:
		truncated(s, step->n, b);
		break;
	}
}

void mask_value(const struct field *f, struct slice json, struct buf *b)
{
	struct buf a = {0}, next = {0};

	if (json.n > 0 && *json.p == '"')
		json_decode(&a, json_inner(json));
	else
		buf_slice(&a, json);
	for (size_t i = 0; i < f->n_steps; i++) {
		struct buf old = a;

		next.n = 0;
		buf_room(&next, 1);
		one_step(f, &f->step[i], buf_all(&a), &next);
		a = next;
		next = old;
	}
	json_string(b, buf_all(&a));
	buf_clear(&a);
	buf_clear(&next);
}
