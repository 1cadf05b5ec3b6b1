#include "query/postgres/pgtype.h"

#include <arpa/inet.h>

#include "query/postgres/pgbytes.h"
#include "query/postgres/pgrange.h"
#include "query/value.h"
#include "query/value_time.h"

#define DAY_US INT64_C(86400000000)

enum {
	EPOCH_DAY = 10957,    /* 2000-01-01, in days since 1970 */
	NUMERIC_NEG = 0x4000, /* numeric.c: the sign word */
	NUMERIC_NAN = 0xc000,
	NUMERIC_PINF = 0xd000,
	NUMERIC_NINF = 0xf000,
	INET4 = 2, /* inet.h: PGSQL_AF_INET */
	INET6 = 3,
};

typedef int put_fn(struct buf *b, struct slice v, struct pgtype_work *w);

struct pgtype {
	uint32_t oid, array;
	const char *word;
	put_fn *put;
};

static int bad(struct pgtype_work *w, const char *why)
{
	w->why = why;
	return -1;
}

static int put_bool(struct buf *b, struct slice v, struct pgtype_work *w)
{
	if (v.n != 1)
		return pgtype_bad_length(w);
	buf_str(b, *v.p ? "true" : "false");
	return 0;
}

static int put_int2(struct buf *b, struct slice v, struct pgtype_work *w)
{
	if (v.n != 2)
		return pgtype_bad_length(w);
	value_int(b, (int16_t)pgbytes_16(v.p));
	return 0;
}

static int put_int4(struct buf *b, struct slice v, struct pgtype_work *w)
{
	if (v.n != 4)
		return pgtype_bad_length(w);
	value_int(b, (int32_t)pgbytes_32(v.p));
	return 0;
}

static int put_oid(struct buf *b, struct slice v, struct pgtype_work *w)
{
	if (v.n != 4)
		return pgtype_bad_length(w);
	buf_uint(b, pgbytes_32(v.p));
	return 0;
}

static int put_int8(struct buf *b, struct slice v, struct pgtype_work *w)
{
	if (v.n != 8)
		return pgtype_bad_length(w);
	value_int(b, (int64_t)pgbytes_64(v.p));
	return 0;
}

static int put_float4(struct buf *b, struct slice v, struct pgtype_work *w)
{
	uint32_t bits;
	float f;

	if (v.n != 4)
		return pgtype_bad_length(w);
	bits = pgbytes_32(v.p);
	memcpy(&f, &bits, sizeof(f));
	value_float(b, f);
	return 0;
}

static int put_float8(struct buf *b, struct slice v, struct pgtype_work *w)
{
	uint64_t bits;
	double f;

	if (v.n != 8)
		return pgtype_bad_length(w);
	bits = pgbytes_64(v.p);
	memcpy(&f, &bits, sizeof(f));
	value_double(b, f);
	return 0;
}

static char *four(char *to, unsigned v)
{
	to[0] = (char)('0' + v / 1000 % 10);
	to[1] = (char)('0' + v / 100 % 10);
	to[2] = (char)('0' + v / 10 % 10);
	to[3] = (char)('0' + v % 10);
	return to + 4;
}

/* Digit group i of a numeric, each worth four decimal digits. */
static unsigned group(struct slice v, int n, int i)
{
	return i >= 0 && i < n ? pgbytes_16(v.p + 8 + 2 * i) : 0;
}

/* Writes n groups, the first worth 10000^weight, with scale digits after the
 * point.
 */
static void put_digits(struct buf *b, struct slice v, int n, int weight,
		       int scale)
{
	size_t room =
		8 + 4 * (size_t)(weight > 0 ? weight + 1 : 1) + (size_t)scale;
	char *to = buf_room(b, room + 4);
	int first = 0; /* first group of the integer part that is not zero */

	while (first < weight && group(v, n, first) == 0)
		first++;
	if (weight < 0)
		*to++ = '0';
	for (int i = first; i <= weight; i++) {
		char *from = to;

		to = four(to, group(v, n, i));
		if (i > first)
			continue;
		while (from < to - 1 && *from == '0')
			from++;
		memmove(to - 4, from, (size_t)(to - from));
		to -= from - (to - 4);
	}
	if (scale > 0) {
		char *stop;

		*to++ = '.';
		stop = to + scale;
		for (int i = weight + 1; to < stop; i++)
			to = four(to, group(v, n, i));
		to = stop;
	}
	b->n = (size_t)(to - b->p);
}

