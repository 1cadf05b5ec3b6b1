#include "diff/settle.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

#include "core/file.h"
#include "core/mem.h"

static const char magic[8] = "RudAnsw";

struct record {
	struct hash id;
	uint32_t i, n;
	uint32_t answer, reserved;
};

/* What is known of an intent; higher wins over lower. */
enum verdict { OPEN, FAILED, REJECTED, ACCEPTED };

/* One event of a change that became several. */
struct part {
	uint32_t intent, i, n;
	enum verdict verdict;
};

struct settling {
	struct state *s;
	unsigned char *verdict; /* of each intent */
	struct part *part;
	size_t n_parts, parts_size;
	struct keyset ids;  /* change id -> intent */
	struct keyset best; /* key -> its newest accepted intent */
	struct settle_counts *counts;
};

/* ---- taking down ------------------------------------------------------- */

/* The file may have been removed between open and lock: then it is no longer
 * the file of that name.
 */
static bool is_file(int fd)
{
	struct stat st;

	return fstat(fd, &st) == 0 && st.st_nlink > 0;
}

static int lock_file(const char *path, uint64_t wait_ms, struct err *e)
{
	for (int tries = 0; tries < 100; tries++) {
		int fd = open(path, O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW,
			      0600);
		int got;

		if (fd < 0)
			return err_sys(e, ERR_CREATE, "cannot create '%s'",
				       path);
		got = file_lock(fd, true, wait_ms, e);
		if (got > 0 && is_file(fd))
			return fd;
		close(fd);
		if (got < 0)
			return -1;
		if (got == 0)
			break;
	}
	return err_set(e, ERR_TEMP, "another commit on '%s' is not over", path);
}

/* A commit killed at its very start leaves a file without a whole head. */
static bool has_head(const struct stat *st)
{
	return st->st_size >= JOURNAL_HEAD;
}

int settle_open(struct journal *j, const struct state *s, uint64_t wait_ms,
		struct err *e)
{
	struct journal_file f;
	struct slice payload;
	struct stat st;
	int fd = lock_file(s->answers_path, wait_ms, e), rc = 0;
	uint64_t valid;

	*j = (struct journal){.fd = -1};
	if (fd < 0)
		return -1;
	if (fstat(fd, &st) == 0 && !has_head(&st)) {
		rc = journal_start(j, fd, magic, slice_of(NULL, 0), e);
		if (rc < 0)
			close(fd);
		return rc;
	}
	if (journal_open(&f, s->answers_path, magic, e) < 0) {
		close(fd);
		return -1;
	}
	while ((rc = journal_next(&f, &payload, e)) > 0)
		;
	valid = f.at;
	journal_forget(&f);
	if (rc == 0)
		rc = journal_resume_fd(j, fd, valid, e);
	if (rc < 0)
		close(fd);
	return rc;
}

void settle_add(struct journal *j, const char change[32], uint64_t i,
		uint64_t n, enum settle_answer answer)
{
	struct record r = {
		.id = pending_unhex(change),
		.i = (uint32_t)i,
		.n = (uint32_t)n,
		.answer = answer,
	};

	buf_add(journal_frame(j), &r, sizeof(r));
}

bool settle_due(const struct state *s)
{
	return access(s->answers_path, F_OK) == 0;
}

/* ---- reading ----------------------------------------------------------- */

static void judge(struct settling *t, size_t intent, enum verdict v)
{
	if (v > t->verdict[intent])
		t->verdict[intent] = (unsigned char)v;
}

static void take_part(struct settling *t, const struct record *r,
		      uint32_t intent, enum verdict v)
{
	if (t->n_parts == t->parts_size) {
		t->parts_size = t->parts_size ? 2 * t->parts_size : 64;
		t->part = mem_resize(t->part, t->parts_size * sizeof(*t->part));
	}
	t->part[t->n_parts++] = (struct part){intent, r->i, r->n, v};
}

static void take(struct settling *t, const struct record *r,
		 bool accept_rejected)
{
	int64_t intent = keyset_get(&t->ids, r->id);
	enum verdict v = r->answer == SETTLE_ACCEPTED   ? ACCEPTED
			 : r->answer == SETTLE_REJECTED ? REJECTED
							: FAILED;

	if (v == REJECTED && accept_rejected)
		v = ACCEPTED;
	if (intent < 0)
		t->counts->unknown++;
	else if (r->n > 1)
		take_part(t, r, (uint32_t)intent, v);
	else
		judge(t, (size_t)intent, v);
}

static int by_intent(const void *a, const void *b)
{
	const struct part *x = a, *y = b;

	if (x->intent != y->intent)
		return x->intent < y->intent ? -1 : 1;
	if (x->i != y->i)
		return x->i < y->i ? -1 : 1;
	return (int)y->verdict - (int)x->verdict; /* the best first */
}

/* A change of several events is accepted when all of them are, and was surely
 * not delivered when none is. In between the destination holds a part of it:
 * the intent stays.
 */
static void judge_parts(struct settling *t)
{
	if (t->n_parts == 0)
		return;
	qsort(t->part, t->n_parts, sizeof(*t->part), by_intent);
	for (size_t at = 0; at < t->n_parts;) {
		const struct part *first = &t->part[at];
		enum verdict worst = ACCEPTED, best = OPEN;
		uint32_t seen = 0, last = 0;

		for (; at < t->n_parts && t->part[at].intent == first->intent;
		     at++) {
			if (t->part[at].i == last)
				continue; /* the same event again */
			last = t->part[at].i;
			seen++;
			if (t->part[at].verdict < worst)
				worst = t->part[at].verdict;
			if (t->part[at].verdict > best)
				best = t->part[at].verdict;
		}
		if (seen == first->n && (worst == ACCEPTED || best < ACCEPTED))
			judge(t, first->intent, worst);
	}
}

