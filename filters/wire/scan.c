#include "wire/scan.h"

#include <stdlib.h>

#include "core/buf.h"
#include "core/mem.h"
#include "core/reader.h"
#include "wire/json.h"
#include "wire/vec.h"

enum { HABIT = 32, DOUBT = 1024 }; /* records of one length; to go without */
enum { KNOWN_TRIES = 32, KNOWN_TEXT = 4096, KNOWN_DEPTH = 16 };
enum {
	PAIRWISE = 12,
	SHAPES = 8
}; /* names up to which each is compared with each */

/* How long the values of one place were of late. */
struct habit {
	size_t n;
	uint64_t broken; /* the record in which one was not n long */
	uint64_t resume; /* the record from which to count on it again */
};

/* A name of the last record as it stood, from its first quote to where its
 * value began; a comma stands in front of all but the first.
 */
struct expected {
	const char *text; /* in shape_text */
	uint32_t n;       /* of text */
	uint32_t mask;    /* vec_mask(n) */
	size_t key_n;
	size_t back; /* from its value to behind its first quote */
	struct habit habit;
	bool tight;
};

/* A nested object as it stood in a record before: what is not a value in it.
 * An object with the same texts between its values needs no other check of
 * its structure, depth and names.
 */
struct known {
	struct buf text;
	struct between {
		uint32_t at, n, mask;
		struct habit habit; /* of the value behind it */
	} * between; /* in front of each value, and behind the last */
	size_t n, size;
	int misses; /* KNOWN_TRIES: it is not worth it */
};

struct frame {
	bool array;
	bool sorted;  /* names so far rise strictly, by length, then bytes */
	bool escapes; /* a name so far has some */
	size_t first; /* index of its first name in s->names */
};

struct scan {
	const char *start; /* of the line */
	const char *end;
	const char *why;
	const char *at;
	bool portable;
	uint64_t records; /* begun so far */
	bool open;        /* end is that of the text, the line ends at its LF */

	struct scan_member *member;
	size_t n, size;

	struct shape {
		struct buf names; /* each with a quote behind */
		uint64_t number;
	} shapes[SHAPES];  /* seen of late */
	size_t next_shape; /* to be forgotten */
	uint64_t n_shapes; /* numbers given away */

	struct buf shape_text; /* names of the last good record */
	struct expected *expected;
	struct known *known; /* as many as expected */
	size_t n_expected, expected_size;
	uint64_t shape;

	struct slice *names; /* of the open nested objects */
	size_t n_names, names_size;
	struct frame frame[SCAN_DEPTH];
	size_t depth, max_depth;
	bool plain; /* of the value being scanned */
	bool long_number;

	struct buf decoded; /* scratch of has_duplicate */
	uint32_t *bucket;
	size_t n_buckets;
};

struct scan *scan_new(void)
{
	struct scan *s = mem_zero(sizeof(*s));

	s->shape = s->n_shapes = 1;
	buf_room(&s->shape_text, READER_PAD);
	return s;
}

void scan_free(struct scan *s)
{
	if (!s)
		return;
	free(s->member);
	for (size_t i = 0; i < SHAPES; i++)
		buf_clear(&s->shapes[i].names);
	for (size_t i = 0; i < s->expected_size; i++) {
		buf_clear(&s->known[i].text);
		free(s->known[i].between);
	}
	free(s->known);
	free(s->expected);
	free(s->names);
	free(s->bucket);
	buf_clear(&s->shape_text);
	buf_clear(&s->decoded);
	free(s);
}

void scan_portable(struct scan *s, bool portable)
{
	s->portable = portable;
}

static NO_INLINE const char *fail(struct scan *s, const char *at,
				  const char *why)
{
	s->at = at < s->end ? at : s->end;
	s->why = at < s->end ? why : "unexpected end of line";
	return NULL;
}

/* ---- strings ---------------------------------------------------------- */

