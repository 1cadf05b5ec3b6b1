#include "query/ducktype.h"

#include <stdlib.h>

#include "core/mem.h"
#include "query/value.h"
#include "wire/json.h"

#define DAY_S INT64_C(86400)
__extension__ typedef unsigned __int128 wide;

enum {
	MOST_DEEP = SCAN_DEPTH - 1, /* the row itself is one level */
	ZONE_MAX = 16 * 3600 - 1,   /* TIME_TZ counts down from here */
	ROOM_WIDE = 44,             /* 39 digits, sign, point, "0." */
};

struct ducktype {
	const struct duck *duck;
	enum duck_id id, store; /* store: how DECIMAL and ENUM lie there */
	uint64_t unit;          /* ARRAY: elements; timestamps: of a second */
	unsigned width, scale;  /* DECIMAL */
	bool json, number;      /* VARCHAR: of type JSON; digits */
	struct ducktype **part; /* n of them */
	size_t n;
	struct buf text; /* names of the parts, or values of an ENUM, as JSON */
	size_t *end;     /* of each in text */
	const char *data; /* of the vector in work */
	const uint64_t *valid;
};

/* In the order of enum duck_id. */
static const struct {
	const char *native, *word;
} names[] = {
	[DUCK_BOOLEAN] = {"BOOLEAN", "boolean"},
	[DUCK_TINYINT] = {"TINYINT", "int"},
	[DUCK_SMALLINT] = {"SMALLINT", "int"},
	[DUCK_INTEGER] = {"INTEGER", "int"},
	[DUCK_BIGINT] = {"BIGINT", "int"},
	[DUCK_UTINYINT] = {"UTINYINT", "int"},
	[DUCK_USMALLINT] = {"USMALLINT", "int"},
	[DUCK_UINTEGER] = {"UINTEGER", "int"},
	[DUCK_UBIGINT] = {"UBIGINT", "int"},
	[DUCK_FLOAT] = {"FLOAT", "float"},
	[DUCK_DOUBLE] = {"DOUBLE", "float"},
	[DUCK_TIMESTAMP] = {"TIMESTAMP", "datetime"},
	[DUCK_DATE] = {"DATE", "date"},
	[DUCK_TIME] = {"TIME", "time"},
	[DUCK_INTERVAL] = {"INTERVAL", "string"},
	[DUCK_HUGEINT] = {"HUGEINT", "int"},
	[DUCK_VARCHAR] = {"VARCHAR", "string"},
	[DUCK_BLOB] = {"BLOB", "binary"},
	[DUCK_DECIMAL] = {"DECIMAL", "decimal"},
	[DUCK_TIMESTAMP_S] = {"TIMESTAMP_S", "datetime"},
	[DUCK_TIMESTAMP_MS] = {"TIMESTAMP_MS", "datetime"},
	[DUCK_TIMESTAMP_NS] = {"TIMESTAMP_NS", "datetime"},
	[DUCK_ENUM] = {"ENUM", "string"},
	[DUCK_LIST] = {"LIST", "array"},
	[DUCK_STRUCT] = {"STRUCT", "json"},
	[DUCK_MAP] = {"MAP", "json"},
	[DUCK_UUID] = {"UUID", "string"},
	[DUCK_UNION] = {"UNION", "json"},
	[DUCK_BIT] = {"BIT", "string"},
	[DUCK_TIME_TZ] = {"TIME WITH TIME ZONE", "time"},
	[DUCK_TIMESTAMP_TZ] = {"TIMESTAMP WITH TIME ZONE", "datetime"},
	[DUCK_UHUGEINT] = {"UHUGEINT", "int"},
	[DUCK_ARRAY] = {"ARRAY", "array"},
	[DUCK_BIGNUM] = {"BIGNUM", "int"},
	[DUCK_SQLNULL] = {"NULL", "any"},
	[DUCK_TIME_NS] = {"TIME_NS", "time"},
	[DUCK_GEOMETRY] = {"GEOMETRY", "string"},
	[DUCK_VARIANT] = {"VARIANT", "json"},
};