static int read_answers(struct settling *t, bool accept_rejected, struct err *e)
{
	struct journal_file f;
	struct slice payload;
	struct stat st;
	int rc;

	if (stat(t->s->answers_path, &st) < 0 || !has_head(&st))
		return 0;
	rc = journal_open(&f, t->s->answers_path, magic, e);
	if (rc <= 0)
		return rc;
	while ((rc = journal_next(&f, &payload, e)) > 0) {
		for (; payload.n >= sizeof(struct record);
		     payload = slice_of(payload.p + sizeof(struct record),
					payload.n - sizeof(struct record))) {
			struct record r;

			memcpy(&r, payload.p, sizeof(r));
			take(t, &r, accept_rejected);
		}
	}
	journal_forget(&f);
	judge_parts(t);
	return rc;
}

/* ---- working in -------------------------------------------------------- */

static void index_ids(struct settling *t)
{
	const struct pending *p = &t->s->pending;

	for (size_t i = 0; i < p->n; i++)
		keyset_put(&t->ids, pending_id(&p->intent[i], p->seed),
			   (uint32_t)i);
}

/* The newest accepted intent of each key, unless the snapshot is newer. */
static void find_best(struct settling *t)
{
	const struct pending *p = &t->s->pending;
	const struct snapshot *old = &t->s->snapshot;

	for (size_t i = 0; i < p->n; i++) {
		const struct intent *x = &p->intent[i];
		int64_t other, at;

		if (t->verdict[i] != ACCEPTED)
			continue;
		at = snapshot_find(old, x->key);
		if (at >= 0 && x->version < old->cold[at].version)
			continue;
		other = keyset_get(&t->best, x->key);
		if (other < 0 || p->intent[other].version < x->version)
			keyset_put(&t->best, x->key, (uint32_t)i);
	}
}

static size_t rows_of(const struct settling *t, struct snapshot_row *row,
		      uint64_t *generation)
{
	const struct pending *p = &t->s->pending;
	size_t n = 0;

	*generation = t->s->snapshot.generation + 1;
	for (size_t i = 0; i < p->n; i++) {
		const struct intent *x = &p->intent[i];

		if (x->version + 1 > *generation)
			*generation = (uint64_t)x->version + 1;
		if (t->verdict[i] != ACCEPTED ||
		    keyset_get(&t->best, x->key) != (int64_t)i)
			continue;
		row[n++] = (struct snapshot_row){
			.key = x->key,
			.row = x->row,
			.text = x->text,
			.text_n = x->text_n,
			.version = x->version + 1,
			.gone = x->action == PENDING_DELETE,
		};
	}
	return n;
}

static int write_snapshot(struct settling *t, struct err *e)
{
	struct snapshot *old = &t->s->snapshot;
	struct snapshot_row *row;
	uint64_t generation;
	size_t n;
	int rc = 0;

	row = mem_resize(NULL, (t->s->pending.n + 1) * sizeof(*row));
	n = rows_of(t, row, &generation);
	t->counts->applied = n;
	t->counts->generation = n > 0 ? generation : old->generation;
	old->seed = t->s->seed;
	old->columns = t->s->columns;
	if (n > 0) {
		snapshot_order(row, n);
		rc = snapshot_write(old, row, n, generation,
				    t->s->snapshot_path, e);
	}
	free(row);
	return rc;
}

/* Whether the intent still waits for an answer. */
static bool stays_open(const struct settling *t, size_t i)
{
	const struct pending *p = &t->s->pending;
	const struct intent *x = &p->intent[i];
	int64_t at = snapshot_find(&t->s->snapshot, x->key);
	int64_t best = keyset_get(&t->best, x->key);

	if (at >= 0 && x->version < t->s->snapshot.cold[at].version)
		return false;
	if (best >= 0 && x->version <= p->intent[best].version)
		return false;
	return t->verdict[i] == OPEN || x->doubt;
}

static int write_pending(struct settling *t, struct err *e)
{
	const struct pending *p = &t->s->pending;
	const struct intent **open = mem_zero((p->n + 1) * sizeof(*open));
	size_t n = 0;
	int rc = 0;

	for (size_t i = 0; i < p->n; i++) {
		if (stays_open(t, i))
			open[n++] = &p->intent[i];
	}
	t->counts->open = n;
	if (n < p->n || p->n == 0)
		rc = pending_replace(p, open, n, t->s->pending_path, e);
	free(open);
	return rc;
}

int settle(struct state *s, bool accept_rejected, struct settle_counts *c,
	   struct err *e)
{
	struct settling t = {.s = s, .counts = c};
	int rc;

	*c = (struct settle_counts){0};
	keyset_init(&t.ids, true);
	keyset_init(&t.best, true);
	t.verdict = mem_zero(s->pending.n + 1);
	index_ids(&t);
	rc = read_answers(&t, accept_rejected, e);
	find_best(&t);
	if (rc == 0)
		rc = write_snapshot(&t, e);
	if (rc == 0)
		rc = write_pending(&t, e);
	if (rc == 0 && unlink(s->answers_path) < 0 && errno != ENOENT)
		rc = err_sys(e, ERR_IO, "cannot remove '%s'", s->answers_path);
	keyset_clear(&t.ids);
	keyset_clear(&t.best);
	free(t.verdict);
	free(t.part);
	return rc;
}

int settle_left(struct state *s, struct err *e)
{
	struct settle_counts c;
	struct journal lock;
	int rc;

	if (!settle_due(s))
		return 0;
	if (settle_open(&lock, s, 0, e) < 0)
		return -1;
	rc = state_load(s, e);
	if (rc == 0)
		rc = settle(s, false, &c, e);
	journal_close(&lock);
	state_unload(s);
	return rc;
}