static int put_numeric(struct buf *b, struct slice v, struct pgtype_work *w)
{
	int n, weight;
	unsigned sign;

	if (v.n < 8)
		return pgtype_bad_length(w);
	n = pgbytes_16(v.p);
	weight = (int16_t)pgbytes_16(v.p + 2);
	sign = pgbytes_16(v.p + 4);
	if (v.n != 8 + 2 * (size_t)n)
		return pgtype_bad_length(w);
	switch (sign) {
	case NUMERIC_NAN:
		buf_str(b, "\"NaN\"");
		return 0;
	case NUMERIC_PINF:
		buf_str(b, "\"Infinity\"");
		return 0;
	case NUMERIC_NINF:
		buf_str(b, "\"-Infinity\"");
		return 0;
	case NUMERIC_NEG:
		buf_char(b, '-');
		break;
	default:
		break;
	}
	put_digits(b, v, n, weight, pgbytes_16(v.p + 6) & 0x3fff);
	return 0;
}

static int put_text(struct buf *b, struct slice v, struct pgtype_work *w)
{
	return value_text(b, v) < 0 ? bad(w, "invalid UTF-8") : 0;
}

/* "char" is one byte; the server's text of a byte above 127 is like \303. */
static int put_char(struct buf *b, struct slice v, struct pgtype_work *w)
{
	if (v.n != 1)
		return put_text(b, v, w);
	if (*v.p & 0x80) {
		buf_fmt(b, "\"\\\\%03o\"", (unsigned)(unsigned char)*v.p);
		return 0;
	}
	return put_text(b, slice_of(v.p, *v.p ? 1 : 0), w);
}

static int put_bytea(struct buf *b, struct slice v, struct pgtype_work *w)
{
	(void)w;
	value_binary(b, v);
	return 0;
}

static int put_date(struct buf *b, struct slice v, struct pgtype_work *w)
{
	int32_t days;

	if (v.n != 4)
		return pgtype_bad_length(w);
	days = (int32_t)pgbytes_32(v.p);
	if (days == INT32_MAX)
		buf_str(b, "\"infinity\"");
	else if (days == INT32_MIN)
		buf_str(b, "\"-infinity\"");
	else
		value_time_date(b, (int64_t)days + EPOCH_DAY);
	return 0;
}

static int put_stamp(struct buf *b, struct slice v, struct pgtype_work *w)
{
	int64_t us, days;

	if (v.n != 8)
		return pgtype_bad_length(w);
	us = (int64_t)pgbytes_64(v.p);
	if (us == INT64_MAX) {
		buf_str(b, "\"infinity\"");
		return 0;
	}
	if (us == INT64_MIN) {
		buf_str(b, "\"-infinity\"");
		return 0;
	}
	days = us / DAY_US;
	us %= DAY_US;
	if (us < 0) {
		us += DAY_US;
		days--;
	}
	value_time_stamp(b, days + EPOCH_DAY, us);
	return 0;
}

static int put_time(struct buf *b, struct slice v, struct pgtype_work *w)
{
	uint64_t us = v.n == 8 ? pgbytes_64(v.p) : UINT64_MAX;

	if (us > (uint64_t)DAY_US)
		return pgtype_bad_length(w);
	value_time_clock(b, (int64_t)us, true, 0);
	return 0;
}

/* The zone is in seconds west of UTC. */
static int put_timetz(struct buf *b, struct slice v, struct pgtype_work *w)
{
	uint64_t us = v.n == 12 ? pgbytes_64(v.p) : UINT64_MAX;

	if (us > (uint64_t)DAY_US)
		return pgtype_bad_length(w);
	value_time_clock(b, (int64_t)us, false, -(int32_t)pgbytes_32(v.p + 8));
	return 0;
}

