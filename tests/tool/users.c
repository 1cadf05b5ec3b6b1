/* users.c - a table of users for benchmarks and campaigns: the same arguments
 * give the same bytes.
 *
 *     users [-n ROWS] [-f json|csv] [-v 1|2] [-o key|shuffle]
 *
 *   -v 2        the table a day later: 1 % of the rows updated, 0.5 % inserted,
 *               0.5 % deleted
 *   -o shuffle  the rows in an order that jumps; else by key
 *
 * The numbers of rows, updates, inserts and deletes go to standard error, so
 * that what a tool finds can be checked. A row has about 320 bytes as JSON, 225
 * as CSV: names beyond ASCII, escapes, nulls, decimals, times, an object and an
 * array.
 */
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "core/buf.h"
#include "core/num.h"
#include "core/tool.h"
#include "core/writer.h"

enum { OUTPUT = 1024 * 1024, FIRST_ID = 1000000000 };

struct table {
	struct writer *w;
	bool csv, later, shuffle;
	uint64_t n;
	unsigned half_bits; /* of a shuffled place */
	uint64_t rows, updated, inserted, deleted;
};

/* One row of it, from which each value takes some bits. */
struct person {
	uint64_t id, a, b, c;
	bool updated;
};

static const char *const given[] = {
	"Ana",           "Bo",   "Chlo\xc3\xa9",
	"Dag",           "Eve",  "Finn",
	"Gil",           "Hana", "In\xc3\xaas",
	"J\xc3\xbcrgen", "Kofi", "Lu\xc3\xad",
	"Mei",           "Nils", "\xd0\x9e\xd0\xbb\xd1\x8f",
	"\xe5\x84\xaa"};
static const char *const family[] = {
	"Garc\303\255a", "Okafor", "Nguy\xe1\xbb\x85n",
	"M\xc3\xbcller", "O'Neil", "Petrov",
	"Kim",           "Silva",  "\xc3\x98stby",
	"Dubois",        "Rossi",  "Nov\xc3\xa1k",
	"Tanaka",        "Cohen",  "Singh",
	"Lopez"};
static const char *const plan[] = {"free", "free", "free", "starter",
				   "pro",  "pro",  "team", "enterprise"};
static const char *const country[] = {"US", "DE", "FR", "GB", "BR", "IN",
				      "JP", "ES", "CA", "MX", "NL", "SE",
				      "PL", "IT", "AU", "KR"};
static const char *const host[] = {"example.com", "mail.example.org",
				   "corp.example.net", "inbox.example"};

/* A number of which each bit depends on each bit of x. */
static uint64_t mix(uint64_t x, uint64_t salt)
{
	x = (x + salt * 0x632be59bd9b4e019) * 0x9e3779b97f4a7c15;
	x = (x ^ x >> 32) * 0xd6e8feb86659fd93;
	x = (x ^ x >> 32) * 0xd6e8feb86659fd93;
	return x ^ x >> 32;
}

/* A place in the shuffled order, without a list of places: four rounds of a
 * Feistel network over the next even number of bits, again while it is too big.
 */
static uint64_t place(const struct table *t, uint64_t i)
{
	uint64_t mask = ((uint64_t)1 << t->half_bits) - 1;

	do {
		for (uint64_t round = 0; round < 4; round++)
			i = (i & mask) << t->half_bits |
			    ((i >> t->half_bits) ^
			     (mix(i & mask, 70 + round) & mask));
	} while (i >= t->n);
	return i;
}

static void digits(struct buf *b, uint64_t n, int width)
{
	buf_fmt(b, "%0*ju", width, (uintmax_t)n);
}

/* Some seconds after 2019 as RFC 3339; no day is later than the 28th. */
static void stamp(struct buf *b, uint64_t s, uint64_t ms)
{
	uint64_t day = s / 86400;

	buf_fmt(b, "%ju-%02ju-%02juT%02ju:%02ju:%02ju.%03juZ",
		(uintmax_t)(2019 + day / 336), (uintmax_t)(1 + day / 28 % 12),
		(uintmax_t)(1 + day % 28), (uintmax_t)(s / 3600 % 24),
		(uintmax_t)(s / 60 % 60), (uintmax_t)(s % 60), (uintmax_t)ms);
}

/* The next column: its name in JSON, a comma in CSV. */
static void column(const struct table *t, struct buf *b, const char *name)
{
	if (t->csv)
		buf_char(b, ',');
	else
		buf_fmt(b, ",\"%s\":", name);
}

static void text(const struct table *t, struct buf *b, const char *name,
		 const char *value)
{
	column(t, b, name);
	buf_fmt(b, t->csv ? "%s" : "\"%s\"", value);
}

/* One name in sixteen has what must be escaped. */
static void name(const struct table *t, struct buf *b, const struct person *p)
{
	static const char *const odd_json[] = {"\\\"Ace\\\" ", "a\\\\b ", "\\t",
					       "\\ud83d\\ude80 "};
	static const char *const odd_csv[] = {"\"\"Ace\"\" ", "a\\b ", "\t",
					      "\xf0\x9f\x9a\x80 "};
	const char *odd = "";

	if ((p->a >> 10 & 63) < 4)
		odd = (t->csv ? odd_csv : odd_json)[p->a >> 10 & 63];
	column(t, b, "name");
	buf_fmt(b, "\"%s %s%s\"", given[p->a & 15], odd,
		family[p->a >> 5 & 15]);
}

