#include "diff/storm.h"

#include "core/tool.h"
#include "wire/json.h"

enum { FEW = 1000 }; /* updates that are no storm */

void storm_clear(struct storm *s)
{
	buf_clear(&s->names);
	*s = (struct storm){0};
}

static struct slice name_of(const struct storm *s, size_t i)
{
	size_t from = i ? s->end[i - 1] : 0;

	return slice_of(s->names.p + from, s->end[i] - from);
}

/* The names of one row have the order of those of the last. */
static void count(struct storm *s, struct slice name, size_t *from)
{
	for (size_t i = 0; i < s->n; i++) {
		size_t at = (*from + i) % s->n;

		if (slice_eq(name_of(s, at), name)) {
			s->count[at]++;
			*from = at + 1;
			return;
		}
	}
	if (s->n == STORM_COLUMNS)
		return;
	buf_slice(&s->names, name);
	s->end[s->n] = s->names.n;
	s->count[s->n++] = 1;
	*from = s->n;
}

void storm_add(struct storm *s, struct slice changed)
{
	const char *p = changed.p, *end = changed.p + changed.n;
	size_t from = 0;

	s->rows++;
	while ((p = memchr(p, '"', (size_t)(end - p)))) {
		const char *name = ++p;

		while (*p != '"')
			p += *p == '\\' ? 2 : 1;
		count(s, slice_of(name, (size_t)(p - name)), &from);
		p++;
	}
}

void storm_warn(const struct storm *s, uint64_t updates, uint64_t keys)
{
	struct buf b = {0};
	size_t n = 0;

	if (updates <= FEW || updates <= keys / 10 * 9)
		return;
	for (size_t i = 0; i < s->n; i++) {
		if (s->count[i] <= s->rows / 2)
			continue;
		buf_str(&b, n++ ? ", " : "in most of them: ");
		json_decode(&b, name_of(s, i));
	}
	if (n == 0)
		buf_str(&b, s->rows ? "each in other columns"
				    : "--keep lets a run say in which columns");
	tool_warn("%ju of %ju rows have changed: a new column, or another way "
		  "to write values? %s",
		  (uintmax_t)updates, (uintmax_t)keys, buf_cstr(&b));
	buf_clear(&b);
}
