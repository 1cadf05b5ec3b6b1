#include "diff/state/apply.h"

#include <errno.h>
#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include "core/file.h"
#include "core/lock.h"
#include "diff/state/apply_early.h"
#include "diff/state/apply_spill.h"
#include "diff/state/cursor_file.h"
#include "diff/state/history.h"
#include "diff/state/state_connection.h"
#include "wire/state/sent.h"

/* ---- receiving --------------------------------------------------------- */

/* Whether the file still has a name. Another commit may remove it between open
 * and lock, and then the lock protects nothing.
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
		got = lock_take(fd, true, wait_ms, e);
		if (got > 0 && is_file(fd))
			return fd;
		close(fd);
		if (got < 0)
			return -1;
		if (got == 0)
			break;
	}
	return err_names(e, ERR_TEMP, "another commit on '%s' is still running",
			 path);
}

/* Continues after the last record in the file. *any: whether it has any record.
 */
static int resume(struct journal *j, const struct state *s, int fd, bool *any,
		  struct err *e)
{
	struct journal_file f;
	struct slice payload;
	uint64_t valid;
	int rc;

	*any = false;
	if (!receipts_file_has_head(s->receipts_path))
		return journal_start(j, fd, receipts_file_magic,
				     slice_of(NULL, 0), e);
	if (journal_open(&f, s->receipts_path, receipts_file_magic, e) < 0)
		return -1;
	f.loose = true;
	while ((rc = journal_next(&f, &payload, e)) > 0)
		*any = true;
	valid = f.at;
	journal_forget(&f);
	return rc == 0 ? journal_resume_fd(j, fd, valid, e) : -1;
}

int apply_open(struct apply_receipts *r, struct state *s, bool accept_rejected,
	       uint64_t wait_ms, struct err *e)
{
	int fd = lock_file(s->receipts_path, wait_ms, e);
	bool any;

	*r = (struct apply_receipts){.file.fd = -1};
	if (fd < 0)
		return -1;
	if (resume(&r->file, s, fd, &any, e) < 0) {
		close(fd);
		return -1;
	}
	/* receipts that a killed commit left must be applied first */
	if (!any && access(s->answers_path, F_OK) != 0)
		r->early = apply_early_new(s, accept_rejected);
	return 0;
}

void apply_close(struct apply_receipts *r)
{
	apply_early_free(r->early);
	r->early = NULL;
	journal_close(&r->file);
}

static void add(struct apply_receipts *r, const struct receipts_file_record *x)
{
	buf_add(journal_frame(&r->file), x, sizeof(*x));
	if (r->early)
		apply_early_take(r->early, x);
}

void apply_add(struct apply_receipts *r, const char change[32], uint64_t i,
	       uint64_t n, enum apply_answer answer)
{
	const struct receipts_file_record x = {
		.id = pending_unhex(change),
		.i = (uint32_t)i,
		.n = (uint32_t)n,
		.answer = answer,
	};

	add(r, &x);
}

void apply_add_one(struct apply_receipts *r, struct hash change,
		   enum apply_answer answer)
{
	const struct receipts_file_record x = {
		.id = change, .i = 1, .n = 1, .answer = answer};

	add(r, &x);
}

void apply_connection(struct apply_receipts *r, struct slice text)
{
	receipts_file_put_connection(journal_frame(&r->file), text);
}

void apply_complete(struct apply_receipts *r, const char *attempt)
{
	apply_add(r, attempt, 0, 0, APPLY_COMPLETE);
}

bool apply_due(const struct state *s)
{
	return access(s->receipts_path, F_OK) == 0 ||
	       access(s->answers_path, F_OK) == 0;
}

/* ---- applying ---------------------------------------------------------- */

static int take(void *ctx, const struct receipts_file_record *r, struct err *e)
{
	(void)e;
	apply_early_take(ctx, r);
	return 0;
}

static int settle_early(struct apply_early *b, struct apply_counts *c,
			struct err *e)
{
	int rc = apply_early_end(b, c, e);

	if (rc > 0)
		rc = apply_parts_settle(&b->parts, e) < 0 ? -1 : 1;
	return rc;
}

/* From the files, in memory: 1, 0 if they exceed the memory, -1. */
static int settle_late(struct state *s, bool accept_rejected,
		       struct apply_counts *c, struct err *e)
{
	struct apply_early *b = apply_early_new(s, accept_rejected);
	int rc = receipts_file_read(s, take, b, e);

	if (rc == 0)
		rc = settle_early(b, c, e);
	apply_early_free(b);
	return rc;
}

static int apply_all(struct state *s, struct apply_receipts *r,
		     bool accept_rejected, struct apply_counts *c,
		     struct err *e)
{
	int rc = 0;

	*c = (struct apply_counts){0};
	state_unload(s);
	if (state_load_head(s, e) < 0 || cursor_file_check(s, e) < 0)
		rc = -1;
	if (rc == 0 && r && r->early)
		rc = settle_early(r->early, c, e);
	if (rc == 0)
		rc = settle_late(s, accept_rejected, c, e);
	if (rc == 0)
		rc = apply_spill_settle(s, accept_rejected, c, e) < 0 ? -1 : 1;
	if (rc > 0)
		rc = c->open == 0 && !s->partly ? sent_remove(s->dir, e) : 0;
	if (rc == 0)
		rc = file_remove(s->receipts_path, e);
	if (rc == 0)
		rc = file_remove(s->answers_path, e);
	if (rc == 0)
		rc = history_prune(s, e);
	if (rc == 0)
		rc = state_tidy(s, e);
	state_unload(s);
	return rc;
}

/* Uses the connection that a killed commit left, unless the caller has one. */
static int connection_left(struct state *s, struct state_connection *left,
			   struct err *e)
{
	struct buf text = {0};
	int rc = s->connection ? 0 : receipts_file_connection(s, &text, e);

	if (text.n > 0) {
		state_connection_take(left, buf_all(&text));
		s->connection = left;
	}
	buf_clear(&text);
	return rc;
}

int apply(struct state *s, struct apply_receipts *r, bool accept_rejected,
	  struct apply_counts *c, struct err *e)
{
	struct state_connection left = {0}, *given = s->connection;
	int rc = connection_left(s, &left, e);

	if (rc == 0)
		rc = apply_all(s, r, accept_rejected, c, e);
	s->connection = given;
	state_connection_clear(&left);
	return rc;
}

/* It is not known any more which sender wrote the receipts that are left, so
 * each sender counts as "another" one.
 */
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
	struct apply_receipts lock;
	struct apply_counts c;
	int rc = -1;

	if (!apply_due(s))
		return 0;
	if (apply_open(&lock, s, false, 0, e) < 0)
		return -1;
	if (find_others(s, e) < 0)
		goto out;
	/* the killed commit may have had --history; the next one prunes */
	if (history_exists(s))
		s->history = UINT64_MAX;
	rc = apply(s, NULL, false, &c, e);
out:
	apply_close(&lock);
	return rc;
}