/* Behind one character beyond ASCII, or NULL. RFC 3629, 4. */
static ALWAYS_INLINE const char *utf8_char(const char *p)
{
	const unsigned char *u = (const unsigned char *)p;

	if (u[0] < 0xe0) {
		if (u[0] < 0xc2 || (u[1] & 0xc0) != 0x80)
			return NULL;
		return p + 2;
	}
	if (u[0] < 0xf0) {
		if ((u[1] & 0xc0) != 0x80 || (u[2] & 0xc0) != 0x80 ||
		    (u[0] == 0xe0 && u[1] < 0xa0) ||
		    (u[0] == 0xed && u[1] > 0x9f))
			return NULL;
		return p + 3;
	}
	if (u[0] > 0xf4 || (u[1] & 0xc0) != 0x80 || (u[2] & 0xc0) != 0x80 ||
	    (u[3] & 0xc0) != 0x80 || (u[0] == 0xf0 && u[1] < 0x90) ||
	    (u[0] == 0xf4 && u[1] > 0x8f))
		return NULL;
	return p + 4;
}

static bool hex4(const char *p)
{
	for (int i = 0; i < 4; i++) {
		char c = (char)(p[i] | 0x20);

		if (!((p[i] >= '0' && p[i] <= '9') || (c >= 'a' && c <= 'f')))
			return false;
	}
	return true;
}

/* Behind an escape whose backslash is at p, or NULL. */
static const char *escape(struct scan *s, const char *p)
{
	switch (p[1]) {
	case '"':
	case '\\':
	case '/':
	case 'b':
	case 'f':
	case 'n':
	case 'r':
	case 't':
		return p + 2;
	case 'u':
		return hex4(p + 2) ? p + 6 : fail(s, p, "invalid \\u escape");
	default:
		return fail(s, p, "invalid escape");
	}
}

/* The same as string below, for any string. */
static NO_INLINE const char *any_string(struct scan *s, const char *p)
{
	for (;;) {
		p = s->portable ? vec_run_portable(p) : vec_run(p);
		if (LIKELY(*p == '"'))
			return p;
		while ((unsigned char)*p >= 0x80) {
			const char *next = utf8_char(p);

			if (UNLIKELY(!next))
				return fail(s, p, "invalid UTF-8");
			p = next;
		}
		if (*p == '\\') {
			s->plain = false;
			p = escape(s, p);
			if (!p)
				return NULL;
		} else if ((unsigned char)*p < 0x20) {
			return fail(s, p, "control character in a string");
		}
	}
}

/* From behind the opening quote to the closing one, or NULL. */
static ALWAYS_INLINE const char *string(struct scan *s, const char *p)
{
	const char *end = LIKELY(!s->portable) ? vec_string(p) : NULL;

	return LIKELY(end != NULL) ? end : any_string(s, p);
}

/* ---- other scalars ---------------------------------------------------- */

static ALWAYS_INLINE bool digit(char c)
{
	return (unsigned char)(c - '0') < 10;
}

/* Behind the number at p, or NULL. Clears s->plain where the text is not the
 * normal form of hash.h.
 */
static NO_INLINE const char *any_number(struct scan *s, const char *p)
{
	const char *first = p, *whole;

	p += *p == '-';
	whole = p;
	if (*p == '0')
		p++;
	else if (digit(*p))
		while (digit(*++p))
			;
	else
		return fail(s, p, "invalid number");
	if (digit(*p))
		return fail(s, p, "number with a leading zero");
	if (*p == '.') {
		if (!digit(*++p))
			return fail(s, p, "invalid number");
		while (digit(*++p))
			;
		if (p[-1] == '0' || (whole[0] == '0' && whole[2] == '0'))
			s->plain = false;
	} else if (*whole == '0' && *first == '-') {
		s->plain = false;
	}
	if ((*p | 0x20) == 'e') {
		p++;
		p += *p == '+' || *p == '-';
		if (!digit(*p))
			return fail(s, p, "invalid number");
		while (digit(*++p))
			;
		s->plain = false;
		s->long_number = true;
	}
	if (p - first > 20)
		s->plain = false;
	if (p - first > 15)
		s->long_number = true;
	return p;
}

/* The same for 14 bytes at most without an exponent: one look at all digits
 * instead of a loop, whose end is hard to foresee.
 */
static ALWAYS_INLINE const char *number(struct scan *s, const char *p)
{
	const char *from = p + (*p == '-');
	unsigned other = ~vec_digits(from) | 1u << 15;
	unsigned n = (unsigned)__builtin_ctz(other), tail;

	if (UNLIKELY(s->portable || n == 0 || n == 15 || *from == '0'))
		return any_number(s, p);
	if (from[n] == '.') {
		tail = (unsigned)__builtin_ctz(other >> (n + 1));
		if (UNLIKELY(tail == 0 || n + 1 + tail >= 15))
			return any_number(s, p);
		n += 1 + tail;
		if (UNLIKELY(from[n - 1] == '0'))
			s->plain = false;
	}
	if (UNLIKELY((from[n] | 0x20) == 'e'))
		return any_number(s, p);
	return from + n;
}