static int put_uuid(struct buf *b, struct slice v, struct pgtype_work *w)
{
	static const size_t part[] = {4, 2, 2, 2, 6};
	const char *p = v.p;

	if (v.n != 16)
		return pgtype_bad_length(w);
	for (size_t i = 0; i < COUNT_OF(part); i++) {
		buf_char(b, i == 0 ? '"' : '-');
		buf_hex(b, p, part[i]);
		p += part[i];
	}
	buf_char(b, '"');
	return 0;
}

static int put_json(struct buf *b, struct slice v, struct pgtype_work *w)
{
	return value_json(b, v, w->scan, &w->scratch, &w->why);
}

/* A version byte, then text that the server has generated. */
static int put_jsonb(struct buf *b, struct slice v, struct pgtype_work *w)
{
	if (v.n < 2 || v.p[0] != 1)
		return bad(w, "jsonb of an unknown version");
	if (value_compact(b, slice_of(v.p + 1, v.n - 1)) < 0)
		return bad(w, "too deep");
	return 0;
}

/* The bytes: family, prefix length, whether it is a cidr, length of the
 * address, the address.
 */
static int put_inet(struct buf *b, struct slice v, struct pgtype_work *w)
{
	char text[INET6_ADDRSTRLEN];
	bool six = v.n > 0 && v.p[0] == INET6;
	size_t bytes = six ? 16 : 4;
	unsigned bits;

	if (v.n != 4 + bytes || (v.p[0] != INET4 && !six))
		return pgtype_bad_length(w);
	if (!inet_ntop(six ? AF_INET6 : AF_INET, v.p + 4, text, sizeof(text)))
		return bad(w, "not an address");
	bits = (unsigned char)v.p[1];
	buf_fmt(b, "\"%s", text);
	if (v.p[2] || bits != bytes * 8)
		buf_fmt(b, "/%u", bits);
	buf_char(b, '"');
	return 0;
}

/* From pg_type.dat: oid of the type, oid of its array, name in the begin line.
 */
static const struct pgtype types[] = {
	{16, 1000, "boolean", put_bool},
	{17, 1001, "binary", put_bytea},
	{18, 1002, "string", put_char}, /* "char" */
	{19, 1003, "string", put_text}, /* name */
	{20, 1016, "int", put_int8},
	{21, 1005, "int", put_int2},
	{23, 1007, "int", put_int4},
	{PGTYPE_TEXT, PGTYPE_TEXT_ARRAY, "string", put_text},
	{26, 1028, "int", put_oid},
	{PGTYPE_JSON, 199, "json", put_json},
	{650, 651, "string", put_inet}, /* cidr */
	{700, 1021, "float", put_float4},
	{701, 1022, "float", put_float8},
	{869, 1041, "string", put_inet},
	{1042, 1014, "string", put_text}, /* char(n) */
	{1043, 1015, "string", put_text}, /* varchar */
	{1082, 1182, "date", put_date},
	{1083, 1183, "time", put_time},
	{1114, 1115, "datetime", put_stamp},
	{1184, 1185, "datetime", put_stamp}, /* with time zone */
	{1266, 1270, "time", put_timetz},
	{1700, 1231, "decimal", put_numeric},
	{2950, 2951, "string", put_uuid},
	{3802, 3807, "json", put_jsonb},
	{3910, 3911, "string", pgrange_put},
	{4534, 6153, "string", pgrange_put_many},
	/* of Redshift, as text only */
	{4000, 0, "json", NULL},   /* super */
	{6551, 0, "binary", NULL}, /* varbyte */
};

int pgtype_find(uint32_t oid, bool text, struct pgtype_column *c)
{
	for (size_t i = 0; i < COUNT_OF(types); i++) {
		if (oid == 0 ||
		    (oid != types[i].oid && oid != types[i].array) ||
		    (!types[i].put && !text))
			continue;
		*c = (struct pgtype_column){
			.type = &types[i],
			.array = oid == types[i].array,
		};
		return 1;
	}
	return 0;
}

uint32_t pgtype_oid(const struct pgtype_column *c)
{
	return c->type->oid;
}

const char *pgtype_word(const struct pgtype_column *c)
{
	return c->array ? "array" : c->shape ? "json" : c->type->word;
}

int pgtype_put(const struct pgtype_column *c, struct buf *b, struct slice v,
	       struct pgtype_work *w)
{
	return c->type->put(b, v, w);
}
