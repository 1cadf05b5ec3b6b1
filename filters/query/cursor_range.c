#include "query/cursor_range.h"

#include <errno.h>
#include <math.h>
#include <stdlib.h>

#include "core/clock.h"
#include "core/num.h"
#include "core/tool.h"
#include "query/timestamp.h"
#include "query/value.h"
#include "wire/json/json.h"
#include "wire/json/number.h"
#include "wire/state/cursor.h"

int cursor_range_check(const struct query_options *o, struct err *e)
{
	uint64_t ms;

	if (!o->cursor && (o->since || o->overlap ||
			   (o->cursor_state && !o->if_changed && !o->delta)))
		return err_names(e, ERR_USAGE, "--%s needs --cursor",
				 o->since          ? "since"
				 : o->cursor_state ? "cursor-state"
						   : "overlap");
	if (o->full && !o->cursor_state)
		return err_set(e, ERR_USAGE,
			       "--full needs --cursor-state <folder>: without "
			       "it all rows are read");
	if (o->since && o->cursor_state)
		return err_set(e, ERR_USAGE,
			       "--since and --cursor-state exclude each other");
	if (o->since && json_utf8(slice_str(o->since)) != strlen(o->since))
		return err_names(e, ERR_USAGE,
				 "option '--since': the value is not UTF-8");
	if (!o->overlap)
		return 0;
	if (!o->since && !o->cursor_state)
		return err_set(e, ERR_USAGE,
			       "--overlap needs --cursor-state or --since");
	if (o->limit != UINT64_MAX)
		return err_set(e, ERR_USAGE,
			       "--overlap and --limit exclude each other: a "
			       "run might never get past the overlap");
	if (*o->overlap == '-' || (!number_valid(slice_str(o->overlap)) &&
				   num_msec(slice_str(o->overlap), &ms) < 0))
		return err_names(
			e, ERR_USAGE,
			"option '--overlap': '%s' is not a number or a "
			"time such as 10m",
			o->overlap);
	return 0;
}

static int misfit(const char *overlap, const char *what, const char *like,
		  struct err *e)
{
	return err_names(e, ERR_USAGE,
			 "--overlap %s: the cursor is %s, so use %s", overlap,
			 what, like);
}

static bool whole(const char *text, int64_t *v)
{
	char *end;

	errno = 0;
	*v = strtoll(text, &end, 10);
	return errno == 0 && *end == '\0';
}

/* Appends text - overlap. If it is not exact, it is a little less, which only
 * reads some more rows.
 */
static void put_less(struct buf *b, const char *text, const char *overlap)
{
	int64_t v, by;
	double d, less;

	if (whole(text, &v) && whole(overlap, &by)) {
		value_int(b, v < INT64_MIN + by ? INT64_MIN : v - by);
		return;
	}
	d = strtod(text, NULL);
	less = strtod(overlap, NULL);
	d -= less + (fabs(d) + less) * 0x1p-51;
	value_double(b, d);
}

static int take_overlap(struct cursor_range *s, const char *overlap,
			struct err *e)
{
	struct slice value = buf_all(&s->value);
	int64_t us;
	uint64_t ms;

	if (!overlap) {
		buf_slice(&s->from, value);
	} else if (number_valid(value)) {
		if (!number_valid(slice_str(overlap)))
			return misfit(overlap, "a number", "a number", e);
		put_less(&s->from, buf_cstr(&s->value), overlap);
	} else if (timestamp_read(value, &us) == 0) {
		if (number_valid(slice_str(overlap)) ||
		    num_msec(slice_str(overlap), &ms) < 0)
			return misfit(overlap, "a time", "a time like 10m", e);
		if (timestamp_earlier(&s->from, value, ms) < 0)
			return err_set(e, ERR_BUG, "not a time");
	} else {
		return err_set(e, ERR_USAGE,
			       "--overlap needs a cursor that is a number or a "
			       "time");
	}
	return 0;
}

/* Rewrites a time for a database that accepts no T and no Z in it. */
static void take_blanks(struct cursor_range *s)
{
	struct buf b = {0};

	if (s->type.n > 0 && !slice_is(buf_all(&s->type), "datetime") &&
	    !slice_is(buf_all(&s->type), "date"))
		return;
	if (timestamp_blank(&b, buf_all(&s->from)) == 0) {
		s->from.n = 0;
		buf_slice(&s->from, buf_all(&b));
	}
	buf_clear(&b);
}

