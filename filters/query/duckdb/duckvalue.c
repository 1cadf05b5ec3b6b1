#include "query/duckdb/duckvalue.h"

#include "core/num.h"
#include "core/reader.h"
#include "core/wide.h"
#include "query/duckdb/ducktype_parts.h"
#include "query/value.h"
#include "query/value_time.h"
#include "wire/json/json.h"
#include "wire/json/number.h"

#define DAY_S INT64_C(86400)

enum {
	ZONE_MAX = 16 * 3600 - 1, /* a TIME_TZ stores ZONE_MAX minus its offset
				   * in seconds */
	ROOM_WIDE = 44,           /* 39 digits, sign, point, "0." */
};

static int refuse(struct duckvalue_work *w, const char *why)
{
	w->why = why;
	return -1;
}

/* Appends m with a decimal point before its last scale digits. */
static void put_wide(struct buf *b, bool minus, wide m, unsigned scale)
{
	char *end = buf_room(b, ROOM_WIDE) + ROOM_WIDE, *p = end;
	unsigned done = 0;
	uint64_t low;

	for (; m > UINT64_MAX; m /= 10, done++) {
		if (done == scale && scale > 0)
			*--p = '.';
		*--p = (char)('0' + (unsigned)(m % 10));
	}
	for (low = (uint64_t)m; low > 0 || done <= scale; low /= 10, done++) {
		if (done == scale && scale > 0)
			*--p = '.';
		*--p = (char)('0' + low % 10);
	}
	if (minus)
		*--p = '-';
	memmove(b->p + b->n, p, (size_t)(end - p));
	b->n += (size_t)(end - p);
}

static wide wide_at(const char *data, uint64_t row)
{
	uint64_t half[2]; /* low half first */

	memcpy(half, data + 16 * row, sizeof(half));
	return (wide)half[1] << 64 | half[0];
}

static void put_hugeint(struct buf *b, wide v, unsigned scale)
{
	bool minus = v >> 127;

	put_wide(b, minus, minus ? -v : v, scale);
}

#define AT(type, row) (((const type *)(const void *)t->data)[row])

/* Reads an integer of up to 64 bits, stored as type id. */
static int64_t small_at(const struct ducktype *t, enum duck_id id, uint64_t row)
{
	switch (id) {
	case DUCK_TINYINT:
		return AT(int8_t, row);
	case DUCK_UTINYINT:
		return AT(uint8_t, row);
	case DUCK_SMALLINT:
		return AT(int16_t, row);
	case DUCK_USMALLINT:
		return AT(uint16_t, row);
	case DUCK_INTEGER:
		return AT(int32_t, row);
	case DUCK_UINTEGER:
		return AT(uint32_t, row);
	default:
		return AT(int64_t, row);
	}
}

static void put_decimal(const struct ducktype *t, struct buf *b, uint64_t row)
{
	int64_t v;

	if (t->store == DUCK_HUGEINT) {
		put_hugeint(b, wide_at(t->data, row), t->scale);
		return;
	}
	v = small_at(t, t->store, row);
	put_wide(b, v < 0, v < 0 ? -(wide)v : (wide)v, t->scale);
}

/* Inserts the nanoseconds before the Z" that ends b. */
static void put_nanos(struct buf *b, unsigned nanos)
{
	char *to;

	if (nanos == 0)
		return;
	b->n -= 2;
	to = buf_room(b, 10);
	*to++ = '.';
	*to++ = (char)('0' + nanos / 100000000);
	for (unsigned part = 1000000; part > 0; part /= 100)
		to = num_two(to, nanos / part % 100);
	b->n = (size_t)(to - b->p);
	while (b->p[b->n - 1] == '0')
		b->n--;
	buf_str(b, "Z\"");
}

