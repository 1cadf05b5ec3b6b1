#include "diff/pass/resend.h"

#include <stdlib.h>
#include <string.h>

#include "core/counts.h"
#include "core/mem.h"
#include "core/tool.h"
#include "diff/state/state_connection.h"

static int check(const struct diff_options *o, struct err *e)
{
	const char *how = o->on_mapping_change;

	if (!how || strcmp(how, "full") == 0 || strcmp(how, "now") == 0 ||
	    strcmp(how, "changed") == 0 || strcmp(how, "none") == 0)
		return 0;
	return err_names(e, ERR_USAGE,
			 "option '--on-mapping-change': '%s' is not full, now, "
			 "changed or none",
			 how);
}

/* Whether the caller of this run already knows that its mapping is new. */
static bool is_now(const struct diff_options *o, const struct snapshot *old)
{
	const char *how = o->on_mapping_change;

	return how && strcmp(how, "now") == 0 &&
	       old->note[SNAPSHOT_CONNECTION].n > 0;
}

/* Number 0 is for the time before the first resend, and mixes nothing in. */
static struct hash mix_of(uint64_t number, uint64_t seed)
{
	static const char what[] = "resend";
	char text[sizeof(what) + sizeof(number)];

	if (number == 0)
		return (struct hash){0, 0};
	memcpy(text, what, sizeof(what));
	memcpy(text + sizeof(what), &number, sizeof(number));
	return hash_bytes(text, sizeof(text), seed);
}

static void decide(struct resend *x, const struct diff_options *o,
		   bool every_row)
{
	const char *how = o->on_mapping_change;
	bool none = how && strcmp(how, "none") == 0;

	x->forgotten = how && strcmp(how, "changed") == 0;
	x->full = x->due && !none && !x->forgotten && !x->waits &&
		  (every_row || x->n <= x->most || x->n <= o->allow_resend);
	/* a resend that is switched off is not blocked */
	x->due = x->due && !none;
}

uint64_t resend_owed(const struct state *s)
{
	const struct slice *note = s->snapshot.note;
	uint64_t noted = snapshot_note_number(note[SNAPSHOT_OWED]);
	uint64_t owed = noted > s->pending.owed ? noted : s->pending.owed;

	return owed > snapshot_note_number(note[SNAPSHOT_RESENT]) ? owed : 0;
}

/* Chooses the number of this run. A resend that --full begins gets an unused
 * number: if a resend after a change of the mapping is unfinished, that one has
 * the next number.
 */
static void choose_number(struct resend *x, const struct state *s,
			  uint64_t step)
{
	const struct slice *note = s->snapshot.note;
	uint64_t noted = snapshot_note_number(note[SNAPSHOT_OWED]);
	uint64_t owed = resend_owed(s);

	x->owed = owed > 0 && !x->begun;
	x->number =
		owed > 0 ? owed : snapshot_note_number(note[SNAPSHOT_RESENT]);
	x->next = x->number + (x->full ? step : 1);
	x->number += x->full ? step : x->begun && x->due;
	x->number += x->begun;
	/* a resumed run finds it in `pending` */
	x->write = x->begun || (x->owed && x->number > noted && !s->resumed);
	x->renew = x->owed ? s->pending.owed_at : 0;
}

/* Finds the other numbers whose rows are not due in this run: those since
 * before the mapping changed, and the next one, under which an unfinished
 * resend has delivered some rows.
 */
static void find_others(struct resend *x, const struct snapshot *old,
			bool noted, struct tag *t, uint64_t seed)
{
	struct slice before = old->note[SNAPSHOT_BEFORE];
	struct hash mix = mix_of(x->number, seed), other = mix;
	uint64_t to = noted ? x->next : x->number;

	if (t->has_also)
		t->also = tag_mix(t->also, mix);
	x->from = before.n > 0 && !x->owed ? snapshot_note_number(before)
					   : x->number;
	if (x->full || x->begun || x->from >= to)
		return;
	/* one more, in case x->number is not among them */
	x->other = mem_resize(NULL, (to - x->from + 1) * sizeof(*x->other));
	for (uint64_t k = to + 1; k-- > x->from;) {
		if (k == x->number)
			continue;
		other = mix_of(k, seed);
		x->other[x->n_others++] = mix.hi ^ other.hi;
	}
	if (t->has_also)
		return;
	/* the fast path knows rows of the oldest number, as most rows are */
	t->has_also = true;
	t->also = tag_mix(t->mixed, other);
}

int resend_init(struct resend *x, const struct diff_options *o, bool updates,
		bool every_row, const struct state *s, struct tag *t,
		struct err *e)
{
	const struct snapshot *old = &s->snapshot;
	bool noted = old->note[SNAPSHOT_RESEND].n > 0, now = is_now(o, old);

	if (check(o, e) < 0)
		return -1;
	*x = (struct resend){
		.due = noted || now,
		.n = old->n,
		.waits = !updates,
		.most = o->max_resend,
		.begun = o->full && updates && old->n + s->pending.n > 0,
	};
	if (x->most == UINT64_MAX)
		x->most =
			state_connection_counts(old->note[SNAPSHOT_CONNECTION])
				? 0
				: RESEND_MOST;
	decide(x, o, every_row);
	/* above the number of an unfinished resend of another mapping */
	choose_number(x, s, noted && now ? 2 : 1);
	if (o->full)
		x->renew = UINT64_MAX;
	find_others(x, old, noted || now, t, s->seed);
	t->mixed = tag_mix(t->mixed, mix_of(x->number, s->seed));
	return 0;
}

void resend_clear(struct resend *x)
{
	free(x->other);
	*x = (struct resend){0};
}

void resend_announce(const struct resend *x)
{
	if (x->owed && !x->full && x->n > 0)
		tool_warn("an earlier run with --full was interrupted: the "
			  "rows that it did not send are sent now");
	if (x->full && x->n > 0)
		tool_warn("the mapping has changed: %s%ju row%s of the state "
			  "%s resent",
			  x->n > 1 ? "all " : "", (uintmax_t)x->n,
			  x->n > 1 ? "s" : "", x->n > 1 ? "are" : "is");
}

int resend_verdict(const struct resend *x, struct err *e)
{
	if (resend_blocked(x) == 0)
		return 0;
	return err_set(
		e, ERR_BLOCKED,
		"the mapping has changed, and resending %ju row%s exceeds "
		"--max-resend %ju; run once with --allow-resend %ju, or use "
		"--on-mapping-change changed to send only rows that change",
		(uintmax_t)x->n, COUNTS_S(x->n), (uintmax_t)x->most,
		(uintmax_t)x->n);
}
