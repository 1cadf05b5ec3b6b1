#include "wire/json/hash.h"

#include <assert.h>
#include <stdlib.h>

#define XXH_INLINE_ALL /* most inputs are short, so a call would cost more */
#include <xxhash.h>

#include "core/mem.h"
#include "wire/json/decimal.h"
#include "wire/json/hash_long.h"
#include "wire/json/hash_memo.h"
#include "wire/json/json.h"
#include "wire/json/span.h"

/* Numbers are written out up to this many digits, else with an exponent. */
enum { PLAIN_DIGITS = 20 };

/* Inlined, because most inputs are a few bytes. */
static ALWAYS_INLINE struct hash hash_short(const void *p, size_t n,
					    uint64_t seed)
{
	XXH128_hash_t h = XXH3_128bits_withSeed(p, n, seed);

	return (struct hash){.hi = h.high64, .lo = h.low64};
}

struct hash hash_bytes(const void *p, size_t n, uint64_t seed)
{
	return n > HASH_SHORT ? hash_long_bytes(p, n, seed)
			      : hash_short(p, n, seed);
}

uint64_t hash_half(const void *p, size_t n, uint64_t seed)
{
	return XXH3_64bits_withSeed(p, n, seed);
}

static_assert(HASH_SECRET == XXH3_SECRET_DEFAULT_SIZE, "of XXH3");
static_assert(HASH_SHORT == XXH3_MIDSIZE_MAX, "of XXH3");

void hash_seed_init(struct hash_seed *s, uint64_t seed)
{
	s->seed = seed;
	XXH3_generateSecret_fromSeed(s->secret, seed);
}

uint64_t hash_half_of(const void *p, size_t n, const struct hash_seed *s)
{
	return n > HASH_SHORT ? hash_long_half(p, n, s->secret)
			      : XXH3_64bits_withSeed(p, n, s->seed);
}

/* ---- ends of tokens of valid JSON --------------------------------------- */

static const char *scalar_end(const char *p, const char *end)
{
	if (*p == '"')
		return span_string(p, end);
	while ((*p >= '0' && *p <= '9') || (*p >= 'a' && *p <= 'z') ||
	       *p == '-' || *p == '+' || *p == '.' || *p == 'E')
		p++;
	return p;
}

/* The end of the scalar at p if it is in canonical form, as most are; else, or
 * if the value is not a scalar, NULL.
 */
static ALWAYS_INLINE const char *plain_scalar(const char *p, const char *end)
{
	const char *first;

	switch (*p) {
	case '"':
		p = span_quote(p + 1, end);
		return *p == '"' ? p + 1 : NULL;
	case 't':
	case 'n':
		return p + 4;
	case 'f':
		return p + 5;
	default:
		break;
	}
	if (*p == '-' && p[1] == '0')
		return NULL;
	first = p += *p == '-';
	while (*p >= '0' && *p <= '9')
		p++;
	if (p == first || p - first > PLAIN_DIGITS)
		return NULL;
	return *p == '.' || *p == 'e' || *p == 'E' ? NULL : p;
}

/* The end of the member of an object at p if it is "name":scalar in canonical
 * form, and a comma or brace follows; else NULL.
 */
static ALWAYS_INLINE const char *plain_member(const char *p, const char *end)
{
	if (*p != '"')
		return NULL;
	p = span_quote(p + 1, end);
	if (*p != '"' || p[1] != ':')
		return NULL;
	p = plain_scalar(p + 2, end);
	return p && (*p == ',' || *p == '}') ? p : NULL;
}

/* ---- canonical scalars ------------------------------------------------ */

static void put_decimal(struct buf *b, const struct decimal *d)
{
	size_t whole = d->power > 0 ? (size_t)d->power : 0;
	bool exponent =
		d->power < 0 || whole > PLAIN_DIGITS || d->n > PLAIN_DIGITS;

	if (d->n == 0) {
		buf_char(b, '0');
		return;
	}
	if (d->negative)
		buf_char(b, '-');
	if (exponent || whole == 0) {
		buf_str(b, "0.");
		buf_add(b, d->digits, d->n);
		if (exponent)
			buf_fmt(b, "e%jd", (intmax_t)d->power);
		return;
	}
	buf_add(b, d->digits, d->n < whole ? d->n : whole);
	for (size_t i = d->n; i < whole; i++)
		buf_char(b, '0');
	if (d->n > whole) {
		buf_char(b, '.');
		buf_add(b, d->digits + whole, d->n - whole);
	}
}

