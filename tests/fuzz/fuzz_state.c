/* fuzz_state.c - any bytes as a file of a state: refused as wrong, or opened
 * and then whole; once as they are and once with sums that fit
 */
#include "fuzz.h"

#include <fcntl.h>
#include <stdio.h>

#include "diff/keys/key.h"
#include "diff/state/apply.h"

static const char *const names[] = {"snapshot", "pending", "answers"};

/* ---- sums that fit ----------------------------------------------------- */

static uint64_t get(const struct buf *b, size_t at)
{
	uint64_t v;

	memcpy(&v, b->p + at, sizeof(v));
	return v;
}

/* The sum of a section goes to `at`, as far as the section is there. */
static size_t sum_up(struct buf *b, size_t at, size_t from, uint64_t n)
{
	uint64_t sum;

	if (from > b->n || n > b->n - from)
		return b->n + 1;
	sum = hash_bytes(b->p + from, (size_t)n, 1).lo;
	memcpy(b->p + at, &sum, sizeof(sum));
	return from + (size_t)n;
}

static size_t align(size_t n)
{
	return (n + 63) / 64 * 64;
}

static void mend_snapshot_1(struct buf *b)
{
	uint64_t n, text_n, columns_n;
	size_t at;

	if (b->n < 128)
		return;
	n = get(b, 16);
	text_n = get(b, 24);
	columns_n = get(b, 32);
	at = align(sum_up(b, 56, 128, columns_n));
	if (n < b->n) {
		at = sum_up(b, 64, at, 32 * n);
		at = sum_up(b, 72, at, 12 * n);
		(void)sum_up(b, 80, at, text_n);
	}
	(void)sum_up(b, 88, 0, 88);
}

/* The sums of the blocks of format 4, and the sums of their parts, which are 0.
 */
static void mend_blocks(struct buf *b, uint64_t parts)
{
	struct buf sums = {0};
	size_t at = 64 + 24 * (size_t)parts;

	for (size_t i = 0; i < parts && 88 + 24 * i <= b->n; i++) {
		uint64_t number = get(b, 64 + 24 * i) & UINT32_MAX;
		uint64_t n = get(b, 72 + 24 * i), none = 0;
		size_t from = align(at);

		if (from > b->n || n > b->n - from)
			break;
		at = from + (size_t)n;
		if (number == 64) { /* of hot, cold and text before, of over */
			size_t m = sums.n < n ? sums.n : (size_t)n;

			if (m > 0)
				memcpy(b->p + from, sums.p, m);
			sums.n = 0;
		}
		if ((number < 1 || number > 3) && number != 66)
			continue;
		memcpy(b->p + 80 + 24 * i, &none, sizeof(none));
		for (size_t k = 0; k < n; k += 16384) {
			size_t block = n - k < 16384 ? (size_t)(n - k) : 16384;
			uint64_t sum = hash_bytes(b->p + from + k, block, 1).lo;

			buf_add(&sums, &sum, sizeof(sum));
		}
	}
	buf_clear(&sums);
}

/* Whether part i of the table has blocks. */
static bool is_blocked(const struct buf *b, size_t i)
{
	uint64_t number = get(b, 64 + 24 * i) & UINT32_MAX;

	return b->p[8] == 4 && ((number >= 1 && number <= 3) || number == 66);
}

static void mend_snapshot(struct buf *b)
{
	uint64_t parts;
	size_t at;

	if (b->n >= 12 && b->p[8] == 1) {
		mend_snapshot_1(b);
		return;
	}
	if (b->n < 64)
		return;
	parts = get(b, 40);
	at = 64 + 24 * parts;
	if (parts < 64 && b->p[8] == 4)
		mend_blocks(b, parts);
	for (size_t i = 0; parts < 64 && i < parts && 88 + 24 * i <= b->n; i++)
		at = is_blocked(b, i) ? align(at) + get(b, 72 + 24 * i)
				      : sum_up(b, 80 + 24 * i, align(at),
					       get(b, 72 + 24 * i));
	if (parts < 64)
		(void)sum_up(b, 48, 64, 24 * parts);
	(void)sum_up(b, 56, 0, 56);
}

static void mend_journal(struct buf *b)
{
	size_t at;

	if (b->n < JOURNAL_HEAD)
		return;
	at = sum_up(b, 24, JOURNAL_HEAD, get(b, 16));
	while (at + 16 <= b->n) {
		uint64_t n = get(b, at) & UINT32_MAX;
		uint64_t head = n | hash_bytes(&n, sizeof(n), 1).lo << 32;

		memcpy(b->p + at, &head, sizeof(head));
		at = sum_up(b, at + 8, at + 16, n);
	}
}

/* ---- the state --------------------------------------------------------- */

