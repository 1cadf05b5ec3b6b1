#include "diff/state/apply.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

#include "core/file.h"
#include "core/mem.h"
#include "diff/state/apply_rules.h"
#include "diff/state/apply_spill.h"
#include "diff/state/cursor_file.h"
#include "diff/state/history.h"
#include "wire/state/sent.h"

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
		int fd = file_open_own(path, O_RDWR | O_CREAT, ERR_CREATE, e);
		int got;

		if (fd < 0)
			return -1;
		got = file_lock(fd, true, wait_ms, e);
		if (got > 0 && is_file(fd))
			return fd;
		close(fd);
		if (got < 0)
			return -1;
		if (got == 0)
			break;
	}
	return err_set(e, ERR_TEMP, "another commit on '%s' is still running",
		       path);
}

int apply_open(struct journal *j, const struct state *s, uint64_t wait_ms,
	       struct err *e)
{
	struct journal_file f;
	struct slice payload;
	int fd = lock_file(s->receipts_path, wait_ms, e), rc = 0;
	uint64_t valid;

	*j = (struct journal){.fd = -1};
	if (fd < 0)
		return -1;
	if (!apply_rules_has_head(s->receipts_path)) {
		rc = journal_start(j, fd, apply_rules_magic, slice_of(NULL, 0),
				   e);
		if (rc < 0)
			close(fd);
		return rc;
	}
	if (journal_open(&f, s->receipts_path, apply_rules_magic, e) < 0) {
		close(fd);
		return -1;
	}
	f.loose = true;
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

void apply_add(struct journal *j, const char change[32], uint64_t i, uint64_t n,
	       enum apply_answer answer)
{
	struct apply_rules_record r = {
		.id = pending_unhex(change),
		.i = (uint32_t)i,
		.n = (uint32_t)n,
		.answer = answer,
	};

	buf_add(journal_frame(j), &r, sizeof(r));
}

void apply_complete(struct journal *j, const char *attempt)
{
	apply_add(j, attempt, 0, 0, APPLY_COMPLETE);
}

bool apply_due(const struct state *s)
{
	return access(s->receipts_path, F_OK) == 0 ||
	       access(s->answers_path, F_OK) == 0;
}

/* ---- working in -------------------------------------------------------- */

static void index_ids(struct apply_rules *t, const struct pending *p)
{
	for (size_t i = 0; i < p->n; i++)
		key_set_put(&t->ids,
			    pending_found_by(pending_id(&p->intent[i], p->ids)),
			    (uint32_t)i);
}

static int take(void *ctx, const struct apply_rules_record *r, struct err *e)
{
	(void)e;
	apply_rules_take(ctx, r);
	return 0;
}

/* Above every version that was ever given out. */
static uint64_t next_generation(const struct state *s)
{
	uint64_t generation = s->snapshot.generation + 1;

	for (size_t i = 0; i < s->pending.n; i++) {
		uint64_t version = s->pending.intent[i].version;

		if (version + 1 > generation)
			generation = version + 1;
	}
	return generation;
}

static int write_snapshot(struct apply_rules *t, struct state *s, struct err *e)
{
	size_t n, old;
	struct snapshot_row *row;
	bool noted;
	int rc = 0;

	if (state_prepare(s, e) < 0 || apply_rules_notes(t, &noted, e) < 0)
		return -1;
	old = s->snapshot.base;
	row = mem_resize(NULL,
			 (apply_rules_room(t, 0, old) + 1) * sizeof(*row));
	n = apply_rules_rows(t, 0, old, row);
	t->counts->applied = apply_rules_applied(t);
	t->counts->generation =
		n > 0 || noted ? next_generation(s) : s->snapshot.generation;
	s->snapshot.seed = s->seed;
	s->snapshot.columns = s->columns;
	if (n > 0 || noted) {
		history_keep(s);
		rc = snapshot_update_rows(&s->snapshot, row, n, t->keep.changed,
					  t->counts->generation,
					  s->snapshot_path, e);
	}
	free(row);
	return rc;
}

static int write_pending(struct apply_rules *t, struct state *s, struct err *e)
{
	struct pending *p = &s->pending;
	const struct intent **open = mem_zero((p->n + 1) * sizeof(*open));
	size_t n = 0;
	int rc = 0;

	for (size_t i = 0; i < p->n; i++) {
		if (t->verdict[i] & APPLY_RULES_DOUBT)
			p->intent[i].doubt = true;
		if (apply_rules_waits(t, i))
			open[n++] = &p->intent[i];
	}
	t->counts->open = n;
	rc = snapshot_sound(&s->snapshot, e);
	if (rc == 0 && (n < p->n || p->n == 0 || t->doubts))
		rc = pending_replace(p, open, n, s->pending_path, e);
	free(open);
	return rc;
}

static int in_memory(struct state *s, struct apply_rules *t, struct err *e)
{
	const struct pending *p = &s->pending;
	int rc;

	if (state_load_all(s, e) < 0 || cursor_file_check(s, e) < 0)
		return -1;
	t->intent = p->intent;
	t->n = p->n;
	t->verdict = mem_zero(p->n + 1);
	index_ids(t, p);
	rc = apply_rules_read(s, take, t, e);
	apply_rules_judge(t);
	if (rc == 0)
		rc = write_snapshot(t, s, e);
	if (rc == 0)
		rc = write_pending(t, s, e);
	free(t->verdict);
	return rc;
}

static int drop(const char *path, struct err *e)
{
	if (unlink(path) < 0 && errno != ENOENT)
		return err_sys(e, ERR_IO, "cannot remove '%s'", path);
	return 0;
}

int apply(struct state *s, bool accept_rejected, struct apply_counts *c,
	  struct err *e)
{
	struct apply_rules t = {
		.s = s,
		.old = &s->snapshot,
		.accept_rejected = accept_rejected,
		.counts = c,
	};
	int rc;

	*c = (struct apply_counts){0};
	state_unload(s);
	rc = apply_spill_wanted(s) ? apply_spill_settle(s, &t, e)
				   : in_memory(s, &t, e);
	if (rc == 0 && c->open == 0)
		rc = sent_remove(s->dir, e);
	if (rc == 0)
		rc = drop(s->receipts_path, e);
	if (rc == 0)
		rc = drop(s->answers_path, e);
	if (rc == 0)
		rc = history_prune(s, e);
	if (rc == 0)
		rc = state_tidy(s, e);
	apply_rules_end(&t);
	state_unload(s);
	return rc;
}

/* Whose receipts these are is not known any more. */
static int find_others(struct state *s, struct err *e)
{
	struct sent sent;

	if (sent_read(&sent, s->dir, slice_of(NULL, 0), e) < 0)
		return -1;
	s->unproven = sent_by_others(&sent, "", slice_of(NULL, 0));
	sent_clear(&sent);
	return 0;
}

int apply_left(struct state *s, struct err *e)
{
	struct apply_counts c;
	struct journal lock;
	int rc = -1;

	if (!apply_due(s))
		return 0;
	if (apply_open(&lock, s, 0, e) < 0)
		return -1;
	if (find_others(s, e) < 0)
		goto out;
	/* the killed commit may have had --history; the next one prunes */
	if (history_exists(s))
		s->history = UINT64_MAX;
	rc = apply(s, false, &c, e);
out:
	journal_close(&lock);
	return rc;
}
