#include "map/settings/mapping_hints.h"

#include "core/tool.h"
#include "map/settings/event_type.h"

static bool is_step(const struct path *p, const char *name)
{
	return p->n > 1 && p->step[0].name &&
	       slice_is(slice_of(p->step[0].name, p->step[0].n), name);
}

static void check_target(const struct mapping *m, const struct path *p)
{
	struct buf text = {0};

	if (p->n == 0 || p->root)
		return;
	path_text(&text, p);
	if (is_step(p, m->type->body) || is_step(p, "context"))
		tool_warn("target '%s' becomes '%s.%s': for a path from the "
			  "root of the event write '.%s'",
			  buf_cstr(&text), m->type->body, buf_cstr(&text),
			  buf_cstr(&text));
	else if (p->step[0].name && *p->step[0].name == '>')
		tool_warn("target '%s' begins with '>': write column=target, "
			  "without an arrow",
			  buf_cstr(&text));
	buf_clear(&text);
}

static void check_targets(const struct mapping *m)
{
	for (size_t i = 0; i < m->n_columns; i++)
		check_target(m, &m->column[i].to);
	for (size_t i = 0; i < m->n_identifiers; i++)
		check_target(m, &m->identifier[i].to);
	for (size_t i = 0; i < m->n_constants; i++)
		check_target(m, &m->constant[i].to);
	for (size_t i = 0; i < m->n_computed; i++)
		check_target(m, &m->computed[i].to);
}

/* The end of the jq string or comment that starts at p. */
static const char *skipped(const char *p)
{
	if (*p == '#')
		return p + strcspn(p, "\n");
	for (p++; *p && *p != '"'; p++)
		p += *p == '\\' && p[1];
	return p + (*p == '"');
}

/* Whether a jq program has "=", "|=" or the like, outside of strings. */
static bool assigns(const char *p)
{
	for (char before = ' '; *p;) {
		if (*p == '"' || *p == '#') {
			p = skipped(p);
			before = ' ';
			continue;
		}
		if (*p == '=' && p[1] == '=') {
			before = ' ';
			p += 2;
			continue;
		}
		if (*p == '=' && !strchr("!<>", before))
			return true;
		before = *p++;
	}
	return false;
}

void mapping_hints(const struct mapping *m)
{
	if (m->type)
		check_targets(m);
}

void mapping_hints_condition(const struct mapping *m)
{
	if (m->where && assigns(m->where))
		tool_warn("the condition '%s' assigns with '=', which is true "
			  "for every row: use == to compare",
			  m->where);
}
