#include "diff/state/apply_spill.h"

#include <stdlib.h>
#include <sys/stat.h>

#include "core/mem.h"
#include "core/temp.h"
#include "diff/keys/spool.h"
#include "diff/state/apply_parts.h"

enum {
	INTENT = 56,  /* estimated bytes of an intent in pending */
	NEEDED = 100, /* bytes of memory to match an intent, at most */
	MAX_PARTS = 4096,
	CACHE = 8 * 1024 * 1024,
	CHUNK = 4096, /* smallest size of a write, in bytes */
	SPOOLED = 16, /* each spool gets 1/16 of the memory */
};

/* A change id, and the number of its intent. */
struct id_record {
	struct hash id;
	uint32_t number, reserved;
};

struct apply_spill {
	struct state *s;
	struct apply_rules t;
	struct apply_parts keys;
	unsigned parts, shift; /* part = hash.hi >> shift */
	struct spool ids, answers;
	unsigned char *verdict; /* of each intent of pending */
	uint32_t n;
};

static uint64_t intents_of(const struct state *s)
{
	struct stat st;

	return stat(s->pending_path, &st) < 0 ? 0
					      : (uint64_t)st.st_size / INTENT;
}

/* A part may use half of the memory, if hashes are spread evenly. It should
 * also fit into the caches of the processor, unless that makes writes too
 * small.
 */
static bool is_large(const struct apply_spill *b, uint64_t part)
{
	return part > b->s->memory / 2 ||
	       (part > CACHE && b->s->memory / SPOOLED / b->parts >= 2 * CHUNK);
}

static void choose_parts(struct apply_spill *b)
{
	uint64_t need = intents_of(b->s) * NEEDED;

	b->shift = 63;
	for (b->parts = 2; b->parts < MAX_PARTS && is_large(b, need / b->parts);
	     b->parts *= 2)
		b->shift--;
}

/* ---- into parts -------------------------------------------------------- */

static int put_id(void *ctx, const struct intent *i, struct err *e)
{
	struct apply_spill *b = ctx;
	const struct id_record r = {
		.id = pending_id(i, b->s->pending.ids),
		.number = b->n++,
	};
	unsigned part = (unsigned)(r.id.hi >> b->shift);

	apply_parts_version(&b->keys, i->version);
	buf_add(spool_record(&b->ids, part), &r, sizeof(r));
	return spool_add(&b->ids, part, e);
}

static int put_answer(void *ctx, const struct receipts_file_record *r,
		      struct err *e)
{
	struct apply_spill *b = ctx;
	unsigned part = (unsigned)(r->id.hi >> b->shift);

	if (r->answer == APPLY_COMPLETE) {
		apply_rules_take(&b->t, r);
		return 0;
	}
	buf_add(spool_record(&b->answers, part), r, sizeof(*r));
	return spool_add(&b->answers, part, e);
}

static int into_parts(struct apply_spill *b, struct err *e)
{
	const char *dir = temp_dir(b->s->dir);
	size_t memory = b->s->memory / SPOOLED;

	spool_init(&b->ids, dir, b->parts, memory, sizeof(struct id_record));
	spool_init(&b->answers, dir, b->parts, memory,
		   sizeof(struct receipts_file_record));
	if (b->s->pending.file.map.n > 0 &&
	    pending_scan(&b->s->pending, put_id, b, e) < 0)
		return -1;
	return receipts_file_read(b->s, put_answer, b, e);
}

/* ---- by change id ------------------------------------------------------ */

static int match_part(struct apply_spill *b, unsigned part, struct err *e)
{
	struct slice x;
	int rc;

	spool_rewind(&b->ids, part);
	while ((rc = spool_next(&b->ids, &x, e)) > 0) {
		struct id_record r;

		memcpy(&r, x.p, sizeof(r));
		key_set_put(&b->t.ids, pending_found_by(r.id), r.number);
	}
	spool_rewind(&b->answers, part);
	while (rc == 0 && (rc = spool_next(&b->answers, &x, e)) > 0) {
		struct receipts_file_record r;

		memcpy(&r, x.p, sizeof(r));
		apply_rules_take(&b->t, &r);
		rc = 0;
	}
	apply_rules_judge(&b->t);
	apply_rules_clear(&b->t);
	return rc;
}

static int match_all(struct apply_spill *b, struct err *e)
{
	b->verdict = mem_table((size_t)b->n + 1);
	b->t.verdict = b->verdict;
	for (unsigned p = 0; p < b->parts; p++) {
		if (match_part(b, p, e) < 0)
			return -1;
	}
	spool_clear(&b->ids);
	spool_clear(&b->answers);
	return 0;
}

/* ---- by key ------------------------------------------------------------ */

static int put_all(struct apply_spill *b, struct err *e)
{
	struct pending_walk w;
	struct intent x;
	int rc = 0;

	if (b->n == 0)
		return 0;
	pending_walk(&b->s->pending, &w);
	for (uint32_t i = 0; rc == 0 && i < b->n; i++) {
		rc = pending_next(&w, &x, e) > 0 ? 0 : -1;
		if (rc == 0)
			rc = apply_parts_put(&b->keys, &x, b->verdict[i], e);
	}
	return rc;
}

int apply_spill_settle(struct state *s, bool accept_rejected,
		       struct apply_counts *c, struct err *e)
{
	struct apply_spill b = {
		.s = s,
		.t = {.s = s,
		      .old = &s->snapshot,
		      .accept_rejected = accept_rejected,
		      .counts = c},
	};
	int rc;

	*c = (struct apply_counts){0};
	apply_parts_init(&b.keys, s, &b.t);
	choose_parts(&b);
	rc = into_parts(&b, e);
	if (rc == 0)
		rc = match_all(&b, e);
	if (rc == 0)
		rc = put_all(&b, e);
	if (rc == 0)
		rc = apply_parts_settle(&b.keys, e);
	spool_clear(&b.ids);
	spool_clear(&b.answers);
	apply_parts_clear(&b.keys);
	b.t.verdict = NULL;
	apply_rules_end(&b.t);
	free(b.verdict);
	return rc;
}