static bool is_text(struct slice json, const char *text)
{
	struct buf b = {0};
	bool same;

	json_string(&b, slice_str(text));
	same = slice_eq(json, buf_all(&b));
	buf_clear(&b);
	return same;
}

static void forget(struct cursor_range *s)
{
	s->on = false;
	s->value.n = s->type.n = s->from.n = 0;
}

/* Whether the value is in the future. Such a value moves no cursor (rows.c), so
 * it was taken while a clock was ahead, and would hide all rows until then.
 */
static bool is_ahead(const struct cursor_range *s)
{
	int64_t us;

	return timestamp_read(buf_all(&s->value), &us) == 0 &&
	       us > (int64_t)clock_wall_ms() * 1000;
}

static int load_state(struct cursor_range *s, const struct query_options *o,
		      const char *model, struct err *e)
{
	struct buf path = {0};
	struct cursor c;
	int rc;

	buf_fmt(&path, "%s/" CURSOR_FILE, o->cursor_state);
	rc = cursor_load(&c, buf_cstr(&path), e);
	if (rc == 0)
		tool_info("no cursor in '%s' yet: reading all rows",
			  o->cursor_state);
	if (rc > 0) {
		s->on = is_text(c.column, o->cursor) &&
			cursor_is_of(&c, slice_str(model)) && c.value.n > 0 &&
			c.type.n > 0;
		if (!s->on)
			tool_info("the cursor in '%s' belongs to a different "
				  "model or column: reading all rows",
				  o->cursor_state);
	}
	if (s->on) {
		json_decode(&s->value, json_inner(c.value));
		json_decode(&s->type, json_inner(c.type));
	}
	if (s->on && is_ahead(s)) {
		tool_warn("the cursor in '%s' is in the future: a clock is, or "
			  "was, wrong; reading all rows",
			  o->cursor_state);
		forget(s);
	}
	cursor_clear(&c);
	buf_clear(&path);
	return rc < 0 ? -1 : 0;
}

int cursor_range_load(struct cursor_range *s, const struct query_options *o,
		      const char *model, const struct model_sql *sql,
		      struct err *e)
{
	*s = (struct cursor_range){0};
	if (o->cursor_state && !o->full && load_state(s, o, model, e) < 0)
		return -1;
	if (o->since) {
		s->on = true;
		buf_str(&s->value, o->since);
	}
	if (!s->on)
		return 0;
	if (take_overlap(s, o->overlap, e) < 0)
		return -1;
	if (sql->blank_times)
		take_blanks(s);
	return 0;
}

void cursor_range_forget(struct cursor_range *s)
{
	forget(s);
}

void cursor_range_clear(struct cursor_range *s)
{
	buf_clear(&s->from);
	buf_clear(&s->value);
	buf_clear(&s->type);
}

int cursor_range_came_on(const struct cursor_range *s,
			 const struct query_options *o, const struct rows *r,
			 struct err *e)
{
	bool stuck =
		r->highest.n == 0 || r->cursor_null ||
		(s->on && slice_eq(buf_all(&r->highest), buf_all(&s->value)));

	if (!r->cursor || !o->cursor_state || !r->partial || !stuck)
		return 0;
	return err_names(e, ERR_CONFIG,
			 "--limit %ju is too low for --cursor-state: more rows "
			 "than that have no cursor value or the value at which "
			 "this run began",
			 (uintmax_t)o->limit);
}

void cursor_range_end(const struct cursor_range *s, const struct rows *r,
		      struct buf *b)
{
	const struct buf *value = r->highest.n > 0 ? &r->highest : &s->value;

	buf_str(b, ",\"cursor\":{\"column\":");
	json_string(b, slice_str(r->cursor));
	buf_fmt(b, ",\"type\":\"%s\"", r->cursor_type);
	if (s->on) {
		buf_str(b, ",\"since\":");
		json_string(b, buf_all(&s->value));
	}
	if (value->n > 0) {
		buf_str(b, ",\"value\":");
		json_string(b, buf_all(value));
	}
	buf_char(b, '}');
}