static ALWAYS_INLINE const char *space(const char *p)
{
	while (*p == ' ' || *p == '\t' || *p == '\r')
		p++;
	return p;
}

/* The first n of the 8 bytes at p, the others as zero. */
static ALWAYS_INLINE uint64_t word(const char *p, size_t n)
{
	static const char keep[] = "\xff\xff\xff\xff\xff\xff\xff\xff"
				   "\0\0\0\0\0\0\0";
	uint64_t v, mask;

	memcpy(&v, p, sizeof(v));
	memcpy(&mask, keep + 8 - n, sizeof(mask));
	return v & mask;
}

/* Scalars and the start of containers: behind it, or NULL. */
static ALWAYS_INLINE const char *scalar(struct scan *s, const char *p,
					enum scan_kind *kind)
{
	size_t yes, no, n;

	if (*p == '"') {
		*kind = SCAN_STRING;
		p = string(s, p + 1);
		return LIKELY(p != NULL) ? p + 1 : NULL;
	}
	if (digit(*p) || *p == '-') {
		*kind = SCAN_NUMBER;
		return number(s, p);
	}
	yes = word(p, 4) == word("true\0\0\0", 4);
	no = word(p, 5) == word("false\0\0", 5);
	n = 4 * yes + 5 * no; /* no branch: which of them is hard to foresee */
	if (LIKELY(n != 0)) {
		*kind = (enum scan_kind)(SCAN_FALSE + yes);
		return p + n;
	}
	*kind = SCAN_NULL;
	if (memcmp(p, "null", 4) == 0)
		return p + 4;
	return fail(s, p, "invalid value");
}

/* ---- names twice in one object ---------------------------------------- */

static int by_length(struct slice a, struct slice b)
{
	if (a.n != b.n)
		return a.n < b.n ? -1 : 1;
	return memcmp(a.p, b.p, a.n);
}

static int compare_names(const void *a, const void *b)
{
	const struct slice *x = a, *y = b;

	return by_length(*x, *y);
}

/* Names with escapes are compared as what they mean. */
static void decode_names(struct scan *s, struct slice *name, size_t n)
{
	size_t room = 0;

	for (size_t i = 0; i < n; i++)
		room += name[i].n;
	s->decoded.n = 0;
	buf_room(&s->decoded, room + 1); /* decoding never makes it longer */
	for (size_t i = 0; i < n; i++) {
		size_t from = s->decoded.n;

		if (!memchr(name[i].p, '\\', name[i].n))
			continue;
		json_decode(&s->decoded, name[i]);
		name[i] = slice_of(s->decoded.p + from, s->decoded.n - from);
	}
}

/* Whether a name stands twice. Reorders and decodes the array. */
static bool has_duplicate(struct scan *s, struct slice *name, size_t n,
			  bool escapes)
{
	if (escapes)
		decode_names(s, name, n);
	if (n <= PAIRWISE) {
		for (size_t i = 1; i < n; i++) {
			for (size_t j = 0; j < i; j++) {
				if (slice_eq(name[i], name[j]))
					return true;
			}
		}
		return false;
	}
	qsort(name, n, sizeof(*name), compare_names);
	for (size_t i = 1; i < n; i++) {
		if (slice_eq(name[i - 1], name[i]))
			return true;
	}
	return false;
}

static struct slice *push_name(struct scan *s)
{
	if (UNLIKELY(s->n_names == s->names_size)) {
		s->names_size = s->names_size ? 2 * s->names_size : 64;
		s->names =
			mem_resize(s->names, s->names_size * sizeof(*s->names));
	}
	return &s->names[s->n_names++];
}

/* ---- containers ------------------------------------------------------- */

static int open_frame(struct scan *s, const char *p)
{
	if (s->depth >= s->max_depth) {
		fail(s, p, "nested deeper than 256 levels");
		return -1;
	}
	s->frame[s->depth++] = (struct frame){
		.array = *p == '[', .sorted = true, .first = s->n_names};
	return 0;
}