/* The length of the canonical form of a decimal, if that is the text without
 * trailing zeros, as for 12.50 and 3.00; otherwise 0.
 */
static size_t without_zeros(struct slice s)
{
	const char *p = s.p + (*s.p == '-'), *end = s.p + s.n, *point = NULL;

	if (s.n > PLAIN_DIGITS || *p == '0')
		return 0;
	for (; p < end; p++) {
		if (*p == '.')
			point = p;
		else if (*p < '0' || *p > '9')
			return 0; /* an exponent */
	}
	if (!point)
		return 0;
	while (end[-1] == '0')
		end--;
	return (size_t)(end - s.p) - (end[-1] == '.');
}

static void canonical_number(struct buf *b, struct slice s)
{
	size_t short_n = without_zeros(s);
	char small[64];
	char *room;
	struct decimal d;

	if (short_n > 0) {
		buf_add(b, s.p, short_n);
		return;
	}
	room = s.n <= sizeof(small) ? small : mem_resize(NULL, s.n);
	if (decimal_take(&d, s, room))
		put_decimal(b, &d);
	else
		buf_slice(b, s);
	if (room != small)
		free(room);
}

int hash_number_order(struct slice a, struct slice b)
{
	char small[128];
	char *room = a.n + b.n <= sizeof(small) ? small
						: mem_resize(NULL, a.n + b.n);
	struct decimal x, y;
	int order;

	if (decimal_take(&x, a, room) && decimal_take(&y, b, room + a.n))
		order = decimal_order(&x, &y);
	else
		order = slice_order(a, b);
	if (room != small)
		free(room);
	return order;
}

static void canonical_string(struct buf *b, struct slice value)
{
	struct slice inner = json_inner(value);
	struct buf text = {0};

	if (json_escaped(inner)) {
		buf_slice(b, value);
		return;
	}
	json_decode(&text, inner);
	json_string(b, buf_all(&text));
	buf_clear(&text);
}

static void canonical_scalar(struct buf *b, struct slice value)
{
	if (*value.p == '"')
		canonical_string(b, value);
	else if (*value.p == '-' || (*value.p >= '0' && *value.p <= '9'))
		canonical_number(b, value);
	else
		buf_slice(b, value);
}

/* ---- arrays and objects ------------------------------------------------ */

/* An open array or object. The canonical text of an array is that of its
 * elements. An object, whose members have no order, is written as the sum of
 * the hashes of its members; each member is built at the end of the buffer,
 * hashed and dropped.
 */
struct hash_level {
	bool array;
	struct hash sum;
	size_t member; /* where the text of the current member starts */
};

static void add(struct hash *sum, struct hash h)
{
	sum->lo += h.lo;
	sum->hi += h.hi;
}

static void close_level(struct buf *b, const struct hash_level *l)
{
	char *to;

	if (l->array) {
		buf_char(b, ']');
		return;
	}
	to = buf_room(b, sizeof(l->sum) + 2);
	to[0] = '{';
	memcpy(to + 1, &l->sum, sizeof(l->sum));
	to[sizeof(l->sum) + 1] = '}';
	b->n += sizeof(l->sum) + 2;
}

/* Ends a member of an object, or an element. */
static void close_member(struct buf *b, struct hash_level *l, uint64_t seed)
{
	if (l->array)
		return;
	add(&l->sum, hash_bytes(b->p + l->member, b->n - l->member, seed));
	b->n = l->member;
}

/* Hashes the members from p on that are in canonical form: returns the end of
 * them and the commas between.
 */
static const char *plain_members(struct hash_level *l, const char *p,
				 const char *end, uint64_t seed)
{
	const char *to;

	while ((to = plain_member(p, end))) {
		add(&l->sum, hash_bytes(p, (size_t)(to - p), seed));
		if (*to == '}')
			return to;
		p = to + 1;
	}
	return p;
}

/* Adds the canonical text of the scalar at p, and a colon that follows it:
 * returns the end of them.
 */
static ALWAYS_INLINE const char *put_scalar(struct buf *b, const char *p,
					    const char *end)
{
	const char *to = plain_scalar(p, end);

	if (LIKELY(to != NULL)) {
		to += *to == ':';
		buf_add(b, p, (size_t)(to - p));
		return to;
	}
	to = scalar_end(p, end);
	canonical_scalar(b, slice_of(p, (size_t)(to - p)));
	return to;
}