static bool is_known(const struct ducktype *t)
{
	return t->id < COUNT_OF(names) && names[t->id].word;
}

/* ---- the tree ---------------------------------------------------------- */

static struct ducktype *make(const struct duck *d, void *logical, size_t deep);

/* Takes the name and the type of one more part. */
static bool add_part(struct ducktype *t, char *name, void *logical, size_t deep)
{
	struct ducktype *p = make(t->duck, logical, deep + 1);

	t->part = mem_resize(t->part, (t->n + 1) * sizeof(struct ducktype *));
	t->end = mem_resize(t->end, (t->n + 1) * sizeof(*t->end));
	t->part[t->n] = p;
	if (name)
		json_string(&t->text, slice_str(name));
	t->duck->free(name);
	t->end[t->n++] = t->text.n;
	return p != NULL;
}

static bool add_parts(struct ducktype *t, void *logical, size_t deep)
{
	const struct duck *d = t->duck;
	bool ok = true;
	uint64_t n;

	switch (t->id) {
	case DUCK_LIST:
		return add_part(t, NULL, d->list_type_child_type(logical),
				deep);
	case DUCK_ARRAY:
		t->unit = d->array_type_array_size(logical);
		return add_part(t, NULL, d->array_type_child_type(logical),
				deep);
	case DUCK_MAP:
		return add_part(t, NULL, d->map_type_key_type(logical), deep) &&
		       add_part(t, NULL, d->map_type_value_type(logical), deep);
	case DUCK_STRUCT:
		n = d->struct_type_child_count(logical);
		for (uint64_t i = 0; ok && i < n; i++)
			ok = add_part(t, d->struct_type_child_name(logical, i),
				      d->struct_type_child_type(logical, i),
				      deep);
		return ok;
	case DUCK_UNION:
		n = d->union_type_member_count(logical);
		for (uint64_t i = 0; ok && i < n; i++)
			ok = add_part(t, d->union_type_member_name(logical, i),
				      d->union_type_member_type(logical, i),
				      deep);
		return ok;
	default:
		return true;
	}
}

static void add_values(struct ducktype *t, void *logical)
{
	t->store = (enum duck_id)t->duck->enum_internal_type(logical);
	t->n = t->duck->enum_dictionary_size(logical);
	t->end = mem_resize(NULL, (t->n + 1) * sizeof(*t->end));
	for (size_t i = 0; i < t->n; i++) {
		char *value = t->duck->enum_dictionary_value(logical, i);

		json_string(&t->text, slice_str(value ? value : ""));
		t->duck->free(value);
		t->end[i] = t->text.n;
	}
}

static uint64_t unit_of(enum duck_id id)
{
	switch (id) {
	case DUCK_TIMESTAMP_S:
		return 1;
	case DUCK_TIMESTAMP_MS:
		return 1000;
	case DUCK_TIMESTAMP_NS:
	case DUCK_TIME_NS:
		return 1000000000;
	default:
		return 1000000;
	}
}

/* What there is to know of a type beside its parts. */
static void find_details(struct ducktype *t, void *logical)
{
	char *alias;

	t->unit = unit_of(t->id);
	if (t->id == DUCK_DECIMAL) {
		t->width = t->duck->decimal_width(logical);
		t->scale = t->duck->decimal_scale(logical);
		t->store =
			(enum duck_id)t->duck->decimal_internal_type(logical);
	}
	if (t->id == DUCK_ENUM)
		add_values(t, logical);
	if (t->id != DUCK_VARCHAR)
		return;
	alias = t->duck->logical_type_get_alias(logical);
	t->json = alias && strcmp(alias, "JSON") == 0;
	t->duck->free(alias);
}

static struct ducktype *make(const struct duck *d, void *logical, size_t deep)
{
	struct ducktype *t = mem_zero(sizeof(*t));
	bool ok = deep < MOST_DEEP;