/* The end of an object: its names are checked and forgotten. */
static bool close_object(struct scan *s, struct frame *f)
{
	size_t n = s->n_names - f->first;
	bool bad = (!f->sorted || f->escapes) &&
		   has_duplicate(s, s->names + f->first, n, f->escapes);

	s->n_names = f->first;
	return !bad;
}

/* A name, its colon and white space: where the value starts, or NULL. */
static ALWAYS_INLINE const char *nested_name(struct scan *s, const char *p,
					     struct frame *f)
{
	const char *from = p + 1;
	struct slice *name;

	if (UNLIKELY(*p != '"'))
		return fail(s, p, "expected a name in double quotes");
	s->plain = true;
	p = string(s, from);
	if (!p)
		return NULL;
	f->escapes |= !s->plain;
	s->plain = false; /* as always in an object */
	name = push_name(s);
	*name = slice_of(from, (size_t)(p - from));
	if (s->n_names - f->first > 1 && f->sorted &&
	    by_length(name[-1], *name) >= 0)
		f->sorted = false;
	p++;
	if (UNLIKELY(*p != ':')) {
		p = space(p);
		if (*p != ':')
			return fail(s, p, "expected ':'");
	}
	return p + 1;
}

/* White space between tokens of a container, which is not plain. */
static ALWAYS_INLINE const char *gap(struct scan *s, const char *p)
{
	if (LIKELY((unsigned char)*p > ' '))
		return p;
	s->plain = false;
	return space(p);
}

/* to, which is where a value ends. All behind it waits for that address; where
 * the values of this place were of one length of late, it is taken from there
 * instead, so that a processor that foresees the branch need not wait. A place
 * without the habit is left alone for a while: a wrong guess costs more.
 */
static ALWAYS_INLINE const char *foresee(const struct scan *s, struct habit *h,
					 const char *from, const char *to)
{
	size_t n = h->n;

	if (s->records < h->resume)
		return to;
	if (UNLIKELY(from + n != to)) {
		if (n > 0 && s->records - h->broken < HABIT)
			h->resume = s->records + DOUBT;
		h->n = (size_t)(to - from);
		h->broken = s->records;
		return to;
	}
	__asm__("" : "+r"(n)); /* else the compiler takes to, being the same */
	return from + n;
}

/* An array or object with all in it, without recursion: behind it, or NULL. */
static const char *container(struct scan *s, const char *p)
{
	enum scan_kind kind;
	struct frame *f;

open:
	if (open_frame(s, p) < 0)
		return NULL;
	f = &s->frame[s->depth - 1];
	if (!f->array)
		s->plain = false;
	p = gap(s, p + 1);
	if (*p == (f->array ? ']' : '}'))
		goto close;
value:
	if (!f->array) {
		p = nested_name(s, p, f);
		if (!p)
			return NULL;
		p = gap(s, p);
	}
	if (*p == '{' || *p == '[')
		goto open;
	p = scalar(s, p, &kind);
	if (!p)
		return NULL;
next:
	p = gap(s, p);
	if (*p == ',') {
		p = gap(s, p + 1);
		goto value;
	}
	if (*p != (f->array ? ']' : '}'))
		return fail(s, p,
			    f->array ? "expected ',' or ']'"
				     : "expected ',' or '}'");
close:
	if (!f->array && !close_object(s, f))
		return fail(s, p, "a name twice in one object");
	p++;
	if (--s->depth == 0)
		return p;
	f = &s->frame[s->depth - 1];
	goto next;
}

/* outer is how many levels are open around it, which have no frame. */
static const char *from_outside(struct scan *s, const char *p, size_t outer)
{
	s->plain = true;
	s->long_number = false;
	s->depth = 0;
	s->max_depth = SCAN_DEPTH - outer;
	s->n_names = 0;
	return container(s, p);
}

/* An array of scalars without white space: behind it; NULL where it is
 * something else or wrong, to be looked at by container.
 */
static ALWAYS_INLINE const char *flat_array(struct scan *s, const char *p)
{
	enum scan_kind kind;
	const char *end;

	if (p[1] == ']')
		return p + 2;
	if (digit(p[1]) && !s->portable) {
		end = vec_integers(p);
		if (LIKELY(end != NULL))
			return end;
	}
	do {
		p = scalar(s, p + 1, &kind);
		if (UNLIKELY(!p))
			return NULL;
	} while (*p == ',');
	return *p == ']' ? p + 1 : NULL;
}

/* ---- nested objects that look like the last one ----------------------- */

