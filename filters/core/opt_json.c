#include "core/opt_json.h"

#include "core/tool.h"

/* Adds a text of our own. */
static void put_text(struct buf *b, struct slice s)
{
	buf_char(b, '"');
	for (size_t i = 0; i < s.n; i++) {
		unsigned char c = (unsigned char)s.p[i];

		if (c == '"' || c == '\\')
			buf_char(b, '\\');
		if (c < 0x20)
			buf_fmt(b, "\\u%04x", c);
		else
			buf_char(b, s.p[i]);
	}
	buf_char(b, '"');
}

static void put_member(struct buf *b, const char *name, const char *text)
{
	if (!text)
		return;
	buf_fmt(b, ",\"%s\":", name);
	put_text(b, slice_str(text));
}

static const char *kind_of(const struct opt *o)
{
	if (o->flag)
		return "flag";
	if (o->count)
		return "count";
	return o->msec ? "time" : "text";
}

static void put_values(struct buf *b, const char *name, const char *values)
{
	if (!values)
		return;
	buf_fmt(b, ",\"%s\":[", name);
	for (const char *at = values; *at;) {
		size_t n = strcspn(at, "|");

		put_text(b, slice_of(at, n));
		at += n + (at[n] == '|');
		if (*at)
			buf_char(b, ',');
	}
	buf_char(b, ']');
}

/* Adds a time as it is typed: 90000 ms as "90s". */
static void put_time(struct buf *b, uint64_t ms)
{
	static const struct {
		uint64_t ms;
		const char *unit;
	} units[] = {{86400000, "d"},
		     {3600000, "h"},
		     {60000, "m"},
		     {1000, "s"},
		     {1, "ms"}};
	size_t i = 0;

	while (ms % units[i].ms != 0)
		i++;
	buf_fmt(b, ",\"default\":\"%ju%s\"", (uintmax_t)(ms / units[i].ms),
		units[i].unit);
}

/* Adds a count as it is typed: 65536 as "64K". */
static void put_count(struct buf *b, uint64_t n)
{
	size_t unit = 0;

	while (unit < 3 && n % 1024 == 0) {
		n /= 1024;
		unit++;
	}
	buf_fmt(b, ",\"default\":\"%ju%.1s\"", (uintmax_t)n, &"\0KMG"[unit]);
}

/* Adds the default. 0 means none, and the largest number no limit. */
static void put_default(struct buf *b, const struct opt *o)
{
	if (o->count && *o->count != 0 && *o->count != UINT64_MAX)
		put_count(b, *o->count);
	else if (o->msec && *o->msec != 0 && *o->msec != UINT64_MAX)
		put_time(b, *o->msec);
	else if (o->text)
		put_member(b, "default", *o->text);
}

static void put_option(struct buf *b, const struct opt *o)
{
	buf_str(b, "{\"name\":");
	put_text(b, slice_str(o->name));
	if (o->letter)
		buf_fmt(b, ",\"letter\":\"%c\"", o->letter);
	put_member(b, "argument", o->arg);
	buf_fmt(b, ",\"kind\":\"%s\",\"repeat\":%s,\"optional\":%s", kind_of(o),
		o->list ? "true" : "false", o->absent ? "true" : "false");
	put_values(b, "values", o->values);
	put_default(b, o);
	put_member(b, "group", o->group);
	put_member(b, "help", o->help);
	buf_char(b, '}');
}

static void put_table(struct buf *b, const struct opt *o, bool *any)
{
	for (; o->name; o++) {
		if (*any)
			buf_char(b, ',');
		*any = true;
		put_option(b, o);
	}
}

void opt_json(struct buf *b, const struct opt_page *page,
	      const struct opt *common)
{
	bool any = false;

	buf_str(b, "{\"name\":");
	put_text(b, slice_str(tool_name()));
	put_member(b, "version", RUDDER_VERSION);
	put_member(b, "summary", page->summary);
	put_member(b, "operand", page->operand);
	put_values(b, "operand_values", page->operand_values);
	buf_str(b, ",\"options\":[");
	put_table(b, page->table, &any);
	put_table(b, common, &any);
	buf_str(b, "]}\n");
}