	t->duck = d;
	if (ok) {
		t->id = (enum duck_id)d->get_type_id(logical);
		find_details(t, logical);
		ok = add_parts(t, logical, deep);
	}
	d->destroy_logical_type(&logical);
	if (ok)
		return t;
	ducktype_free(t);
	return NULL;
}

struct ducktype *ducktype_new(const struct duck *d, void *logical,
			      struct err *e)
{
	struct ducktype *t = make(d, logical, 0);

	if (!t)
		(void)err_set(e, ERR_CONFIG,
			      "a type is nested deeper than %d levels",
			      MOST_DEEP);
	return t;
}

void ducktype_free(struct ducktype *t)
{
	if (!t)
		return;
	for (size_t i = 0; t->part && i < t->n; i++)
		ducktype_free(t->part[i]);
	free(t->part);
	free(t->end);
	buf_clear(&t->text);
	free(t);
}

const char *ducktype_word(const struct ducktype *t)
{
	if (!is_known(t))
		return "any";
	return t->json ? "json" : names[t->id].word;
}

static struct slice text_of(const struct ducktype *t, size_t i)
{
	size_t from = i > 0 ? t->end[i - 1] : 0;

	return slice_of(t->text.p + from, t->end[i] - from);
}

/* "STRUCT(a INTEGER, ...)" and the like. A name in JSON's quotes is one in
 * SQL's too, but for the rare backslash.
 */
static void put_parts(const struct ducktype *t, struct buf *b)
{
	buf_char(b, '(');
	for (size_t i = 0; i < t->n; i++) {
		struct slice name = text_of(t, i);

		buf_str(b, i > 0 ? ", " : "");
		buf_slice(b, name);
		if (name.n > 0)
			buf_char(b, ' ');
		ducktype_native(t->part[i], b);
	}
	buf_char(b, ')');
}

void ducktype_native(const struct ducktype *t, struct buf *b)
{
	switch (t->id) {
	case DUCK_LIST:
		ducktype_native(t->part[0], b);
		buf_str(b, "[]");
		return;
	case DUCK_ARRAY:
		ducktype_native(t->part[0], b);
		buf_fmt(b, "[%ju]", (uintmax_t)t->unit);
		return;
	case DUCK_DECIMAL:
		buf_fmt(b, "DECIMAL(%u,%u)", t->width, t->scale);
		return;
	default:
		break;
	}
	buf_str(b, !is_known(t) ? "?" : t->json ? "JSON" : names[t->id].native);
	if (t->part)
		put_parts(t, b);
}

static bool is_foreign(const struct ducktype *t)
{
	if (!is_known(t) || t->id == DUCK_BIGNUM || t->id == DUCK_GEOMETRY ||
	    t->id == DUCK_VARIANT)
		return true;
	for (size_t i = 0; t->part && i < t->n; i++) {
		if (is_foreign(t->part[i]))
			return true;
	}
	return false;
}

const char *ducktype_cast(const struct ducktype *t)
{
	if (!is_foreign(t))
		return NULL;
	return t->part || t->id == DUCK_VARIANT ? "JSON" : "VARCHAR";
}

bool ducktype_is_number(const struct ducktype *t)
{
	return t->id == DUCK_BIGNUM;
}

void ducktype_set_number(struct ducktype *t)
{
	t->number = true;
}

void ducktype_at(struct ducktype *t, void *vector)
{
	const struct duck *d = t->duck;

	t->data = d->vector_get_data(vector);
	t->valid = d->vector_get_validity(vector);
	switch (t->id) {
	case DUCK_LIST:
		ducktype_at(t->part[0], d->list_vector_get_child(vector));
		return;
	case DUCK_ARRAY:
		ducktype_at(t->part[0], d->array_vector_get_child(vector));
		return;
	case DUCK_MAP: /* a list of structs of key and value */
		vector = d->list_vector_get_child(vector);
		break;
	case DUCK_UNION: /* a struct of a tag and all members */
		t->data = d->vector_get_data(
			d->struct_vector_get_child(vector, 0));
		for (size_t i = 0; i < t->n; i++)
			ducktype_at(t->part[i],
				    d->struct_vector_get_child(vector, i + 1));
		return;
	default:
		break;
	}
	for (size_t i = 0; t->part && i < t->n; i++)
		ducktype_at(t->part[i], d->struct_vector_get_child(vector, i));
}