static void put(const char *name, struct slice bytes)
{
	int fd = open(name, O_WRONLY | O_CREAT | O_TRUNC, 0600);

	HOLDS(fd >= 0 && write(fd, bytes.p, bytes.n) == (ssize_t)bytes.n);
	close(fd);
}

/* The files of today's format, in whose company answers make sense. */
static struct slice frozen(size_t i)
{
	static struct buf was[2];
	const char *top = getenv("TOP");
	struct buf path = {0};
	struct err e;

	if (was[i].n == 0) {
		buf_fmt(&path, "%s/tests/state/v6/%s", top ? top : ".",
			names[i]);
		HOLDS(file_read(buf_cstr(&path), 65536, &was[i], &e) == 0);
		buf_clear(&path);
	}
	return buf_all(&was[i]);
}

static void look_at_key(const struct state *s, struct slice text)
{
	struct buf b = {0};
	struct key k;
	struct err e;

	HOLDS(text.n > 0);
	if (key_from_json(&k, s->columns, &e) == 0) {
		key_id(&k, &b, text);
		key_members(&k, &b, text);
	}
	key_clear(&k);
	buf_clear(&b);
}

static void look_at_all(const struct state *s)
{
	const struct snapshot *x = &s->snapshot;
	struct pending_walk w;
	struct intent t;
	struct err e;

	size_t keys = 0;

	for (size_t i = snapshot_live(x, 0); i < x->places;
	     i = snapshot_live(x, i + 1)) {
		look_at_key(s, snapshot_text(x, i));
		keys++;
		/* only an incremental file can be forged so that it lies */
		HOLDS(x->files > 1 ||
		      snapshot_find(x, snapshot_key(x, i)) == (int64_t)i);
	}
	HOLDS(x->files > 1 || keys == x->n);
	if (keys > 0)
		REACHED("keys of a snapshot");
	if (x->files > 1)
		REACHED("an incremental snapshot");
	if (s->pending.n > 0)
		REACHED("intents");
	pending_walk(&s->pending, &w);
	for (size_t i = 0; i < s->pending.n; i++) {
		const struct intent *newest;
		struct intent n;

		HOLDS(pending_next(&w, &t, &e) == 1);
		newest = state_intent(s, t.key, &n);
		HOLDS(!newest || newest->version >= t.version);
		HOLDS(*pending_word(t.action));
		look_at_key(s, slice_of(t.text, t.text_n));
	}
	HOLDS(pending_next(&w, &t, &e) == 0);
}

/* Work the answers in; whatever they are, what is left can be loaded. */
static void settle_them(struct state *s)
{
	struct apply_counts c;
	struct err e = {0};

	if (apply(s, NULL, false, &c, &e) < 0) {
		HOLDS(e.kind == ERR_CONFIG);
		return;
	}
	HOLDS(!apply_due(s));
	if (c.applied > 0)
		REACHED("receipts that are applied");
	state_unload(s);
	HOLDS(state_load(s, &e) == 0);
	HOLDS(s->pending.n == c.open);
	look_at_all(s);
}

/* What an incremental snapshot of tests/state/v6/more stands on. */
static struct slice lower(void)
{
	static struct buf was;
	const char *top = getenv("TOP");
	struct buf path = {0};
	struct err e;

	if (was.n == 0) {
		buf_fmt(&path, "%s/tests/state/v6/more/rows-1",
			top ? top : ".");
		HOLDS(file_read(buf_cstr(&path), 65536, &was, &e) == 0);
		buf_clear(&path);
	}
	return buf_all(&was);
}

static void run(size_t which, struct slice bytes)
{
	struct state s;
	struct err e = {0};

	for (size_t i = 0; i < COUNT_OF(names); i++) {
		if (i == which)
			put(names[i], bytes);
		else if (which == 2)
			put(names[i], frozen(i));
	}
	if (which == 0)
		put("rows-1", lower());
	HOLDS(state_open(&s, ".", false, &e) == 0);
	if (state_load(&s, &e) == 0) {
		HOLDS(snapshot_whole(&s.snapshot, &e) == 0);
		look_at_all(&s);
		settle_them(&s);
	} else {
		REACHED("a file that is refused");
		HOLDS(e.kind == ERR_CONFIG && which < 2);
	}
	state_close(&s);
	for (size_t i = 0; i < COUNT_OF(names); i++)
		unlink(names[i]);
	unlink("rows-1");
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct fuzz_folder f;
	struct buf b = {0};

	for (size_t i = 0; i < 2; i++)
		(void)frozen(i);
	(void)lower();
	fuzz_enter(&f);
	for (size_t which = 0; which < COUNT_OF(names); which++) {
		b.n = 0;
		buf_add(&b, data, size);
		run(which, buf_all(&b));
		if (which == 0)
			mend_snapshot(&b);
		else
			mend_journal(&b);
		run(which, buf_all(&b));
	}
	fuzz_leave(&f);
	buf_clear(&b);
	return 0;
}
