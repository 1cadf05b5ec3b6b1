#include "map/value/mask.h"

#include <openssl/evp.h>
#include <openssl/hmac.h>

#include "core/text.h"
#include "map/value/casing.h"
#include "wire/json/json.h"

static const char no_hash[] = "not hashed: OpenSSL has no SHA-256";

enum { SHA256_DIGITS = 64, PHONE_LEAST = 7, PHONE_MOST = 15 };

static void truncated(struct slice s, size_t max, struct buf *b)
{
	size_t i = 0;
	uint32_t c;

	for (size_t n = 0; i < s.n && n < max; n++)
		i += text_char(slice_of(s.p + i, s.n - i), &c);
	buf_add(b, s.p, i);
}

void mask_work_clear(struct field_work *w)
{
	EVP_MD_CTX_free(w->digest);
	EVP_MD_free(w->sha256);
}

/* Starts a SHA-256. The algorithm is fetched from OpenSSL once, because the
 * fetch takes longer than to hash an email address.
 */
static bool digest_begin(struct field_work *w)
{
	if (!w->digest) {
		w->sha256 = EVP_MD_fetch(NULL, "SHA256", NULL);
		w->digest = EVP_MD_CTX_new();
	}
	return w->sha256 && w->digest &&
	       EVP_DigestInit_ex(w->digest, w->sha256, NULL);
}

static bool sha256(struct field_work *w, struct slice s, struct buf *b)
{
	unsigned char out[EVP_MAX_MD_SIZE];
	unsigned n = 0;

	if (!digest_begin(w) || !EVP_DigestUpdate(w->digest, s.p, s.n) ||
	    !EVP_DigestFinal_ex(w->digest, out, &n))
		return false;
	buf_hex(b, out, n);
	return true;
}

static bool hmac(const struct buf *key, struct slice s, struct buf *b)
{
	unsigned char out[EVP_MAX_MD_SIZE];
	unsigned n = 0;

	if (!HMAC(EVP_sha256(), key->p, (int)key->n, (const unsigned char *)s.p,
		  s.n, out, &n))
		return false;
	buf_hex(b, out, n);
	return true;
}

static bool is_digit(char c)
{
	return c >= '0' && c <= '9';
}

static bool is_sha256(struct slice s)
{
	size_t n = 0;

	while (n < s.n && (is_digit(s.p[n]) ||
			   ((s.p[n] | 0x20) >= 'a' && (s.p[n] | 0x20) <= 'f')))
		n++;
	return n == s.n && n == SHA256_DIGITS;
}

static void digits(struct slice s, struct buf *b)
{
	for (size_t i = 0; i < s.n; i++) {
		if (is_digit(s.p[i]))
			buf_char(b, s.p[i]);
	}
}

/* Appends the digits of a phone number without separators such as blanks,
 * dashes and parentheses. Returns false if there is any other character.
 */
static bool phone_digits(struct slice s, struct buf *b)
{
	uint32_t c;

	while (s.n > 0) {
		size_t n = text_char(s, &c);

		if (slice_starts(s, "(0)"))
			n = 3; /* the 0 is for callers in the country */
		else if (is_digit(*s.p))
			buf_char(b, *s.p);
		else if (n == 0 || (!strchr("-./()", *s.p) && !text_space(c) &&
				    !(c >= 0x2010 && c <= 0x2015)))
			return false;
		s = slice_of(s.p + n, s.n - n);
	}
	return true;
}

/* Appends a phone number as ITU-T E.164: "+4930123456" for both "+49 (0)30
 * 123456" and "0049-30-123456". Blank text gives nothing and is not an error.
 */
static bool e164(struct slice s, struct buf *b)
{
	size_t from = b->n, n;

	s = text_trim(s);
	if (s.n == 0)
		return true;
	if (*s.p == '+')
		s = slice_of(s.p + 1, s.n - 1);
	else if (slice_starts(s, "00"))
		s = slice_of(s.p + 2, s.n - 2);
	else
		return false;
	buf_char(b, '+');
	if (!phone_digits(s, b))
		return false;
	n = b->n - from - 1;
	return n >= PHONE_LEAST && n <= PHONE_MOST && b->p[from + 1] != '0';
}

static const struct field_step *first_hash(const struct field *f)
{
	size_t i = 0;

	while (f->step[i].what != FIELD_SHA256)
		i++;
	return &f->step[i];
}

/* Applies one step of the mask to w->text and appends the result to b. Returns
 * as mask_value does.
 */
static int one_step(const struct field *f, const struct field_step *step,
		    struct field_work *w, struct buf *b,
		    struct field_said *said)
{
	bool hash = step->what == FIELD_SHA256 || step->what == FIELD_HMAC;
	struct slice s = buf_all(&w->text);

	if (hash && text_trim(s).n == 0)
		return 0;
	switch (step->what) {
	case FIELD_TRIM:
		buf_slice(b, text_trim(s));
		break;
	case FIELD_LOWER:
		casing_lower(s, b);
		break;
	case FIELD_SHA256:
		said->hashed |= step == first_hash(f) && is_sha256(s);
		said->why = no_hash;
		return sha256(w, s, b) ? 1 : -1;
	case FIELD_HMAC:
		said->why = no_hash;
		return hmac(f->key, s, b) ? 1 : -1;
	case FIELD_REDACT:
		buf_str(b, "[redacted]");
		break;
	case FIELD_TRUNCATE:
		truncated(s, step->n, b);
		break;
	case FIELD_DIGITS:
		digits(s, b);
		break;
	case FIELD_E164:
		said->why = "not a phone number that starts with + or 00";
		return e164(s, b) ? 1 : -1;
	}
	return 1;
}

int mask_value(const struct field *f, struct field_work *w, struct buf *b,
	       struct field_said *said)
{
	struct slice json = buf_all(&w->value);
	int rc = 1;

	w->text.n = 0;
	if (json.n > 0 && *json.p == '"')
		json_decode(&w->text, json_inner(json));
	else
		buf_slice(&w->text, json);
	for (size_t i = 0; i < f->n_steps && rc > 0; i++) {
		struct buf old = w->text;

		w->next.n = 0;
		buf_room(&w->next, 1);
		rc = one_step(f, &f->step[i], w, &w->next, said);
		w->text = w->next;
		w->next = old;
	}
	if (rc > 0)
		json_string(b, buf_all(&w->text));
	return rc;
}