/* ---- values ------------------------------------------------------------ */

static int refuse(struct ducktype_work *w, const char *why)
{
	w->why = why;
	return -1;
}

/* The digits of m, with a point in front of the last scale of them. */
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
	uint64_t half[2]; /* the lower one first */

	memcpy(half, data + 16 * row, sizeof(half));
	return (wide)half[1] << 64 | half[0];
}

static void put_hugeint(struct buf *b, wide v, unsigned scale)
{
	bool minus = v >> 127;

	put_wide(b, minus, minus ? -v : v, scale);
}

#define AT(type, row) (((const type *)(const void *)t->data)[row])

/* An integer of up to 64 bits with its sign, as it lies there. */
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

/* Puts more digits of the second in front of the "Z\"" that ends b. */
static void put_nanos(struct buf *b, unsigned nanos)
{
	if (nanos == 0)
		return;
	b->n -= 2;
	buf_fmt(b, ".%09u", nanos);
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
	if (t->id == DUCK_TIMESTAMP_NS) {
		value_stamp(b, day, s * 1000000);
		put_nanos(b, (unsigned)rest);
		return;
	}
	value_stamp(b, day, s * 1000000 + rest * (1000000 / unit));
}

static void put_date(struct buf *b, int32_t days)
{
	if (days == INT32_MAX || days == -INT32_MAX)
		buf_str(b, days > 0 ? "\"infinity\"" : "\"-infinity\"");
	else
		value_date(b, days);
}

/* 40 bits of microseconds, 24 of the zone. */
static void put_timetz(struct buf *b, uint64_t v)
{
	value_time(b, (int64_t)(v >> 24), false,
		   ZONE_MAX - (int)(v & 0xffffff));
}

static void put_time_ns(struct buf *b, int64_t v)
{
	value_time(b, v / 1000000000 * 1000000, true, 0);
	put_nanos(b, (unsigned)(v % 1000000000));
}

/* n and a letter, unless n is 0. */
static void put_part(struct buf *b, int64_t n, char letter)
{
	if (n != 0)
		buf_fmt(b, "%jd%c", (intmax_t)n, letter);
}

/* ISO 8601 as PostgreSQL has it: P1Y2M3DT4H5M6.7S, each part its own sign. */
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

	v ^= (wide)1 << 127; /* which it has to sort as an integer */
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
	const union duck_string *s = &AT(union duck_string, row);

	if (s->near.n <= sizeof(s->near.p))
		return slice_of(s->near.p, s->near.n);
	return slice_of(s->far.p, s->far.n);
}

/* A byte that tells how many bits of the next one do not count, then those. */
static void put_bits(struct buf *b, struct slice v)
{
	buf_char(b, '"');
	for (size_t i = 8 + (v.n > 0 ? (unsigned char)*v.p : 0); i < v.n * 8;
	     i++)
		buf_char(b, (v.p[i / 8] >> (7 - i % 8)) & 1 ? '1' : '0');
	buf_char(b, '"');
}

static int put_text(const struct ducktype *t, struct buf *b, uint64_t row,
		    struct ducktype_work *w)
{
	struct slice v = string_at(t, row);

	if (t->json)
		return value_json(b, v, w->scan, &w->scratch, &w->why);
	if (t->number && value_is_number(v)) {
		buf_slice(b, v);
		return 0;
	}
	return value_text(b, v) < 0 ? refuse(w, "invalid UTF-8") : 0;
}

