/* snapshot_fold.c - merges rows with the files of a snapshot, as one feed. */
#include <stdlib.h>

#include "core/mem.h"
#include "diff/state/snapshot_part.h"

enum { BATCH = 4096 };

static struct snapshot_row row_at(const struct snapshot *s, size_t i)
{
	struct slice text = snapshot_text(s, i), kept = snapshot_kept(s, i);

	return (struct snapshot_row){
		.key = snapshot_key(s, i),
		.mark = snapshot_mark(s, i),
		.text = text.p,
		.kept = kept.p,
		.text_n = (uint32_t)text.n,
		.kept_n = (uint32_t)kept.n,
		.version = snapshot_version(s, i),
		.gone = snapshot_is_out(s, i),
	};
}

static void rewind_fold(void *ctx)
{
	struct snapshot_fold *f = ctx;

	f->from->rewind(f->from->ctx);
	f->walk = f->start;
	f->place = snapshot_walk_next(f->s, &f->walk);
	f->n = f->at = 0;
	f->ended = false;
}

/* Takes a row of the current batch if its key is not above the current key of
 * the files. If they are equal, the row supersedes the one in the files.
 */
static bool take_row(struct snapshot_fold *f, struct snapshot_row *out)
{
	int order = -1;

	if (f->at == f->n)
		return false;
	if (f->place >= 0)
		order = hash_order(f->row[f->at].key,
				   snapshot_key(f->s, (size_t)f->place));
	if (order > 0)
		return false;
	*out = f->row[f->at++];
	if (order == 0)
		f->place = snapshot_walk_next(f->s, &f->walk);
	return true;
}

static int next_fold(void *ctx, const struct snapshot_row **row, size_t *n,
		     struct err *e)
{
	struct snapshot_fold *f = ctx;

	*row = f->out;
	*n = 0;
	while (*n < BATCH) {
		if (f->at == f->n && !f->ended) {
			int rc;

			/* rows in out borrow from the last batch */
			if (*n > 0)
				return 1;
			rc = f->from->next(f->from->ctx, &f->row, &f->n, e);
			if (rc < 0)
				return -1;
			f->at = 0;
			f->n = rc > 0 ? f->n : 0;
			f->ended = rc == 0;
		} else if (take_row(f, &f->out[*n])) {
			++*n;
		} else if (f->place >= 0) {
			f->out[(*n)++] = row_at(f->s, (size_t)f->place);
			f->place = snapshot_walk_next(f->s, &f->walk);
		} else if (f->ended) {
			break;
		}
	}
	return *n > 0;
}

void snapshot_fold_init(struct snapshot_fold *f, const struct snapshot *s,
			size_t low, const struct snapshot_feed *from)
{
	*f = (struct snapshot_fold){
		.s = s,
		.from = from,
		.start = {.low = low},
		.out = mem_resize(NULL, BATCH * sizeof(*f->out)),
		.feed = {.next = next_fold, .rewind = rewind_fold},
	};
	f->feed.ctx = f;
}

void snapshot_fold_clear(struct snapshot_fold *f)
{
	free(f->out);
	*f = (struct snapshot_fold){.s = NULL};
}

static int give_batch(void *ctx, const struct snapshot_row **row, size_t *n,
		      struct err *e)
{
	struct snapshot_fold_batch *b = ctx;

	(void)e;
	*row = b->row;
	*n = b->n;
	b->given = !b->given;
	return b->given;
}

static void rewind_batch(void *ctx)
{
	struct snapshot_fold_batch *b = ctx;

	b->given = false;
}

struct snapshot_feed snapshot_fold_batch_feed(struct snapshot_fold_batch *b)
{
	return (struct snapshot_feed){
		.next = give_batch, .rewind = rewind_batch, .ctx = b};
}
