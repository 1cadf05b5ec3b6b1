#include "diff/pass/identity.h"

/* What is known of an identity that is gone: bits, and above them how many keys
 * are to leave with it.
 */
enum { DELIVERED = 1, STAYS = 2, ONE = 4 };

void identity_init(struct identity *d, const struct key *key, uint64_t seed,
		   size_t memory, const char *dir)
{
	*d = (struct identity){0};
	fresh_init(&d->rows, memory, dir);
	fresh_init(&d->fresh, memory, dir);
	keyset_init(&d->gone, true);
	d->key = key_identifies(key) ? key : NULL;
	d->seed = seed;
}

void identity_clear(struct identity *d)
{
	fresh_clear(&d->rows);
	fresh_clear(&d->fresh);
	keyset_clear(&d->gone);
	buf_clear(&d->scratch);
	*d = (struct identity){0};
}

/* ---- rows -------------------------------------------------------------- */

struct hash identity_row(struct identity *d, struct slice text)
{
	d->scratch.n = 0;
	key_own(d->key, &d->scratch, text);
	return hash_bytes(d->scratch.p, d->scratch.n, d->seed);
}

int identity_first(struct identity *d, struct slice text,
		   enum fresh_answer *first, struct err *e)
{
	*first = FRESH_NEW;
	return d->decided
		       ? 0
		       : fresh_add(&d->rows, identity_row(d, text), first, e);
}

void identity_decided(struct identity *d)
{
	d->decided = true;
}

bool identity_came(struct identity *d, struct slice own)
{
	return fresh_has(&d->rows, hash_bytes(own.p, own.n, d->seed));
}

static struct hash hash_of(struct identity *d, struct slice text, bool *is)
{
	d->scratch.n = 0;
	*is = key_identity(d->key, &d->scratch, text);
	return hash_bytes(d->scratch.p, d->scratch.n, d->seed);
}

int identity_is(struct identity *d, struct slice text, bool new, bool *is,
		struct err *e)
{
	struct hash h = hash_of(d, text, is);

	d->nobody += !*is;
	return *is && new ? fresh_put(&d->fresh, h, e) : 0;
}

int identity_close(struct identity *d, struct err *e)
{
	for (unsigned p = 0; fresh_spilled(&d->fresh) && p < FRESH_PARTS; p++) {
		if (fresh_settle(&d->fresh, p, e) < 0 ||
		    fresh_settled(&d->fresh, true, e) < 0)
			return -1;
	}
	return fresh_close(&d->fresh, e);
}

/* ---- keys that are gone ------------------------------------------------ */

static uint32_t known(const struct identity *d, struct hash h)
{
	int64_t got = keyset_get(&d->gone, h);

	return got < 0 ? 0 : (uint32_t)got;
}

void identity_gone(struct identity *d, struct slice text)
{
	bool is;

	keyset_put(&d->gone, hash_of(d, text, &is), 0);
}

void identity_seen(struct identity *d, struct slice text)
{
	bool is;
	struct hash h = hash_of(d, text, &is);

	if (keyset_has(&d->gone, h))
		keyset_put(&d->gone, h, DELIVERED);
}

int identity_leaves(struct identity *d, struct slice text, bool leaves)
{
	bool is;
	struct hash h = hash_of(d, text, &is);
	uint32_t was = known(d, h), now = leaves ? was + ONE : was | STAYS;

	keyset_put(&d->gone, h, now);
	return (now >= ONE && !(now & STAYS)) - (was >= ONE && !(was & STAYS));
}

enum identity_place identity_place(struct identity *d, struct slice text)
{
	bool is;
	struct hash h = hash_of(d, text, &is);
	uint32_t got = known(d, h);

	if (got & DELIVERED)
		return IDENTITY_DELIVERED;
	if (fresh_has(&d->fresh, h))
		return IDENTITY_CAME;
	return got & STAYS || got >= 2 * ONE ? IDENTITY_WAITS
					     : IDENTITY_NOWHERE;
}

void identity_left(struct identity *d, struct slice text)
{
	bool is;
	struct hash h = hash_of(d, text, &is);
	uint32_t got = known(d, h);

	if (got >= ONE)
		keyset_put(&d->gone, h, got - ONE);
}