static ALWAYS_INLINE const char *known_object(struct scan *s, const char *p,
					      struct known *k)
{
	enum scan_kind kind;

	for (size_t i = 0; i < k->n; i++) {
		struct between *b = &k->between[i];
		const char *from;

		if (UNLIKELY(!vec_text(p, k->text.p + b->at, b->n, b->mask)))
			return NULL;
		from = p = p + b->n;
		if (i + 1 == k->n)
			return p;
		p = *p == '[' ? flat_array(s, p) : scalar(s, p, &kind);
		if (UNLIKELY(!p))
			return NULL;
		p = foresee(s, &b->habit, from, p);
	}
	return NULL;
}

static const char *behind_string(const char *p)
{
	for (p++; *p != '"'; p++)
		p += *p == '\\';
	return p + 1;
}

/* Behind a scalar or an array that was found to be valid. */
static const char *behind_value(const char *p)
{
	size_t open = 0;

	do {
		if (*p == '"') {
			p = behind_string(p);
			continue;
		}
		open += *p == '[' || *p == '{';
		open -= *p == ']' || *p == '}';
		p++;
	} while (open > 0 || (*p != ',' && *p != '}' && *p != ' ' &&
			      *p != '\t' && *p != '\r'));
	return p;
}

static void add_between(struct known *k, const char *p, size_t n)
{
	if (k->n == k->size) {
		k->size = k->size ? 2 * k->size : 8;
		k->between =
			mem_resize(k->between, k->size * sizeof(*k->between));
	}
	k->between[k->n++] = (struct between){
		.at = (uint32_t)k->text.n,
		.n = (uint32_t)n,
		.mask = vec_mask(n),
	};
	buf_add(&k->text, p, n);
}

/* Keep what a valid object at p looks like. */
static NO_INLINE void learn(struct known *k, const char *p, const char *end)
{
	const char *from = p;
	size_t depth = 0;

	k->n = k->text.n = 0;
	while (p < end) {
		if (*p != '"') {
			depth += *p == '{';
			depth -= *p++ == '}';
			if (depth <= KNOWN_DEPTH)
				continue;
			k->misses = KNOWN_TRIES;
			return;
		}
		p = space(space(behind_string(p)) + 1);
		if (*p == '{')
			continue;
		add_between(k, from, (size_t)(p - from));
		from = p = behind_value(p);
	}
	add_between(k, from, (size_t)(end - from));
	if (k->text.n > KNOWN_TEXT)
		k->misses = KNOWN_TRIES;
	buf_room(&k->text, READER_PAD); /* vec_same reads over the end */
}

/* An object that stands where k stood. */
static ALWAYS_INLINE const char *object(struct scan *s, const char *p,
					struct known *k)
{
	const char *to;

	if (LIKELY(k->misses < KNOWN_TRIES)) {
		to = known_object(s, p, k);
		if (LIKELY(to != NULL)) {
			k->misses -= k->misses > 0;
			s->plain = false;
			return to;
		}
	}
	to = from_outside(s, p, 1);
	if (to && k->misses < KNOWN_TRIES) {
		k->misses += 2;
		learn(k, p, to);
	}
	return to;
}

/* ---- the record ------------------------------------------------------- */

/* The value of a member; k is NULL where none was expected. */
static ALWAYS_INLINE const char *value(struct scan *s, const char *p,
				       enum scan_kind *kind, struct known *k)
{
	const char *to;

	s->plain = true;
	s->long_number = false;
	if (LIKELY(*p != '{' && *p != '['))
		return scalar(s, p, kind);
	*kind = *p == '{' ? SCAN_OBJECT : SCAN_ARRAY;
	if (*p == '{')
		return k ? object(s, p, k) : from_outside(s, p, 1);
	to = flat_array(s, p);
	return to ? to : from_outside(s, p, 1);
}

static NO_INLINE void more_members(struct scan *s)
{
	s->size = s->size ? 2 * s->size : 32;
	s->member = mem_resize(s->member, s->size * sizeof(*s->member));
}

/* A name that was not expected: where its value starts, or NULL. */
static NO_INLINE const char *new_name(struct scan *s, const char *p,
				      struct scan_member *m)
{
	const char *from = p + 1, *to;

