#include "diff/state/record_lines.h"

#include "core/file_map.h"
#include "core/num.h"
#include "core/reader.h"
#include "core/text.h"
#include "wire/json/json.h"

int record_lines_read(const char *path, struct buf *b, struct err *e)
{
	struct file_map m;
	int rc = file_map(&m, path, e);

	if (rc > 0) {
		buf_room(b, m.n + READER_PAD);
		buf_add(b, m.p, m.n);
		memset(buf_room(b, READER_PAD), 0, READER_PAD);
		file_map_clear(&m);
	}
	return rc;
}

bool record_lines_next(struct slice *rest, struct slice *line, bool *whole)
{
	const char *lf = rest->n > 0 ? memchr(rest->p, '\n', rest->n) : NULL;
	size_t n = lf ? (size_t)(lf - rest->p) : rest->n;

	if (rest->n == 0)
		return false;
	*line = slice_of(rest->p, n);
	*whole = lf != NULL;
	n += *whole;
	*rest = slice_of(rest->p + n, rest->n - n);
	return true;
}

struct slice record_lines_member(const struct scan *s, const char *name)
{
	const struct scan_member *m = scan_get(s, name);

	return m ? m->value : slice_of(NULL, 0);
}

void record_lines_text(const struct scan *s, const char *name, char *to,
		       size_t size)
{
	struct slice v = record_lines_member(s, name);
	struct buf b = {0};

	if (v.n > 2 && *v.p == '"')
		json_decode(&b, json_inner(v));
	if (b.n >= size)
		b.n = text_whole(slice_of(b.p, size - 1));
	memcpy(to, b.p ? b.p : "", b.n);
	to[b.n] = '\0';
	buf_clear(&b);
}

bool record_lines_count(const struct scan *s, const char *name, uint64_t *n)
{
	return num_uint(record_lines_member(s, name), n) == 0;
}