static void put_stamp(const struct ducktype *t, struct buf *b, int64_t v)
{
	int64_t unit = (int64_t)t->unit, s = v / unit, rest = v % unit, day;

	if (v == INT64_MAX || v == -INT64_MAX) {
		buf_str(b, v > 0 ? "\"infinity\"" : "\"-infinity\"");
		return;
	}
	if (rest < 0) {
		rest += unit;
		s--;
	}
	day = s / DAY_S;
	s %= DAY_S;
	if (s < 0) {
		s += DAY_S;
		day--;
	}
	if (t->unit == 1000000000) {
		value_time_stamp(b, day, s * 1000000);
		put_nanos(b, (unsigned)rest);
		return;
	}
	value_time_stamp(b, day, s * 1000000 + rest * (1000000 / unit));
}

static void put_date(struct buf *b, int32_t days)
{
	if (days == INT32_MAX || days == -INT32_MAX)
		buf_str(b, days > 0 ? "\"infinity\"" : "\"-infinity\"");
	else
		value_time_date(b, days);
}

/* The high 40 bits are microseconds, the low 24 the time zone. */
static void put_timetz(struct buf *b, uint64_t v)
{
	value_time_clock(b, (int64_t)(v >> 24), false,
			 ZONE_MAX - (int)(v & 0xffffff));
}

static void put_time_ns(struct buf *b, int64_t v)
{
	value_time_clock(b, v / 1000000000 * 1000000, true, 0);
	put_nanos(b, (unsigned)(v % 1000000000));
}

/* Appends n and a letter, unless n is 0. */
static void put_part(struct buf *b, int64_t n, char letter)
{
	if (n != 0)
		buf_fmt(b, "%jd%c", (intmax_t)n, letter);
}

/* ISO 8601 like PostgreSQL's: P1Y2M3DT4H5M6.7S, each part with its own sign. */
static void put_interval(struct buf *b, const struct duck_interval *v)
{
	int64_t s = v->us / 1000000;
	unsigned us =
		(unsigned)(v->us < 0 ? -(v->us % 1000000) : v->us % 1000000);

	buf_str(b, "\"P");
	put_part(b, v->months / 12, 'Y');
	put_part(b, v->months % 12, 'M');
	put_part(b, v->days, 'D');
	if (v->us != 0 || (v->months == 0 && v->days == 0))
		buf_char(b, 'T');
	put_part(b, s / 3600, 'H');
	put_part(b, s / 60 % 60, 'M');
	s %= 60;
	if (us > 0) {
		buf_fmt(b, "%s%jd.%06u", v->us < 0 ? "-" : "",
			(intmax_t)(s < 0 ? -s : s), us);
		while (b->p[b->n - 1] == '0')
			b->n--;
		buf_char(b, 'S');
	} else if (v->us == 0 && v->months == 0 && v->days == 0) {
		buf_str(b, "0S");
	} else {
		put_part(b, s, 'S');
	}
	buf_char(b, '"');
}

static void put_uuid(struct buf *b, wide v)
{
	static const int parts[] = {4, 2, 2, 2, 6};
	unsigned char bytes[16];
	const unsigned char *p = bytes;

	v ^= (wide)1 << 127; /* DuckDB inverts the top bit so that UUIDs sort as
			      * signed integers */
	for (size_t i = 16; i > 0; i--, v >>= 8)
		bytes[i - 1] = (unsigned char)v;
	for (size_t i = 0; i < COUNT_OF(parts); i++) {
		buf_char(b, i == 0 ? '"' : '-');
		buf_hex(b, p, (size_t)parts[i]);
		p += parts[i];
	}
	buf_char(b, '"');
}

static struct slice string_at(const struct ducktype *t, uint64_t row)
{
	return duck_text(&AT(union duck_string, row));
}

/* A BIT is one byte with the number of unused leading bits, then the bits. */
static void put_bits(struct buf *b, struct slice v)
{
	buf_char(b, '"');
	for (size_t i = 8 + (v.n > 0 ? (unsigned char)*v.p : 0); i < v.n * 8;
	     i++)
		buf_char(b, (v.p[i / 8] >> (7 - i % 8)) & 1 ? '1' : '0');
	buf_char(b, '"');
}

