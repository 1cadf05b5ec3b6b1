#include "map/field.h"

#include <locale.h>
#include <openssl/evp.h>
#include <openssl/hmac.h>
#include <stdlib.h>
#include <wctype.h>

#include "core/clock.h"
#include "core/mem.h"
#include "core/num.h"
#include "core/opt.h"
#include "wire/json.h"

/* ---- settings --------------------------------------------------------- */

static const char *const nulls[] = {"", "keep", "omit", "empty", NULL};
static const char *const casts[] = {"",        "string",    "integer", "number",
				    "boolean", "timestamp", NULL};
static const char *const steps[] = {"trim",   "lower",     "sha256", "hmac",
				    "redact", "truncate:", NULL};

static int find_word(const char *const *words, const char *word,
		     const char *what, struct err *e)
{
	const char *near;

	for (int i = 0; words[i]; i++) {
		if (*words[i] && strcmp(words[i], word) == 0)
			return i;
	}
	near = opt_nearest(word, words);
	return near && *near
		       ? err_set(e, ERR_CONFIG,
				 "unknown %s '%s'; did you mean '%s'?", what,
				 word, near)
		       : err_set(e, ERR_CONFIG, "unknown %s '%s'", what, word);
}

int field_set_null(struct field *f, const char *word, struct err *e)
{
	int i = find_word(nulls, word, "null policy", e);

	if (i >= 0)
		f->null = (enum field_null)i;
	return i < 0 ? -1 : 0;
}

int field_set_cast(struct field *f, const char *word, struct err *e)
{
	int i = find_word(casts, word, "cast", e);

	if (i >= 0)
		f->cast = (enum field_cast)i;
	return i < 0 ? -1 : 0;
}

static int set_step(struct field *f, const char *word, struct err *e)
{
	struct field_step step = {0};
	uint64_t n;
	int i;

	if (strncmp(word, "truncate:", 9) == 0) {
		if (num_uint(slice_str(word + 9), &n) < 0 || n > 1000000)
			return err_set(e, ERR_CONFIG,
				       "mask '%s': expected truncate:N", word);
		step.what = FIELD_TRUNCATE;
		step.n = (size_t)n;
	} else {
		i = find_word(steps, word, "mask", e);
		if (i < 0)
			return -1;
		step.what = (enum field_action)i;
	}
	if (f->n_steps == FIELD_STEPS)
		return err_set(e, ERR_CONFIG, "a mask has at most %d steps",
			       FIELD_STEPS);
	f->step[f->n_steps++] = step;
	return 0;
}

int field_set_mask(struct field *f, const char *word, struct err *e)
{
	f->n_steps = 0;
	for (;;) {
		size_t n = strcspn(word, "+");
		char *one = mem_copy(word, n);
		int rc = set_step(f, one, e);

		free(one);
		if (rc < 0)
			return -1;
		if (!word[n])
			return 0;
		word += n + 1;
	}
}

const char *field_null_word(enum field_null null)
{
	return *nulls[null] ? nulls[null] : NULL;
}

const char *field_cast_word(enum field_cast cast)
{
	return *casts[cast] ? casts[cast] : NULL;
}

void field_mask_text(struct buf *b, const struct field *f)
{
	for (size_t i = 0; i < f->n_steps; i++) {
		buf_fmt(b, "%s%s", i > 0 ? "+" : "", steps[f->step[i].what]);
		if (f->step[i].what == FIELD_TRUNCATE)
			buf_fmt(b, "%zu", f->step[i].n);
	}
}

void field_merge(struct field *f, const struct field *more)
{
	if (more->null != FIELD_AS_SET)
		f->null = more->null;
	if (more->cast != FIELD_AS_IS)
		f->cast = more->cast;
	if (more->fallback) {
		free(f->fallback);
		f->fallback = mem_copy(more->fallback, more->fallback_n);
		f->fallback_n = more->fallback_n;
	}
	if (more->n_steps > 0) {
		memcpy(f->step, more->step, sizeof(f->step));
		f->n_steps = more->n_steps;
	}
	if (more->key)
		f->key = more->key;
}

void field_clear(struct field *f)
{
	free(f->fallback);
	*f = (struct field){0};
}

bool field_needs_key(const struct field *f)
{
	for (size_t i = 0; i < f->n_steps; i++) {
		if (f->step[i].what == FIELD_HMAC)
			return true;
	}
	return false;
}