static int put_elements(const struct ducktype *t, struct buf *b,
			struct duck_span span, struct ducktype_work *w)
{
	buf_char(b, '[');
	for (uint64_t i = 0; i < span.n; i++) {
		if (i > 0)
			buf_char(b, ',');
		if (ducktype_put(t->part[0], b, span.at + i, w) < 0)
			return -1;
	}
	buf_char(b, ']');
	return 0;
}

/* A struct without names, row(1, 2), is an array. */
static int put_struct(const struct ducktype *t, struct buf *b, uint64_t row,
		      struct ducktype_work *w)
{
	bool named = t->n > 0 && text_of(t, 0).n > 2;

	buf_char(b, named ? '{' : '[');
	for (size_t i = 0; i < t->n; i++) {
		if (i > 0)
			buf_char(b, ',');
		if (named) {
			buf_slice(b, text_of(t, i));
			buf_char(b, ':');
		}
		if (ducktype_put(t->part[i], b, row, w) < 0)
			return -1;
	}
	buf_char(b, named ? '}' : ']');
	return 0;
}

/* A key that JSON does not write as a string is one of its JSON text. */
static int put_key(const struct ducktype *t, struct buf *b, uint64_t row,
		   struct ducktype_work *w)
{
	size_t from = b->n;

	if (ducktype_put(t, b, row, w) < 0)
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
		   struct duck_span span, struct ducktype_work *w)
{
	buf_char(b, '{');
	for (uint64_t i = span.at; i < span.at + span.n; i++) {
		if (i > span.at)
			buf_char(b, ',');
		if (put_key(t->part[0], b, i, w) < 0)
			return -1;
		buf_char(b, ':');
		if (ducktype_put(t->part[1], b, i, w) < 0)
			return -1;
	}
	buf_char(b, '}');
	return 0;
}

static int put_union(const struct ducktype *t, struct buf *b, uint64_t row,
		     struct ducktype_work *w)
{
	size_t tag = AT(uint8_t, row);

	if (tag >= t->n)
		return refuse(w, "a union without its member");
	buf_char(b, '{');
	buf_slice(b, text_of(t, tag));
	buf_char(b, ':');
	if (ducktype_put(t->part[tag], b, row, w) < 0)
		return -1;
	buf_char(b, '}');
	return 0;
}

static int put_enum(const struct ducktype *t, struct buf *b, uint64_t row,
		    struct ducktype_work *w)
{
	size_t i = (size_t)small_at(t, t->store, row);

	if (i >= t->n)
		return refuse(w, "a value that its ENUM has not");
	buf_slice(b, text_of(t, i));
	return 0;
}

static int put_nested(const struct ducktype *t, struct buf *b, uint64_t row,
		      struct ducktype_work *w)
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

int ducktype_put(const struct ducktype *t, struct buf *b, uint64_t row,
		 struct ducktype_work *w)
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
	case DUCK_BLOB:
		value_binary(b, string_at(t, row));
		return 0;
	case DUCK_BIT:
		put_bits(b, string_at(t, row));
		return 0;
	case DUCK_DATE:
		put_date(b, AT(int32_t, row));
		return 0;
	case DUCK_TIME:
		value_time(b, AT(int64_t, row), true, 0);
		return 0;
	case DUCK_TIME_NS:
		put_time_ns(b, AT(int64_t, row));
		return 0;
	case DUCK_TIME_TZ:
		put_timetz(b, AT(uint64_t, row));
		return 0;
	case DUCK_TIMESTAMP:
	case DUCK_TIMESTAMP_S:
	case DUCK_TIMESTAMP_MS:
	case DUCK_TIMESTAMP_NS:
	case DUCK_TIMESTAMP_TZ:
		put_stamp(t, b, AT(int64_t, row));
		return 0;
	case DUCK_INTERVAL:
		put_interval(b, &AT(struct duck_interval, row));
		return 0;
	case DUCK_UUID:
		put_uuid(b, wide_at(t->data, row));
		return 0;
	case DUCK_ENUM:
		return put_enum(t, b, row, w);
	default:
		return put_nested(t, b, row, w);
	}
}