	if (*p != '"')
		return fail(s, p, "expected a name in double quotes");
	s->plain = true;
	to = string(s, from);
	if (!to)
		return NULL;
	p = space(to + 1);
	if (*p != ':')
		return fail(s, p, "expected ':'");
	m->key = slice_of(from, (size_t)(to - from));
	m->tight = s->plain && p == to + 1;
	p = space(p + 1);
	if (p != to + 2)
		m->tight = false;
	return p;
}

/* The number of the present list of names, which may be one of late: rows that
 * leave out nulls take turns between a few.
 */
static uint64_t shape_number(struct scan *s)
{
	struct shape *shape = &s->shapes[s->next_shape];
	struct buf *b = &s->decoded;

	b->n = 0;
	for (size_t i = 0; i < s->n; i++) {
		buf_slice(b, s->member[i].key);
		buf_char(b, '"');
	}
	for (size_t i = 0; i < SHAPES; i++) {
		if (s->shapes[i].number != 0 &&
		    slice_eq(buf_all(&s->shapes[i].names), buf_all(b)))
			return s->shapes[i].number;
	}
	s->next_shape = (s->next_shape + 1) % SHAPES;
	shape->number = ++s->n_shapes;
	shape->names.n = 0;
	buf_slice(&shape->names, buf_all(b));
	return shape->number;
}

/* Keep the names of a good record whose list is not the expected one. */
static NO_INLINE int new_shape(struct scan *s)
{
	bool escapes = false;
	const char *text;

	s->n_names = 0;
	for (size_t i = 0; i < s->n; i++) {
		struct slice key = s->member[i].key;

		*push_name(s) = key;
		escapes |= memchr(key.p, '\\', key.n) != NULL;
	}
	if (has_duplicate(s, s->names, s->n_names, escapes)) {
		fail(s, s->end - 1, "a name twice in one object");
		return -1;
	}
	s->shape = shape_number(s);
	s->shape_text.n = 0;
	s->n_expected = s->end - s->start < UINT32_MAX ? s->n : 0;
	if (s->n > s->expected_size) {
		size_t had = s->expected_size;

		s->expected_size = s->n;
		s->expected =
			mem_resize(s->expected, s->n * sizeof(*s->expected));
		s->known = mem_resize(s->known, s->n * sizeof(*s->known));
		memset(s->known + had, 0, (s->n - had) * sizeof(*s->known));
	}
	for (size_t i = 0; i < s->n; i++) {
		const struct scan_member *m = &s->member[i];

		s->expected[i] = (struct expected){
			.n = (uint32_t)(m->value.p - m->key.p) + 1 + (i > 0),
			.key_n = m->key.n,
			.back = (size_t)(m->value.p - m->key.p),
			.tight = m->tight,
		};
		s->expected[i].mask = vec_mask(s->expected[i].n);
		s->known[i].n = 0;
		s->known[i].misses = 0;
		buf_add(&s->shape_text, ",", i > 0);
		buf_add(&s->shape_text, m->key.p - 1, s->expected[i].back + 1);
	}
	buf_room(&s->shape_text, READER_PAD); /* vec_same reads over the end */
	text = s->shape_text.p;
	for (size_t i = 0; i < s->n; i++) {
		s->expected[i].text = text;
		text += s->expected[i].n;
	}
	return 0;
}

/* Behind the brace at p, where the line has to end: there, or NULL. */
static const char *finish(struct scan *s, const char *p, bool expected)
{
	p = space(p + 1);
	if (UNLIKELY(s->open ? *p != '\n' || p >= s->end : p != s->end))
		return fail(s, p, "text after the object");
	if (LIKELY(expected && s->n == s->n_expected))
		return p;
	return new_shape(s) < 0 ? NULL : p;
}

/* Where the value starts if the name at p is the one that stood here in the
 * last record, or NULL.
 */
static const char *expected_name(const struct scan *s, const char *p,
				 struct scan_member *m)
{
	const struct expected *x;
	size_t comma = s->n > 0; /* is behind us */

	if (s->n >= s->n_expected)
		return NULL;
	x = &s->expected[s->n];
	if (!vec_same(p, x->text + comma, x->n - comma))
		return NULL;
	m->key = slice_of(p + 1, x->key_n);
	m->tight = x->tight;
	p += x->n - comma;
	if ((unsigned char)*p <= ' ') {
		m->tight = false;
		p = space(p);
	}
	return p;
}

/* Members with the names of the last record and no white space between them:
 * behind the last value, or NULL where one is wrong. s->n says how many.
 */
