#include "diff/pass/fast_path.h"

#include "wire/json/vec.h"

enum {
	FEW = 16,       /* lines of a try that may fail */
	SHORTEST = 64,  /* rows between two such tries */
	LONGEST = 1024, /* rows between them after many failures */
	WORTH = 4,      /* a try pays if one of this many lines is known */
	DIGITS = 18,    /* of a number in a guessed key, at most */
	GROUP = 6       /* lines whose keys are touched at once */
};

void fast_path_init(struct fast_path *g, uint64_t seed, bool off)
{
	*g = (struct fast_path){
		.seed = seed, .off = off, .wait = 1, .pause = SHORTEST};
}

void fast_path_clear(struct fast_path *g)
{
	buf_clear(&g->names);
	buf_clear(&g->text);
}

/* ---- where the key is -------------------------------------------------- */

/* The number of times that p occurs in a text. */
static size_t count_of(struct slice in, const char *p, size_t n)
{
	const char *end = in.p + in.n, *at = in.p;
	size_t found = 0;

	while ((at = memmem(at, (size_t)(end - at), p, n))) {
		found++;
		at++;
	}
	return found;
}

static void add_column(struct fast_path *g, int part,
		       const struct scan_member *m, const char **from)
{
	const char *p = m->key.p - 1;
	struct fast_path_column *c = &g->column[g->n++];

	*c = (struct fast_path_column){
		.at = g->names.n,
		.n = (size_t)(m->value.p - p),
		.gap = (size_t)(p - *from),
		.part = part,
	};
	c->skip = count_of(slice_of(*from, c->gap), p, c->n);
	buf_add(&g->names, p, c->n);
	*from = m->value.p + m->value.n;
}

/* Learns the columns of the key from the current row, in their order there. */
static bool learn_row(struct fast_path *g, const struct key *k,
		      const struct input *in)
{
	const char *from = in->line.p;
	int last = -1;

	g->n = g->names.n = 0;
	while (g->n < k->n) {
		int next = -1, part = 0;

		for (size_t i = 0; i < k->n; i++) {
			if (k->at[i] > last && (next < 0 || k->at[i] < next)) {
				next = k->at[i];
				part = (int)i;
			}
		}
		if (next < 0 || (size_t)next >= in->n)
			return false;
		add_column(g, part, &in->member[next], &from);
		last = next;
	}
	return true;
}

void fast_path_read(struct fast_path *g, const struct key *k,
		    const struct input *in)
{
	if (g->off || g->wait == 0 || --g->wait > 0)
		return;
	if (in->kind != INPUT_DATA || in->control.type != CONTROL_NONE ||
	    in->shape != k->shape || !learn_row(g, k, in))
		g->wait = 1;
}

/* ---- lines ------------------------------------------------------------- */

/* The end of the scalar at p if it is obviously in canonical form (hash.h),
 * else NULL. Stops at the LF of the line.
 */
static ALWAYS_INLINE const char *scalar_end(const char *p)
{
	const char *first;

	if (*p == '"') {
		do
			p = vec_run(p + 1);
		while ((signed char)*p < 0);
		return *p == '"' ? p + 1 : NULL;
	}
	first = p += *p == '-';
	while (*p >= '0' && *p <= '9')
		p++;
	if (p == first || p - first > DIGITS || *p == '.' || (*p | 0x20) == 'e')
		return NULL;
	return p;
}

/* The value of a column, searched from *p on; *p moves to its end. */
static ALWAYS_INLINE bool find_value(const struct fast_path *g,
				     const struct fast_path_column *c,
				     const char **p, const char *end,
				     struct slice *value)
{
	const char *name = g->names.p + c->at, *at = *p + c->gap;

	if ((size_t)(end - *p) < c->gap + c->n || memcmp(at, name, c->n) != 0) {
		size_t skip = c->skip;

		for (at = *p;; at++) {
			at = memmem(at, (size_t)(end - at), name, c->n);
			if (!at)
				return false;
			if (skip-- == 0)
				break;
		}
	}
	value->p = at + c->n;
	*p = scalar_end(value->p);
	if (!*p)
		return false;
	value->n = (size_t)(*p - value->p);
	return true;
}

static NO_INLINE bool guess_several(struct fast_path *g,
				    struct fast_path_line *l)
{
	const char *p = l->line.p, *end = p + l->line.n;
	struct slice part[KEY_COLUMNS];

	for (size_t i = 0; i < g->n; i++) {
		if (!find_value(g, &g->column[i], &p, end,
				&part[g->column[i].part]))
			return false;
	}
	g->text.n = 0;
	for (size_t i = 0; i < g->n; i++) {
		buf_char(&g->text, i == 0 ? '[' : ',');
		buf_slice(&g->text, part[i]);
	}
	buf_char(&g->text, ']');
	l->key = hash_bytes(g->text.p, g->text.n, g->seed);
	return true;
}

static ALWAYS_INLINE bool guess(struct fast_path *g, struct fast_path_line *l)
{
	const char *p = l->line.p;
	struct slice value;

	if (UNLIKELY(g->n > 1))
		return guess_several(g, l);
	if (!find_value(g, &g->column[0], &p, p + l->line.n, &value))
		return false;
	l->key = hash_bytes(value.p, value.n, g->seed);
	return true;
}

static ALWAYS_INLINE void touch(const struct fast_path *g,
				const struct snapshot *old,
				const unsigned char *seen, size_t from,
				size_t to)
{
	for (size_t i = from; i < to; i++)
		snapshot_touch(old, seen, g->line[i].key);
}

size_t fast_path_lines(struct fast_path *g, const struct snapshot *old,
		       const unsigned char *seen, struct slice text)
{
	const char *p = text.p, *end = p + text.n, *lf;
	size_t most = g->sure ? FAST_PATH_LINES : FEW, n = 0, touched = 0;

	while (n < most && (lf = memchr(p, '\n', (size_t)(end - p)))) {
		struct fast_path_line *l = &g->line[n++];

		l->line = slice_of(p, (size_t)(lf - p));
		l->guessed = guess(g, l);
		snapshot_touch_index(old, l->key);
		if (n == touched + 2 * SNAPSHOT_GROUP) {
			touch(g, old, seen, touched, touched + SNAPSHOT_GROUP);
			touched += SNAPSHOT_GROUP;
		}
		p = lf + 1;
	}
	touch(g, old, seen, touched, n);
	return n;
}

/* ---- whether it is worth it -------------------------------------------- */

void fast_path_learn(struct fast_path *g, size_t n, size_t known)
{
	g->sure = known * WORTH >= n;
	if (g->sure) {
		g->pause = SHORTEST;
		return;
	}
	g->wait = g->pause;
	g->pause = g->pause < LONGEST ? 2 * g->pause : LONGEST;
}
