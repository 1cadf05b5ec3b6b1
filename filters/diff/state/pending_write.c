#include "diff/state/pending_write.h"

#include "core/file.h"
#include "diff/state/pending_frames.h"

/* How far ahead of the current record to prefetch, in bytes. */
enum { FETCHED = 512 };

int pending_write_start(struct journal *j, const char *path, uint64_t seed,
			uint64_t salt, struct slice run, struct slice columns,
			struct err *e)
{
	struct intent_head h = {.seed = seed};
	struct buf b = {0};
	int rc;

	memcpy(h.run, run.p, run.n < INTENT_RUN ? run.n : INTENT_RUN);
	if (salt != 0)
		memcpy(h.run + INTENT_RUN - sizeof(salt), &salt, sizeof(salt));
	buf_add(&b, &h, sizeof(h));
	buf_slice(&b, columns);
	rc = journal_create(j, path, intent_magic, buf_all(&b), e);
	buf_clear(&b);
	return rc;
}

static void start_frame(struct journal *j, uint64_t type)
{
	if (!journal_waiting(j))
		buf_add(journal_frame(j), &type, sizeof(type));
}

int pending_write_mark(struct journal *j, struct err *e)
{
	start_frame(j, PENDING_FRAME_MARK);
	return journal_flush(j, true, e);
}

int pending_write_owe(struct journal *j, uint64_t number, struct err *e)
{
	if (journal_flush(j, false, e) < 0)
		return -1;
	start_frame(j, PENDING_FRAME_OWED);
	buf_add(journal_frame(j), &number, sizeof(number));
	return journal_flush(j, true, e);
}

static ALWAYS_INLINE void add_record(struct buf *b, const struct intent *i,
				     uint64_t salt)
{
	const struct intent_kept kept = {i->kept_n, i->keep_sum};
	bool has = i->kept_n > 0 || i->keep_sum != 0;
	const struct intent_record r = {
		.key = i->key,
		.row = i->row,
		.line = i->line,
		.version = i->version,
		.bits = (uint32_t)i->action | (i->doubt ? INTENT_DOUBT : 0) |
			(has ? INTENT_KEPT : 0) | i->text_n << INTENT_LENGTH |
			(salt != 0 ? INTENT_SALTED : 0),
	};

	buf_add(b, &r, sizeof(r));
	if (UNLIKELY(salt != 0))
		buf_add(b, &salt, sizeof(salt));
	if (UNLIKELY(has))
		buf_add(b, &kept, sizeof(kept));
	buf_add(b, i->text, i->text_n);
	if (UNLIKELY(i->kept_n > 0))
		buf_add(b, i->kept, i->kept_n);
}

void pending_write_record(struct buf *b, const struct intent *i)
{
	add_record(b, i, i->salt);
}

void pending_write_salted(struct journal *j, const struct intent *i,
			  uint64_t salt)
{
	struct buf *b = journal_frame(j);

	start_frame(j, PENDING_FRAME_INTENTS);
	if (LIKELY(b->size - b->n > FETCHED))
		__builtin_prefetch(b->p + b->n + FETCHED, 1);
	add_record(b, i, salt);
}

void pending_write_add(struct journal *j, const struct intent *i)
{
	pending_write_salted(j, i, i->salt);
}

int pending_write_notes(struct journal *j, const char *attempt,
			const struct slice note[SNAPSHOT_NOTES],
			const bool has[SNAPSHOT_NOTES], struct err *e)
{
	if (journal_flush(j, false, e) < 0)
		return -1;
	start_frame(j, PENDING_FRAME_NOTES);
	buf_add(journal_frame(j), attempt, PENDING_ATTEMPT);
	for (uint32_t i = 0; i < SNAPSHOT_NOTES; i++) {
		struct pending_note x = {.number = i, .n = note[i].n};

		if (!has[i])
			continue;
		buf_add(journal_frame(j), &x, sizeof(x));
		buf_slice(journal_frame(j), note[i]);
	}
	return journal_flush(j, true, e);
}

int pending_write_note(struct journal *j, const char *attempt,
		       enum snapshot_note which, struct slice text,
		       struct err *e)
{
	struct slice note[SNAPSHOT_NOTES] = {0};
	bool has[SNAPSHOT_NOTES] = {0};

	note[which] = text;
	has[which] = true;
	return pending_write_notes(j, attempt, note, has, e);
}

int pending_write_begin(struct pending_new *n, const struct pending *like,
			const char *path, struct err *e)
{
	*n = (struct pending_new){.path = path, .like = like, .j = {.fd = -1}};
	buf_fmt(&n->temp, "%s.new", path);
	return pending_write_start(&n->j, buf_cstr(&n->temp), like->seed,
				   like->seed ^ like->ids, like->run,
				   like->columns, e);
}

/* Puts the number of the resend between the same intents as in the old file. */
static int keep_owed(struct pending_new *n, struct err *e)
{
	if (n->owed == n->like->owed)
		return 0;
	n->owed = n->like->owed;
	return pending_write_owe(&n->j, n->owed, e);
}

int pending_write_keep(struct pending_new *n, const struct intent *i,
		       struct err *e)
{
	enum { FRAME_FULL = 4 * 1024 * 1024 };

	if (i->at >= n->like->owed_at && keep_owed(n, e) < 0)
		return -1;
	pending_write_add(&n->j, i);
	return journal_frame(&n->j)->n > FRAME_FULL
		       ? journal_flush(&n->j, false, e)
		       : 0;
}

int pending_write_keep_notes(struct pending_new *n, const struct pending *like,
			     struct err *e)
{
	return like->attempt.n == PENDING_ATTEMPT
		       ? pending_write_notes(&n->j, like->attempt.p, like->note,
					     like->has_note, e)
		       : 0;
}

int pending_write_done(struct pending_new *n, struct err *e)
{
	if (keep_owed(n, e) < 0 || journal_flush(&n->j, true, e) < 0)
		return -1;
	return file_rename(n->temp.p, n->path, e);
}

void pending_write_drop(struct pending_new *n)
{
	journal_close(&n->j);
	buf_clear(&n->temp);
}
