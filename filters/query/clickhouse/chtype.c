#include "query/clickhouse/chtype.h"

#include <stdlib.h>

#include "core/mem.h"
#include "core/num.h"

enum { SCALE_MAX = 76 };

static const char *const words[] = {
	[CHTYPE_TEXT] = "string",     [CHTYPE_INT] = "int",
	[CHTYPE_DECIMAL] = "decimal", [CHTYPE_FLOAT] = "float",
	[CHTYPE_DOUBLE] = "float",    [CHTYPE_BOOL] = "boolean",
	[CHTYPE_DAY] = "date",        [CHTYPE_STAMP] = "datetime",
	[CHTYPE_CLOCK] = "time",      [CHTYPE_JSON] = "json",
	[CHTYPE_INTERVAL] = "string", [CHTYPE_BYTES] = "binary",
	[CHTYPE_GUESS] = "array",     [CHTYPE_LIST] = "array",
	[CHTYPE_TUPLE] = "array",     [CHTYPE_MAP] = "json",
};

static const struct {
	const char *name;
	enum chtype_kind kind;
	struct chtype_unit unit;
} names[] = {
	{"Int8", CHTYPE_INT, {0}},
	{"Int16", CHTYPE_INT, {0}},
	{"Int32", CHTYPE_INT, {0}},
	{"Int64", CHTYPE_INT, {0}},
	{"Int128", CHTYPE_INT, {0}},
	{"Int256", CHTYPE_INT, {0}},
	{"UInt8", CHTYPE_INT, {0}},
	{"UInt16", CHTYPE_INT, {0}},
	{"UInt32", CHTYPE_INT, {0}},
	{"UInt64", CHTYPE_INT, {0}},
	{"UInt128", CHTYPE_INT, {0}},
	{"UInt256", CHTYPE_INT, {0}},
	{"Decimal", CHTYPE_DECIMAL, {0}},
	{"Decimal32", CHTYPE_DECIMAL, {0}},
	{"Decimal64", CHTYPE_DECIMAL, {0}},
	{"Decimal128", CHTYPE_DECIMAL, {0}},
	{"Decimal256", CHTYPE_DECIMAL, {0}},
	{"Float32", CHTYPE_FLOAT, {0}},
	{"BFloat16", CHTYPE_FLOAT, {0}},
	{"Float64", CHTYPE_DOUBLE, {0}},
	{"Bool", CHTYPE_BOOL, {0}},
	{"Date", CHTYPE_DAY, {0}},
	{"Date32", CHTYPE_DAY, {0}},
	{"DateTime", CHTYPE_STAMP, {0}},
	{"DateTime64", CHTYPE_STAMP, {0}},
	{"Time", CHTYPE_CLOCK, {0}},
	{"Time64", CHTYPE_CLOCK, {0}},
	{"JSON", CHTYPE_JSON, {0}},
	{"Object", CHTYPE_JSON, {0}},
	{"AggregateFunction", CHTYPE_BYTES, {0}},
	{"Point", CHTYPE_GUESS, {0}},
	{"Ring", CHTYPE_GUESS, {0}},
	{"LineString", CHTYPE_GUESS, {0}},
	{"MultiLineString", CHTYPE_GUESS, {0}},
	{"Polygon", CHTYPE_GUESS, {0}},
	{"MultiPolygon", CHTYPE_GUESS, {0}},
	{"Array", CHTYPE_LIST, {0}},
	{"Nested", CHTYPE_LIST, {0}},
	{"Tuple", CHTYPE_TUPLE, {0}},
	{"Map", CHTYPE_MAP, {0}},
	{"IntervalYear", CHTYPE_INTERVAL, {"P", "Y", 1, 0}},
	{"IntervalQuarter", CHTYPE_INTERVAL, {"P", "M", 3, 0}},
	{"IntervalMonth", CHTYPE_INTERVAL, {"P", "M", 1, 0}},
	{"IntervalWeek", CHTYPE_INTERVAL, {"P", "W", 1, 0}},
	{"IntervalDay", CHTYPE_INTERVAL, {"P", "D", 1, 0}},
	{"IntervalHour", CHTYPE_INTERVAL, {"PT", "H", 1, 0}},
	{"IntervalMinute", CHTYPE_INTERVAL, {"PT", "M", 1, 0}},
	{"IntervalSecond", CHTYPE_INTERVAL, {"PT", "S", 1, 0}},
	{"IntervalMillisecond", CHTYPE_INTERVAL, {"PT", "S", 1, 3}},
	{"IntervalMicrosecond", CHTYPE_INTERVAL, {"PT", "S", 1, 6}},
	{"IntervalNanosecond", CHTYPE_INTERVAL, {"PT", "S", 1, 9}},
};

