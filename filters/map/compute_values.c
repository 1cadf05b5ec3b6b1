#include "map/compute_values.h"

#include "core/reader.h"
#include "wire/jq/jqjson.h"

bool compute_values_split(struct maker *m, struct slice text)
{
	size_t n = 0, members, have = 0;
	const struct scan_member *member;
	struct buf *b = &m->programs.values_text;

	b->n = 0;
	buf_char(b, '{');
	for (size_t i = 0; i < m->m.n_computed; i++) {
		const char *lf =
			text.n > 0 ? memchr(text.p, '\n', text.n) : NULL;
		size_t size = lf ? (size_t)(lf - text.p) : 0;

		if (!lf)
			return false;
		if (size > 0) {
			buf_fmt(b, "%s\"%zu\":", n++ > 0 ? "," : "", i);
			buf_add(b, text.p, size);
		}
		m->programs.extra[i] = slice_of(NULL, size);
		text = slice_of(lf + 1, text.n - size - 1);
	}
	buf_char(b, '}');
	memset(buf_room(b, READER_PAD), 0, READER_PAD);
	if (!m->programs.values_scan)
		m->programs.values_scan = scan_new();
	if (text.n > 0 || scan_object(m->programs.values_scan, buf_all(b)) < 0)
		return false;
	member = scan_members(m->programs.values_scan, &members);
	if (members != n)
		return false;
	for (size_t i = 0; i < n; i++) {
		if (!jqjson_is_written(member[i].value, JQJSON_DEPTH))
			return false;
	}
	for (size_t i = 0; i < m->m.n_computed; i++) {
		if (m->programs.extra[i].n > 0)
			m->programs.extra[i] = member[have++].value;
	}
	return true;
}