static int put_text(const struct ducktype *t, struct buf *b, uint64_t row,
		    struct duckvalue_work *w)
{
	struct slice v = string_at(t, row);

	if (t->json)
		return value_json(b, v, w->scan, &w->scratch, &w->why);
	if (t->number && number_valid(v)) {
		buf_slice(b, v);
		return 0;
	}
	return value_text(b, v) < 0 ? refuse(w, "invalid UTF-8") : 0;
}

static int put(const struct ducktype *t, struct buf *b, uint64_t row,
	       struct duckvalue_work *w);

static int put_elements(const struct ducktype *t, struct buf *b,
			struct duck_span span, struct duckvalue_work *w)
{
	buf_char(b, '[');
	for (uint64_t i = 0; i < span.n; i++) {
		if (i > 0)
			buf_char(b, ',');
		if (put(t->part[0], b, span.at + i, w) < 0)
			return -1;
	}
	buf_char(b, ']');
	return 0;
}

/* A struct without names, like row(1, 2), becomes an array. */
static int put_struct(const struct ducktype *t, struct buf *b, uint64_t row,
		      struct duckvalue_work *w)
{
	bool named = t->n > 0 && ducktype_text(t, 0).n > 2;

	buf_char(b, named ? '{' : '[');
	for (size_t i = 0; i < t->n; i++) {
		if (i > 0)
			buf_char(b, ',');
		if (named) {
			buf_slice(b, ducktype_text(t, i));
			buf_char(b, ':');
		}
		if (put(t->part[i], b, row, w) < 0)
			return -1;
	}
	buf_char(b, named ? '}' : ']');
	return 0;
}

/* A key that is not a string in JSON becomes a string of its JSON text. */
static int put_key(const struct ducktype *t, struct buf *b, uint64_t row,
		   struct duckvalue_work *w)
{
	size_t from = b->n;

	if (put(t, b, row, w) < 0)
		return -1;
	if (b->p[from] == '"')
		return 0;
	w->key.n = 0;
	buf_add(&w->key, b->p + from, b->n - from);
	b->n = from;
	json_string(b, buf_all(&w->key));
	return 0;
}

static int put_map(const struct ducktype *t, struct buf *b,
		   struct duck_span span, struct duckvalue_work *w)
{
	buf_char(b, '{');
	for (uint64_t i = span.at; i < span.at + span.n; i++) {
		if (i > span.at)
			buf_char(b, ',');
		if (put_key(t->part[0], b, i, w) < 0)
			return -1;
		buf_char(b, ':');
		if (put(t->part[1], b, i, w) < 0)
			return -1;
	}
	buf_char(b, '}');
	return 0;
}

static int put_union(const struct ducktype *t, struct buf *b, uint64_t row,
		     struct duckvalue_work *w)
{
	size_t tag = AT(uint8_t, row);

	if (tag >= t->n)
		return refuse(w, "a union without a member");
	buf_char(b, '{');
	buf_slice(b, ducktype_text(t, tag));
	buf_char(b, ':');
	if (put(t->part[tag], b, row, w) < 0)
		return -1;
	buf_char(b, '}');
	return 0;
}

static int put_enum(const struct ducktype *t, struct buf *b, uint64_t row,
		    struct duckvalue_work *w)
{
	size_t i = (size_t)small_at(t, t->store, row);

	if (i >= t->n)
		return refuse(w, "a value that is not in its ENUM");
	buf_slice(b, ducktype_text(t, i));
	return 0;
}

static int put_nested(const struct ducktype *t, struct buf *b, uint64_t row,
		      struct duckvalue_work *w)
{
	switch (t->id) {
	case DUCK_LIST:
		return put_elements(t, b, AT(struct duck_span, row), w);
	case DUCK_ARRAY:
		return put_elements(
			t, b, (struct duck_span){row * t->unit, t->unit}, w);
	case DUCK_STRUCT:
		return put_struct(t, b, row, w);
	case DUCK_MAP:
		return put_map(t, b, AT(struct duck_span, row), w);
	case DUCK_UNION:
		return put_union(t, b, row, w);
	default:
		return refuse(w, "a value of an unknown type");
	}
}