static void canonical_container(struct buf *b, struct slice value,
				uint64_t seed)
{
	struct hash_level level[SCAN_DEPTH];
	const char *p = value.p, *end = value.p + value.n;
	size_t depth = 0;

	do {
		struct hash_level *l = &level[depth > 0 ? depth - 1 : 0];

		switch (*p) {
		case '{':
			level[depth++] = (struct hash_level){.member = b->n};
			p = plain_members(&level[depth - 1], p + 1, end, seed);
			break;
		case '[':
			level[depth++] = (struct hash_level){.array = true};
			buf_char(b, '[');
			p++;
			break;
		case '}':
		case ']':
			if (!l->array && b->n > l->member)
				close_member(b, l, seed);
			close_level(b, l);
			depth--;
			p++;
			break;
		case ',':
			close_member(b, l, seed);
			if (l->array) {
				buf_char(b, ',');
				p++;
			} else {
				p = plain_members(l, p + 1, end, seed);
			}
			break;
		case ':':
			buf_char(b, ':');
			p++;
			break;
		default:
			p = put_scalar(b, p, end);
		}
		if (UNLIKELY((unsigned char)*p <= ' ') && depth > 0)
			p = span_blank(p, end);
	} while (depth > 0);
}

static void canonical(struct buf *b, struct slice value, uint64_t seed)
{
	if (*value.p == '{' || *value.p == '[')
		canonical_container(b, value, seed);
	else
		canonical_scalar(b, value);
}

/* ---- public ------------------------------------------------------------- */

struct hash hash_value(struct slice value, uint64_t seed, struct buf *scratch)
{
	scratch->n = 0;
	canonical(scratch, value, seed);
	return hash_bytes(scratch->p, scratch->n, seed);
}

void hash_scratch_clear(struct hash_scratch *s)
{
	buf_clear(&s->text);
	hash_memo_free(s->memo);
	*s = (struct hash_scratch){0};
}

/* The hash of a member that is not in canonical form. */
static struct hash canonical_hash(const struct scan_member *m, uint64_t seed,
				  struct buf *text)
{
	text->n = 0;
	if (LIKELY(m->tight)) {
		buf_add(text, m->key.p - 1, m->key.n + 3);
	} else {
		canonical_string(text, slice_of(m->key.p - 1, m->key.n + 2));
		buf_char(text, ':');
	}
	canonical(text, m->value, seed);
	return hash_short(text->p, text->n, seed);
}

/* The same if it may be an object; whole is its text. */
static NO_INLINE struct hash object_hash(const struct scan_member *m,
					 struct slice whole, uint64_t seed,
					 struct hash_scratch *s)
{
	struct hash h;

	if (m->kind != SCAN_OBJECT)
		return canonical_hash(m, seed, &s->text);
	if (s->memo && hash_memo_seed(s->memo) != seed) {
		hash_memo_free(s->memo);
		s->memo = NULL;
	}
	if (!s->memo)
		s->memo = hash_memo_new(seed);
	if (hash_memo_find(s->memo, whole, &h))
		return h;
	h = canonical_hash(m, seed, &s->text);
	hash_memo_keep(s->memo, whole, h);
	return h;
}

static ALWAYS_INLINE struct hash member_hash(const struct scan_member *m,
					     uint64_t seed,
					     struct hash_scratch *s)
{
	const char *from = m->key.p - 1;
	size_t n = (size_t)(m->value.p + m->value.n - from);

	if (LIKELY(m->plain && m->tight) ||
	    (m->kind == SCAN_STRING && m->tight &&
	     json_escaped(json_inner(m->value))))
		return hash_short(from, n, seed);
	return object_hash(m, slice_of(from, n), seed, s);
}

struct hash hash_row(const struct scan_member *m, size_t n, const bool *skip,
		     uint64_t seed, struct hash_scratch *scratch)
{
	struct hash sum = {0};

	for (size_t i = 0; i < n; i++) {
		if (!skip || !skip[i])
			add(&sum, member_hash(&m[i], seed, scratch));
	}
	return sum;
}

struct hash hash_row_and_all(const struct scan_member *m, size_t n,
			     const bool *skip, uint64_t seed,
			     struct hash_scratch *scratch, struct hash *all)
{
	struct hash sum = {0};

	*all = (struct hash){0};
	for (size_t i = 0; i < n; i++) {
		struct hash h = member_hash(&m[i], seed, scratch);

		add(all, h);
		if (!skip[i])
			add(&sum, h);
	}
	return sum;
}

void hash_canonical(struct buf *b, struct slice value)
{
	canonical_scalar(b, value);
}