static ALWAYS_INLINE const char *expected_members(struct scan *s, const char *p)
{
	struct expected *x = s->expected, *end = x + s->n_expected;
	struct scan_member *m = s->member;
	struct known *k = s->known;

	for (; x < end; x++, m++, k++) {
		const char *from = p + x->n;

		if (UNLIKELY(!vec_text(p, x->text, x->n, x->mask) ||
			     (unsigned char)*from <= ' '))
			break;
		m->key = slice_of(from - x->back, x->key_n);
		m->tight = x->tight;
		p = value(s, from, &m->kind, k);
		if (UNLIKELY(!p))
			break;
		p = foresee(s, &x->habit, from, p);
		m->value = slice_of(from, (size_t)(p - from));
		m->plain = s->plain;
		m->long_number = s->long_number;
	}
	s->n = (size_t)(m - s->member);
	return p;
}

/* One more member at p: behind its value, or NULL. */
static NO_INLINE const char *one_member(struct scan *s, const char *p,
					bool *expected)
{
	struct scan_member *m;
	const char *from;

	if (s->n == s->size)
		more_members(s);
	m = &s->member[s->n];
	from = *expected ? expected_name(s, p, m) : NULL;
	if (!from) {
		*expected = false;
		from = new_name(s, p, m);
		if (!from)
			return NULL;
	}
	p = value(s, from, &m->kind, *expected ? &s->known[s->n] : NULL);
	if (!p)
		return NULL;
	m->value = slice_of(from, (size_t)(p - from));
	m->plain = s->plain;
	m->long_number = s->long_number;
	s->n++;
	return p;
}

/* The object at p, and where the line ends behind it, or NULL. */
static ALWAYS_INLINE const char *record(struct scan *s, struct slice line)
{
	const char *p = space(line.p);
	bool expected = true;

	s->start = line.p;
	s->end = line.p + line.n;
	s->n = 0;
	s->records++;
	if (*p != '{' || p >= s->end)
		return fail(s, p, "not an object");
	p = space(p + 1);
	if (*p == '}')
		return finish(s, p, expected);
	p = expected_members(s, p);
	if (UNLIKELY(!p))
		return NULL;
	while (s->n == 0 || *p != '}') {
		if (s->n > 0) {
			p = space(p);
			if (*p == '}')
				break;
			if (*p != ',')
				return fail(s, p, "expected ',' or '}'");
			p = space(p + 1);
		}
		p = one_member(s, p, &expected);
		if (!p)
			return NULL;
	}
	return finish(s, p, expected);
}

static NO_INLINE const char *any_record(struct scan *s, struct slice line,
					bool open)
{
	s->open = open;
	return record(s, line);
}

int scan_object(struct scan *s, struct slice line)
{
	return any_record(s, line, false) ? 0 : -1;
}

int scan_line(struct scan *s, struct slice text, size_t *n)
{
	const char *end = any_record(s, text, true);

	*n = end ? (size_t)(end - text.p) : 0;
	return end ? 0 : -1;
}

int scan_value(struct scan *s, struct slice text, enum scan_kind *kind)
{
	const char *p = space(text.p);

	s->start = text.p;
	s->end = text.p + text.n;
	s->n = 0;
	if (*p == '{' || *p == '[') {
		*kind = *p == '{' ? SCAN_OBJECT : SCAN_ARRAY;
		p = from_outside(s, p, 0);
	} else {
		s->plain = true;
		p = scalar(s, p, kind);
	}
	if (!p)
		return -1;
	while (p < s->end && space(p) != p)
		p++;
	if (p == s->end)
		return 0;
	fail(s, p, "text after the value");
	return -1;
}

const char *scan_why(const struct scan *s)
{
	return s->why;
}

size_t scan_at(const struct scan *s)
{
	return (size_t)(s->at - s->start);
}

const struct scan_member *scan_members(const struct scan *s, size_t *n)
{
	*n = s->n;
	return s->member;
}

uint64_t scan_shape(const struct scan *s)
{
	return s->shape;
}

int scan_find(const struct scan *s, struct slice name)
{
	struct buf b = {0};
	int found = -1;

	for (size_t i = 0; i < s->n && found < 0; i++) {
		b.n = 0;
		json_decode(&b, s->member[i].key);
		if (slice_eq(buf_all(&b), name))
			found = (int)i;
	}
	buf_clear(&b);
	return found;
}
