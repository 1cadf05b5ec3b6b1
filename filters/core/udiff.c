#include "core/udiff.h"

#include <stdlib.h>

#include "core/mem.h"

enum { AROUND = 3, CELLS = 4 * 1000 * 1000 };

struct udiff_lines {
	struct slice *v; /* owned */
	size_t n;
};

static void split(struct udiff_lines *l, struct slice text)
{
	*l = (struct udiff_lines){0};
	for (size_t i = 0; i < text.n; i++)
		l->n += text.p[i] == '\n';
	l->v = mem_zero((l->n + 1) * sizeof(*l->v));
	l->n = 0;
	while (text.n > 0) {
		const char *lf = memchr(text.p, '\n', text.n);
		size_t n = lf ? (size_t)(lf - text.p) : text.n;

		l->v[l->n++] = slice_of(text.p, n);
		n += lf != NULL;
		text = slice_of(text.p + n, text.n - n);
	}
}

/* One character for each line: ' ' in both, '-' in the first, '+' in the
 * second.
 */
struct script {
	char *op; /* owned */
	size_t n;
};

static void add(struct script *s, char op, size_t times)
{
	memset(s->op + s->n, op, times);
	s->n += times;
}

/* Compares the middle, without the equal lines at both ends. */
static void middle(struct script *s, const struct slice *a, size_t n,
		   const struct slice *b, size_t m)
{
	size_t w = m + 1, i = 0, k = 0;
	uint32_t *same; /* of a from i and b from k: same[i * w + k] */

	if (n == 0 || m == 0 || n > CELLS / m) {
		add(s, '-', n);
		add(s, '+', m);
		return;
	}
	same = mem_zero((n + 1) * w * sizeof(*same));
	for (i = n; i-- > 0;) {
		for (k = m; k-- > 0;) {
			uint32_t down = same[(i + 1) * w + k];
			uint32_t right = same[i * w + k + 1];

			same[i * w + k] =
				slice_eq(a[i], b[k])
					? same[(i + 1) * w + k + 1] + 1
				: down > right ? down
					       : right;
		}
	}
	for (i = k = 0; i < n || k < m;) {
		if (i < n && k < m && slice_eq(a[i], b[k])) {
			add(s, ' ', 1);
			i++;
			k++;
		} else if (k == m || (i < n && same[(i + 1) * w + k] >=
						       same[i * w + k + 1])) {
			add(s, '-', 1);
			i++;
		} else {
			add(s, '+', 1);
			k++;
		}
	}
	free(same);
}

static void compare(struct script *s, const struct udiff_lines *a,
		    const struct udiff_lines *b)
{
	size_t front = 0, back = 0;

	*s = (struct script){.op = mem_zero(a->n + b->n + 1)};
	while (front < a->n && front < b->n &&
	       slice_eq(a->v[front], b->v[front]))
		front++;
	while (back < a->n - front && back < b->n - front &&
	       slice_eq(a->v[a->n - 1 - back], b->v[b->n - 1 - back]))
		back++;
	add(s, ' ', front);
	middle(s, a->v + front, a->n - front - back, b->v + front,
	       b->n - front - back);
	add(s, ' ', back);
}

/* The end of the hunk that begins at from: before more than twice AROUND equal
 * lines.
 */
static size_t hunk_end(const struct script *s, size_t from)
{
	size_t end = from;

	for (size_t i = from; i < s->n && i <= end + (size_t)2 * AROUND; i++) {
		if (s->op[i] != ' ')
			end = i + 1;
	}
	return end;
}

static size_t count(const struct script *s, size_t from, size_t to, char other)
{
	size_t n = 0;

	for (size_t i = from; i < to; i++)
		n += s->op[i] != other;
	return n;
}

static void put_hunk(struct buf *b, const struct script *s, size_t from,
		     size_t to, const struct udiff_lines *x,
		     const struct udiff_lines *y)
{
	size_t i = count(s, 0, from, '+'), k = count(s, 0, from, '-');
	size_t n = count(s, from, to, '+'), m = count(s, from, to, '-');

	buf_fmt(b, "@@ -%zu,%zu +%zu,%zu @@\n", i + (n > 0), n, k + (m > 0), m);
	for (size_t at = from; at < to; at++) {
		buf_char(b, s->op[at]);
		buf_slice(b, s->op[at] == '+' ? y->v[k] : x->v[i]);
		buf_char(b, '\n');
		i += s->op[at] != '+';
		k += s->op[at] != '-';
	}
}

void udiff(struct buf *b, const struct udiff_text *from,
	   const struct udiff_text *to)
{
	struct udiff_lines x, y;
	struct script s;
	bool any = false;

	split(&x, from->text);
	split(&y, to->text);
	compare(&s, &x, &y);
	for (size_t i = 0; i < s.n; i++) {
		size_t start = i > AROUND ? i - AROUND : 0, end;

		if (s.op[i] == ' ')
			continue;
		if (!any)
			buf_fmt(b, "--- %s\n+++ %s\n", from->label, to->label);
		any = true;
		i = hunk_end(&s, i);
		end = s.n - i > AROUND ? i + AROUND : s.n;
		put_hunk(b, &s, start, end, &x, &y);
	}
	free(s.op);
	free(x.v);
	free(y.v);
}