static int put_other(const struct ducktype *t, struct buf *b, uint64_t row,
		     struct duckvalue_work *w)
{
	switch (t->id) {
	case DUCK_DATE:
		put_date(b, AT(int32_t, row));
		return 0;
	case DUCK_TIME:
		value_time_clock(b, AT(int64_t, row), true, 0);
		return 0;
	case DUCK_TIME_NS:
		put_time_ns(b, AT(int64_t, row));
		return 0;
	case DUCK_TIME_TZ:
		put_timetz(b, AT(uint64_t, row));
		return 0;
	case DUCK_BLOB:
		value_binary(b, string_at(t, row));
		return 0;
	case DUCK_BIT:
		put_bits(b, string_at(t, row));
		return 0;
	case DUCK_INTERVAL:
		put_interval(b, &AT(struct duck_interval, row));
		return 0;
	default:
		return put_nested(t, b, row, w);
	}
}

static int put(const struct ducktype *t, struct buf *b, uint64_t row,
	       struct duckvalue_work *w)
{
	if (t->valid && !(t->valid[row / 64] >> (row % 64) & 1)) {
		buf_add(b, "null", 4);
		return 0;
	}
	switch (t->id) {
	case DUCK_BOOLEAN:
		buf_str(b, AT(uint8_t, row) ? "true" : "false");
		return 0;
	case DUCK_TINYINT:
	case DUCK_SMALLINT:
	case DUCK_INTEGER:
	case DUCK_BIGINT:
	case DUCK_UTINYINT:
	case DUCK_USMALLINT:
	case DUCK_UINTEGER:
		value_int(b, small_at(t, t->id, row));
		return 0;
	case DUCK_UBIGINT:
		buf_uint(b, AT(uint64_t, row));
		return 0;
	case DUCK_HUGEINT:
		put_hugeint(b, wide_at(t->data, row), 0);
		return 0;
	case DUCK_UHUGEINT:
		put_wide(b, false, wide_at(t->data, row), 0);
		return 0;
	case DUCK_FLOAT:
		value_float(b, AT(float, row));
		return 0;
	case DUCK_DOUBLE:
		value_double(b, AT(double, row));
		return 0;
	case DUCK_DECIMAL:
		put_decimal(t, b, row);
		return 0;
	case DUCK_VARCHAR:
		return put_text(t, b, row, w);
	case DUCK_TIMESTAMP:
	case DUCK_TIMESTAMP_S:
	case DUCK_TIMESTAMP_MS:
	case DUCK_TIMESTAMP_NS:
	case DUCK_TIMESTAMP_TZ:
	case DUCK_TIMESTAMP_TZ_NS:
		put_stamp(t, b, AT(int64_t, row));
		return 0;
	case DUCK_UUID:
		put_uuid(b, wide_at(t->data, row));
		return 0;
	case DUCK_ENUM:
		return put_enum(t, b, row, w);
	default:
		return put_other(t, b, row, w);
	}
}

/* Refuses duplicate keys: a file may contain a key of a map twice, and
 * different keys may have the same text.
 */
static int check_names(struct buf *b, size_t from, struct duckvalue_work *w)
{
	enum scan_kind kind;

	w->scratch.n = 0;
	buf_add(&w->scratch, b->p + from, b->n - from);
	memset(buf_room(&w->scratch, READER_PAD), 0, READER_PAD);
	if (scan_value(w->scan, buf_all(&w->scratch), &kind) == 0)
		return 0;
	return refuse(w, scan_why(w->scan));
}

int duckvalue_put(const struct ducktype *t, struct buf *b, uint64_t row,
		  struct duckvalue_work *w)
{
	size_t from = b->n;

	if (put(t, b, row, w) < 0)
		return -1;
	return t->maps ? check_names(b, from, w) : 0;
}
