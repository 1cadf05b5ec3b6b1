#include "query/model_blame.h"

#include "core/tool.h"

int model_blame(const struct model *m, struct err *e)
{
	if (e->kind != ERR_CONFIG && e->kind != ERR_DATA)
		return -1;
	return err_in(e, "model '%s'", m->name);
}

int model_blame_at(const struct model *m, size_t byte, struct err *e)
{
	size_t at = byte - m->base_at;
	unsigned line = 1;

	if (e->kind != ERR_CONFIG && e->kind != ERR_DATA)
		return -1;
	if (!m->cursor && at > m->base.n)
		return model_blame(m, e);
	if (byte < m->base_at || at > m->base.n)
		return err_in(e, "model '%s': --cursor '%s'", m->name,
			      m->cursor);
	for (size_t i = 0; i < at; i++)
		line += m->base.p[i] == '\n';
	return err_in(e, "model '%s' line %u", m->name, line);
}

enum { SHOWN_MAX = 120 }; /* bytes of a line around an error */

void model_blame_show(const struct model *m, size_t byte)
{
	size_t at = byte - m->base_at, from = at, end = at, width = 0;
	struct buf line = {0};

	if (!m->given || byte < m->base_at || at >= m->base.n)
		return;
	while (from > 0 && m->base.p[from - 1] != '\n' &&
	       at - from < SHOWN_MAX / 2)
		from--;
	while (from < at && (m->base.p[from] & 0xc0) == 0x80)
		from++;
	while (end < m->base.n && m->base.p[end] != '\n' &&
	       end - from < SHOWN_MAX)
		end++;
	while (end < m->base.n && (m->base.p[end] & 0xc0) == 0x80)
		end--;
	for (size_t i = from; i < at; i++)
		width += (m->base.p[i] & 0xc0) != 0x80;
	buf_add(&line, m->base.p + from, end - from);
	for (size_t i = 0; i < line.n; i++) {
		if (line.p[i] == '\t')
			line.p[i] = ' ';
	}
	tool_error("%.*s", (int)line.n, buf_cstr(&line));
	buf_clear(&line);
	tool_error("%*s^", (int)width, "");
}