void chtype_free(struct chtype *t)
{
	if (!t)
		return;
	for (size_t i = 0; i < t->n; i++)
		chtype_free(t->child[i]);
	free(t->child);
	free(t->name);
	free(t);
}

/* ---- types ------------------------------------------------------------- */

/* A type may extend over several lines. */
static bool is_blank(char c)
{
	return c == ' ' || c == '\n';
}

static struct slice trim(struct slice s)
{
	while (s.n > 0 && is_blank(*s.p))
		s = slice_of(s.p + 1, s.n - 1);
	while (s.n > 0 && is_blank(s.p[s.n - 1]))
		s.n--;
	return s;
}

static struct slice behind(struct slice s, size_t n)
{
	return slice_of(s.p + n, s.n - n);
}

size_t chtype_quoted(struct slice s)
{
	size_t i = 1;

	for (; i < s.n && s.p[i] != s.p[0]; i++)
		i += s.p[i] == '\\';
	return i < s.n ? i + 1 : s.n;
}

/* Removes the first argument from *rest, up to a comma outside parentheses and
 * quotes. False after the last.
 */
static bool next_argument(struct slice *rest, struct slice *arg)
{
	size_t depth = 0, i = 0;

	if (rest->n == 0)
		return false;
	while (i < rest->n) {
		char c = rest->p[i];

		if (c == ',' && depth == 0)
			break;
		if (c == '\'' || c == '`' || c == '"') {
			i += chtype_quoted(behind(*rest, i));
			continue;
		}
		depth += c == '(';
		depth -= c == ')' && depth > 0;
		i++;
	}
	*arg = trim(slice_of(rest->p, i));
	*rest = behind(*rest, i < rest->n ? i + 1 : i);
	return true;
}

/* Splits "Name(arguments)" or "Name". */
static struct slice split(struct slice text, struct slice *args)
{
	const char *open = memchr(text.p, '(', text.n);

	*args = slice_of(text.p, 0);
	if (!open || text.p[text.n - 1] != ')')
		return text;
	*args = slice_of(open + 1, (size_t)(text.p + text.n - open) - 2);
	return trim(slice_of(text.p, (size_t)(open - text.p)));
}

/* Removes the wrappers that do not change how a value is written. */
static struct slice unwrap(struct slice text, bool *nullable)
{
	struct slice args, name = split(text, &args), arg = {0};

	for (;;) {
		bool null = slice_is(name, "Nullable");

		if (slice_is(name, "SimpleAggregateFunction")) {
			(void)next_argument(&args, &arg);
			args = trim(args);
		} else if (!null && !slice_is(name, "LowCardinality")) {
			return text;
		}
		*nullable |= null;
		text = trim(args);
		name = split(text, &args);
	}
}

static struct chtype *parse(struct slice text, unsigned depth);

static void add_child(struct chtype *t, struct slice name, struct chtype *c)
{
	t->child = mem_resize(t->child, (t->n + 1) * sizeof(struct chtype *));
	t->name = mem_resize(t->name, (t->n + 1) * sizeof(*t->name));
	t->child[t->n] = c;
	t->name[t->n++] = name;
	t->zoned |= c->zoned;
	t->opaque |= c->opaque;
	t->maps |= c->maps;
}

/* Adds a member of a tuple: `name` T, name T, or T alone. */
static void add_member(struct chtype *t, struct slice arg, unsigned depth)
{
	struct slice name = {0};
	size_t i = 0;

	if (arg.n > 0 && *arg.p == '`') {
		i = chtype_quoted(arg);
		name = slice_of(arg.p + 1, i > 1 ? i - 2 : 0);
	} else {
		while (i < arg.n && arg.p[i] != ' ' && arg.p[i] != '(')
			i++;
		if (i < arg.n && arg.p[i] == ' ')
			name = slice_of(arg.p, i);
		else
			i = 0;
	}
	add_child(t, name, parse(trim(behind(arg, i)), depth));
}

/* Whether an earlier member has the same name as member i. */
static bool is_duplicate(struct chtype *t, size_t i)
{
	if (memchr(t->name[i].p, '\\', t->name[i].n))
		t->maps = true; /* its escapes are decoded, and compared, with
				 * each value */
	for (size_t k = 0; k < i; k++) {
		if (slice_eq(t->name[k], t->name[i]))
			return true;
	}
	return false;
}