/* An object and an array, which CSV has as text. */
static void nested(const struct table *t, struct buf *b, const struct person *p)
{
	const char *q = t->csv ? "\"\"" : "\"", *quote = t->csv ? "\"" : "";

	column(t, b, "settings");
	buf_fmt(b,
		"%s{%stheme%s:%s%s%s,%slang%s:%sen-US%s,%snotify%s:{%semail%s:%"
		"s,%spush%s:%s}}%s",
		quote, q, q, q, p->c >> 10 & 1 ? "dark" : "light", q, q, q, q,
		q, q, q, q, q, p->c >> 14 & 1 ? "true" : "false", q, q,
		p->c >> 15 & 1 ? "true" : "false", quote);
	column(t, b, "scores");
	buf_fmt(b, "%s[%ju", quote, (uintmax_t)(p->c >> 20 & 1023));
	for (unsigned i = 0; i < 1 + (p->c >> 16 & 3); i++)
		buf_fmt(b, ",%ju", (uintmax_t)(p->c >> (27 + 7 * i) & 1023));
	buf_fmt(b, "]%s", quote);
}

static void last_seen(const struct table *t, struct buf *b,
		      const struct person *p)
{
	bool none = !p->updated && (p->c >> 6 & 7) == 0;

	column(t, b, "last_seen");
	if (none && !t->csv)
		buf_str(b, "null");
	if (none)
		return;
	buf_str(b, t->csv ? "" : "\"");
	stamp(b, 200000000 + (p->b >> 30) % 40000000, p->b % 1000);
	buf_str(b, t->csv ? "" : "\"");
}

static int row(struct table *t, const struct person *p, struct err *e)
{
	struct buf *b = writer_buf(t->w);

	buf_fmt(b, t->csv ? "%ju" : "{\"user_id\":%ju", (uintmax_t)p->id);
	column(t, b, "email");
	buf_fmt(b, t->csv ? "u%ju@%s" : "\"u%ju@%s\"",
		(uintmax_t)(p->id - FIRST_ID), host[p->a >> 16 & 3]);
	name(t, b, p);
	text(t, b, "plan", plan[p->b & 7]);
	column(t, b, "mrr");
	buf_uint(b, (p->b >> 8) % 2500);
	buf_char(b, '.');
	digits(b, p->b % 100, 2);
	column(t, b, "signup_ts");
	buf_str(b, t->csv ? "" : "\"");
	stamp(b, (p->a >> 20) % 200000000, p->a & 511);
	buf_str(b, t->csv ? "" : "\"");
	text(t, b, "country", country[p->c & 15]);
	column(t, b, "is_active");
	buf_str(b, p->c >> 4 & 3 ? "true" : "false");
	last_seen(t, b, p);
	nested(t, b, p);
	buf_str(b, t->csv ? "" : "}");
	t->rows++;
	return writer_line(t->w, e);
}

/* The row at place i and, the day after, the one inserted behind it. */
static int at(struct table *t, uint64_t i, struct err *e)
{
	uint64_t fate = mix(i, 9) % 1000;
	struct person p = {.id = FIRST_ID + 2 * i,
			   .a = mix(i, 1),
			   .b = mix(i, 2),
			   .c = mix(i, 3)};

	if (t->later && fate < 5) {
		t->deleted++;
		return 0;
	}
	if (t->later && fate < 15) {
		p.b = mix(i, 4);
		p.updated = true;
		t->updated++;
	}
	if (row(t, &p, e) < 0)
		return -1;
	if (!t->later || fate < 995)
		return 0;
	p = (struct person){p.id + 1, mix(i, 5), mix(i, 6), mix(i, 7), false};
	t->inserted++;
	return row(t, &p, e);
}

static int all(struct table *t, struct err *e)
{
	for (t->half_bits = 1; (uint64_t)1 << 2 * t->half_bits < t->n;)
		t->half_bits++;
	if (t->csv) {
		buf_str(writer_buf(t->w),
			"user_id,email,name,plan,mrr,signup_ts,country,"
			"is_active,last_seen,settings,scores");
		if (writer_line(t->w, e) < 0)
			return -1;
	}
	for (uint64_t i = 0; i < t->n; i++) {
		if (at(t, t->shuffle ? place(t, i) : i, e) < 0)
			return -1;
	}
	return 0;
}

static int usage(void)
{
	fprintf(stderr, "usage: users [-n ROWS] [-f json|csv] [-v 1|2] [-o "
			"key|shuffle]\n");
	return 64;
}

int main(int argc, char **argv)
{
	struct table t = {.n = 1000000};
	struct err e = {0};
	int c, rc;

	tool_start("users");
	while ((c = getopt(argc, argv, "n:f:v:o:")) != -1) {
		if (c == 'n' && num_uint(slice_str(optarg), &t.n) == 0)
			continue;
		if (!strchr("fvo", c))
			return usage();
		t.csv |= c == 'f' && optarg[0] == 'c';
		t.later |= c == 'v' && optarg[0] == '2';
		t.shuffle |= c == 'o' && optarg[0] == 's';
	}
	t.w = writer_new(STDOUT_FILENO, OUTPUT);
	rc = all(&t, &e);
	if (rc == 0)
		rc = writer_close(t.w, &e);
	writer_free(t.w);
	fprintf(stderr, "rows %ju updated %ju inserted %ju deleted %ju\n",
		(uintmax_t)t.rows, (uintmax_t)t.updated, (uintmax_t)t.inserted,
		(uintmax_t)t.deleted);
	return tool_end(rc, &e);
}
