#include "map/removal_guard.h"

#include <limits.h>
#include <unistd.h>

#include "core/counts.h"
#include "core/num.h"
#include "core/reader.h"
#include "core/temp.h"
#include "wire/json/span.h"

const char removal_guard_why[] =
	"delete blocked: the row does not match the condition";

/* First byte of a line in the file that is not decided yet. No line of JSON
 * starts with it.
 */
enum { EVENT = 1, REJECT = 2 };

enum { FLUSH_AT = 64 * 1024, LONGEST = INT_MAX, FEW = 10 };

int removal_guard_open(struct removal_guard *g, struct err *e)
{
	g->fd = temp_file(temp_dir(NULL), e);
	g->is_open = g->fd >= 0;
	return g->is_open ? 0 : -1;
}

void removal_guard_clear(struct removal_guard *g, struct writer **out)
{
	if (g->aside) {
		writer_free(*out);
		*out = g->aside;
	}
	if (g->is_open)
		close(g->fd);
	buf_clear(&g->kept);
	*g = (struct removal_guard){0};
}

void removal_guard_begin(struct removal_guard *g,
			 const struct control_reader *r, bool changed)
{
	struct slice limits = control_member(r, "delete_guard"), key, value;
	struct span s;
	uint64_t few;

	if (limits.n == 0 || *limits.p != '{')
		return;
	g->limit = UINT64_MAX;
	for (s = span_open(limits); span_member(&s, &key, &value);) {
		uint64_t n;

		if (num_uint(value, &n) < 0)
			continue;
		if (slice_is(key, "keys")) {
			g->keys = n;
		} else if (slice_is(key, "limit")) {
			g->limit = n;
		} else if (slice_is(key, "allowed")) {
			g->permit = n;
			g->has_permit = true;
		}
	}
	few = g->keys / 100 > FEW ? g->keys / 100 : FEW;
	if (changed && few < g->limit)
		g->limit = few;
	g->on = g->limit != UINT64_MAX;
}

/* ---- the file --------------------------------------------------------- */

static int put_marked(struct removal_guard *g, struct writer *w,
		      const struct control_note *blocked, struct err *e)
{
	struct slice text = buf_all(&g->kept);

	while (text.n > 0) {
		const char *lf = memchr(text.p, '\n', text.n);
		size_t n = lf ? (size_t)(lf - text.p) : text.n;

		buf_char(writer_buf(w), EVENT);
		buf_add(writer_buf(w), text.p, n);
		if (writer_line(w, e) < 0)
			return -1;
		n += lf != NULL;
		text = slice_of(text.p + n, text.n - n);
	}
	buf_char(writer_buf(w), REJECT);
	control_note(writer_buf(w), blocked);
	return writer_line(w, e);
}

int removal_guard_row(struct removal_guard *g, struct writer **out, uint64_t n,
		      const struct control_note *blocked, struct err *e)
{
	g->rows++;
	g->events += n;
	if (!g->aside && writer_flush(*out, e) < 0)
		return -1;
	g->kept.n = 0;
	buf_slice(&g->kept, writer_record(*out));
	writer_undo(*out);
	if (!g->aside) {
		g->aside = *out;
		*out = writer_new(g->fd, FLUSH_AT);
	}
	return put_marked(g, *out, blocked, e);
}

static bool blocks(const struct removal_guard *g)
{
	return g->rows > g->limit && !(g->has_permit && g->permit == g->rows);
}

static int copy(struct removal_guard *g, struct writer *to, struct err *e)
{
	struct reader *in = reader_new(g->fd, LONGEST, NULL, NULL);
	int drop = blocks(g) ? EVENT : REJECT, rc;
	struct slice line;

	while ((rc = reader_next(in, &line, e)) > 0) {
		bool marked =
			line.n > 0 && (*line.p == EVENT || *line.p == REJECT);

		if (marked && *line.p == drop)
			continue;
		buf_add(writer_buf(to), line.p + marked, line.n - marked);
		if (writer_line(to, e) < 0) {
			rc = -1;
			break;
		}
	}
	reader_free(in);
	return rc;
}

int removal_guard_release(struct removal_guard *g, struct writer **out,
			  uint64_t *events, struct err *e)
{
	struct writer *file = *out;
	int rc;

	if (!g->aside)
		return 0;
	*out = g->aside;
	g->aside = NULL;
	rc = writer_flush(file, e);
	writer_free(file);
	if (rc == 0 && lseek(g->fd, 0, SEEK_SET) < 0)
		rc = err_sys(e, ERR_IO, "cannot read a temporary file");
	if (rc == 0)
		rc = copy(g, *out, e);
	if (blocks(g))
		g->blocked = g->rows;
	else
		*events += g->events;
	return rc;
}

int removal_guard_explain(const struct removal_guard *g, struct err *e)
{
	return err_names(
		e, ERR_BLOCKED,
		"%ju of %ju rows %s not match the condition and would be "
		"deleted; blocked, because that is more than %ju: check the "
		"condition and the rows (those that never matched count too), "
		"and to allow these deletes run again with rudder-diff "
		"--allow-deletes=%ju",
		(uintmax_t)g->blocked, (uintmax_t)g->keys,
		counts_word(g->blocked, "does", "do"), (uintmax_t)g->limit,
		(uintmax_t)g->blocked);
}