bool field_active(const struct field *f)
{
	return f->null > FIELD_KEEP || f->cast != FIELD_AS_IS || f->fallback ||
	       f->n_steps > 0;
}

/* ---- casts ------------------------------------------------------------ */

/* What the value says as text: strings decoded, all else as written. */
static void plain_text(const struct scan_member *m, struct buf *b)
{
	if (m->kind == SCAN_STRING)
		json_decode(b, json_inner(m->value));
	else
		buf_slice(b, m->value);
}

static struct slice trimmed(struct slice s)
{
	while (s.n > 0 && (unsigned char)*s.p <= ' ')
		s = slice_of(s.p + 1, s.n - 1);
	while (s.n > 0 && (unsigned char)s.p[s.n - 1] <= ' ')
		s.n--;
	return s;
}

static bool digits_only(struct slice s)
{
	for (size_t i = 0; i < s.n; i++) {
		if (s.p[i] < '0' || s.p[i] > '9')
			return false;
	}
	return s.n > 0;
}

/* An integer in JSON's form: no plus, no leading zeros; a fraction of zeros
 * goes.
 */
static int cast_integer(struct slice s, struct buf *b)
{
	const char *dot;
	bool minus;

	s = trimmed(s);
	minus = s.n > 0 && *s.p == '-';
	if (s.n > 0 && (*s.p == '-' || *s.p == '+'))
		s = slice_of(s.p + 1, s.n - 1);
	dot = s.n > 0 ? memchr(s.p, '.', s.n) : NULL;
	if (dot) {
		for (const char *p = dot + 1; p < s.p + s.n; p++) {
			if (*p != '0')
				return -1;
		}
		s.n = (size_t)(dot - s.p);
	}
	if (!digits_only(s))
		return -1;
	while (s.n > 1 && *s.p == '0')
		s = slice_of(s.p + 1, s.n - 1);
	if (minus && !slice_is(s, "0"))
		buf_char(b, '-');
	buf_slice(b, s);
	return 0;
}

static int cast_number(struct slice s, struct buf *b)
{
	struct scan *scan = scan_new();
	struct buf copy = {0};
	enum scan_kind kind;
	int rc;

	s = trimmed(s);
	buf_slice(&copy, s);
	memset(buf_room(&copy, 80), 0, 80); /* scan wants a pad */
	rc = scan_value(scan, buf_all(&copy), &kind);
	if (rc == 0 && kind == SCAN_NUMBER)
		buf_slice(b, s);
	else
		rc = -1;
	buf_clear(&copy);
	scan_free(scan);
	return rc;
}

static int cast_boolean(struct slice s, struct buf *b)
{
	static const char *const yes[] = {"true", "t", "yes", "y", "on", "1"};
	static const char *const no[] = {"false", "f", "no", "n", "off", "0"};

	s = trimmed(s);
	for (size_t i = 0; i < COUNT_OF(yes); i++) {
		if (s.n == strlen(yes[i]) &&
		    strncasecmp(s.p, yes[i], s.n) == 0) {
			buf_str(b, "true");
			return 0;
		}
		if (s.n == strlen(no[i]) && strncasecmp(s.p, no[i], s.n) == 0) {
			buf_str(b, "false");
			return 0;
		}
	}
	return -1;
}

/* Two digits up to max, or -1. */
static int two(const char *p, int max)
{
	int v;

	if (p[0] < '0' || p[0] > '9' || p[1] < '0' || p[1] > '9')
		return -1;
	v = (p[0] - '0') * 10 + p[1] - '0';
	return v <= max ? v : -1;
}

static bool is_date(struct slice s)
{
	return s.n >= 10 && digits_only(slice_of(s.p, 4)) && s.p[4] == '-' &&
	       two(s.p + 5, 12) > 0 && s.p[7] == '-' && two(s.p + 8, 31) > 0;
}

/* "Z", "+00", "+0530", "+05:30", or nothing, which is UTC. */
static int put_zone(struct slice s, struct buf *b)
{
	int hours, minutes = 0;

	if (s.n == 0 || slice_is(s, "Z") || slice_is(s, "z") ||
	    slice_is(s, " UTC")) {
		buf_char(b, 'Z');
		return 0;
	}
	if ((*s.p != '+' && *s.p != '-') || s.n < 3)
		return -1;
	hours = two(s.p + 1, 23);
	if (s.n == 5)
		minutes = two(s.p + 3, 59);
	else if (s.n == 6 && s.p[3] == ':')
		minutes = two(s.p + 4, 59);
	else if (s.n != 3)
		return -1;
	if (hours < 0 || minutes < 0)
		return -1;
	if (hours == 0 && minutes == 0)
		buf_char(b, 'Z');
	else
		buf_fmt(b, "%c%02d:%02d", *s.p, hours, minutes);
	return 0;
}