static void add_members(struct chtype *t, struct slice args, unsigned depth)
{
	struct slice arg;

	while (next_argument(&args, &arg))
		add_member(t, arg, depth);
	t->named = t->kind == CHTYPE_TUPLE && t->n > 0;
	for (size_t i = 0; i < t->n; i++)
		t->named &= t->name[i].p && !is_duplicate(t, i);
}

static void parse_nested(struct chtype *t, struct slice args, unsigned depth)
{
	struct chtype *tuple = mem_zero(sizeof(*tuple));

	tuple->kind = CHTYPE_TUPLE;
	add_members(tuple, args, depth);
	add_child(t, slice_of(NULL, 0), tuple);
}

/* Sets the scale from Decimal(P, S), Decimal64(S) or DateTime64(P, 'zone'). */
static void parse_scale(struct chtype *t, struct slice name, struct slice args)
{
	struct slice arg = {0};
	uint64_t v = 0;

	(void)next_argument(&args, &arg);
	if (slice_is(name, "Decimal") && !next_argument(&args, &arg))
		return;
	if (num_uint(trim(arg), &v) == 0 && v <= SCALE_MAX)
		t->scale = (size_t)v;
}

static void parse_leaf(struct chtype *t, struct slice name, struct slice args)
{
	struct slice zone = {0}, arg;

	if (t->kind == CHTYPE_DECIMAL || slice_is(name, "DateTime64"))
		parse_scale(t, name, args);
	t->opaque = t->kind == CHTYPE_BYTES || t->kind == CHTYPE_JSON ||
		    slice_is(name, "Variant") || slice_is(name, "Dynamic");
	if (t->kind != CHTYPE_STAMP)
		return;
	while (next_argument(&args, &arg))
		zone = arg;
	t->zoned = !slice_is(zone, "'UTC'");
}

static struct chtype *parse(struct slice text, unsigned depth)
{
	struct chtype *t = mem_zero(sizeof(*t));
	struct slice name, args;

	text = unwrap(text, &t->nullable);
	t->text = text;
	name = split(text, &args);
	for (size_t i = 0; depth < CHTYPE_DEPTH && i < COUNT_OF(names); i++) {
		if (slice_is(name, names[i].name)) {
			t->kind = names[i].kind;
			t->unit = names[i].unit;
		}
	}
	if (slice_is(name, "Nested"))
		parse_nested(t, args, depth + 1);
	else if (t->kind == CHTYPE_LIST)
		add_child(t, slice_of(NULL, 0), parse(trim(args), depth + 1));
	else if (t->kind == CHTYPE_TUPLE || t->kind == CHTYPE_MAP)
		add_members(t, args, depth + 1);
	else
		parse_leaf(t, name, args);
	if (t->kind == CHTYPE_MAP && t->n != 2) {
		t->kind = CHTYPE_TEXT;
		t->opaque = true;
	}
	t->maps |= t->kind == CHTYPE_MAP;
	return t;
}

struct chtype *chtype_parse(struct slice text)
{
	return parse(text.n > 0 ? trim(text) : slice_str(""), 0);
}

const char *chtype_word(const struct chtype *t)
{
	return t->named ? "json" : words[t->kind];
}

bool chtype_zoned(const struct chtype *t)
{
	return t->zoned && !t->opaque;
}

static void cast_to(struct buf *b, const struct chtype *t)
{
	if (t->nullable)
		buf_str(b, "Nullable(");
	if (t->n > 0) {
		buf_str(b, t->kind == CHTYPE_LIST  ? "Array("
			   : t->kind == CHTYPE_MAP ? "Map("
						   : "Tuple(");
		for (size_t i = 0; i < t->n; i++) {
			buf_str(b, i > 0 ? ", " : "");
			if (t->name[i].p)
				buf_fmt(b, "`%.*s` ", SLICE_FMT(t->name[i]));
			cast_to(b, t->child[i]);
		}
		buf_char(b, ')');
	} else if (t->kind == CHTYPE_STAMP &&
		   slice_starts(t->text, "DateTime64")) {
		buf_fmt(b, "DateTime64(%zu, 'UTC')", t->scale);
	} else if (t->kind == CHTYPE_STAMP) {
		buf_str(b, "DateTime('UTC')");
	} else {
		buf_slice(b, t->text);
	}
	if (t->nullable)
		buf_char(b, ')');
}

void chtype_cast(struct buf *b, const struct chtype *t)
{
	cast_to(b, t);
}