/* "2024-05-07", or with a time behind a T or blank, a fraction, a zone. */
static int put_time(struct slice s, struct buf *b)
{
	size_t n = 19;

	if (!is_date(s))
		return -1;
	buf_add(b, s.p, 10);
	if (s.n == 10) {
		buf_str(b, "T00:00:00Z");
		return 0;
	}
	if (s.n < 19 || (s.p[10] != 'T' && s.p[10] != ' ' && s.p[10] != 't') ||
	    two(s.p + 11, 23) < 0 || s.p[13] != ':' || two(s.p + 14, 59) < 0 ||
	    s.p[16] != ':' || two(s.p + 17, 60) < 0)
		return -1;
	buf_char(b, 'T');
	buf_add(b, s.p + 11, 8);
	if (s.n > 20 && s.p[19] == '.') {
		while (++n < s.n && s.p[n] >= '0' && s.p[n] <= '9')
			;
		if (n == 20)
			return -1;
		buf_add(b, s.p + 19, n - 19);
	}
	return put_zone(slice_of(s.p + n, s.n - n), b);
}

/* Seconds since 1970, or milliseconds where that would be beyond year 5138. */
static int put_epoch(struct slice s, struct buf *b)
{
	struct buf digits = {0};
	uint64_t v;
	int rc = cast_integer(s, &digits);

	if (rc == 0)
		rc = num_uint(buf_all(&digits), &v);
	buf_clear(&digits);
	if (rc < 0 || v > UINT64_C(100000000000000))
		return -1;
	clock_stamp(b, v < UINT64_C(100000000000) ? v * 1000 : v);
	return 0;
}

static int cast_timestamp(const struct scan_member *m, struct slice s,
			  struct buf *b)
{
	int rc;

	buf_char(b, '"');
	rc = m->kind == SCAN_NUMBER ? put_epoch(s, b) : put_time(trimmed(s), b);
	buf_char(b, '"');
	return rc;
}

static int cast(const struct field *f, const struct scan_member *m,
		struct buf *b, const char **why)
{
	struct buf text = {0};
	struct slice s;
	int rc = 0;

	plain_text(m, &text);
	buf_room(&text, 1);
	s = buf_all(&text);
	*why = "half a surrogate pair is no text";
	if (json_utf8(s) < s.n && (f->cast != FIELD_AS_IS || f->n_steps > 0)) {
		buf_clear(&text);
		return -1;
	}
	switch (f->cast) {
	case FIELD_AS_IS:
		buf_slice(b, m->value);
		break;
	case FIELD_STRING:
		json_string(b, s);
		break;
	case FIELD_INTEGER:
		*why = "not an integer";
		rc = cast_integer(s, b);
		break;
	case FIELD_NUMBER:
		*why = "not a number";
		rc = cast_number(s, b);
		break;
	case FIELD_BOOLEAN:
		*why = "not a boolean";
		rc = cast_boolean(s, b);
		break;
	case FIELD_TIMESTAMP:
		*why = "not a timestamp";
		rc = cast_timestamp(m, s, b);
		break;
	}
	buf_clear(&text);
	return rc;
}

/* ---- masks ------------------------------------------------------------ */

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
		buf_slice(b, trimmed(s));
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

static void mask(const struct field *f, struct slice json, struct buf *b)
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

int field_apply(const struct field *f, const struct scan_member *m,
		struct buf *b, const char **why)
{
	struct buf value = {0};
	int rc;

	if (m->kind == SCAN_NULL) {
		if (f->fallback)
			buf_add(b, f->fallback, f->fallback_n);
		else if (f->null == FIELD_EMPTY)
			buf_str(b, "\"\"");
		else if (f->null == FIELD_OMIT)
			return 0;
		else
			buf_str(b, "null");
		return 1;
	}
	if (f->n_steps == 0 && f->cast == FIELD_AS_IS) {
		buf_slice(b, m->value);
		return 1;
	}
	if (f->n_steps == 0)
		return cast(f, m, b, why) < 0 ? -1 : 1;
	rc = cast(f, m, &value, why);
	if (rc == 0)
		mask(f, buf_all(&value), b);
	buf_clear(&value);
	return rc < 0 ? -1 : 1;
}
