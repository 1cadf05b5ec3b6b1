#include "diff/pass/identity.h"

/* Flags of the identity of a missing key; from ONE on a count of the keys that
 * leave with it.
 */
enum { DELIVERED = 1, STAYS = 2, ONE = 4 };

void identity_init(struct identity *d, const struct key *key, uint64_t seed,
		   size_t memory, const char *dir)
{
	*d = (struct identity){0};
	new_keys_init(&d->rows, memory, dir);
	new_keys_init(&d->new_keys, memory, dir);
	d->key = key_identifies(key) ? key : NULL;
	d->seed = seed;
}

void identity_clear(struct identity *d)
{
	new_keys_clear(&d->rows);
	new_keys_clear(&d->new_keys);
	key_set_clear(&d->gone);
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
		   enum new_keys_answer *first, struct err *e)
{
	*first = NEW_KEYS_NEW;
	return d->decided ? 0
			  : new_keys_add(&d->rows, identity_row(d, text), first,
					 e);
}

void identity_decided(struct identity *d)
{
	d->decided = true;
}

bool identity_came(struct identity *d, struct slice own)
{
	return new_keys_has(&d->rows, hash_bytes(own.p, own.n, d->seed));
}

struct hash identity_hash(struct identity *d, struct slice text, bool *is)
{
	d->scratch.n = 0;
	*is = key_identity(d->key, &d->scratch, text);
	return hash_bytes(d->scratch.p, d->scratch.n, d->seed);
}

int identity_is(struct identity *d, struct slice text, bool new, bool *is,
		struct err *e)
{
	struct hash h = identity_hash(d, text, is);

	d->nobody += !*is;
	d->again = new_keys_may(&d->new_keys, h);
	return *is && new ? new_keys_put(&d->new_keys, h, e) : 0;
}

int identity_close(struct identity *d, struct err *e)
{
	for (unsigned p = 0;
	     new_keys_spilled(&d->new_keys) && p < NEW_KEYS_PARTS; p++) {
		if (new_keys_settle(&d->new_keys, p, e) < 0 ||
		    new_keys_settled(&d->new_keys, true, e) < 0)
			return -1;
	}
	return new_keys_close(&d->new_keys, e);
}

/* ---- missing keys ------------------------------------------------ */

static uint32_t known(const struct identity *d, struct hash h)
{
	int64_t got = key_set_get(&d->gone, h);

	return got < 0 ? 0 : (uint32_t)got;
}

void identity_gone(struct identity *d, struct slice text)
{
	bool is;

	key_set_put(&d->gone, identity_hash(d, text, &is), 0);
}

void identity_seen(struct identity *d, struct slice text)
{
	bool is;
	struct hash h = identity_hash(d, text, &is);

	if (key_set_has(&d->gone, h))
		key_set_put(&d->gone, h, DELIVERED);
}

int identity_leaves(struct identity *d, struct slice text, bool leaves)
{
	bool is;
	struct hash h = identity_hash(d, text, &is);
	uint32_t was = known(d, h), now = leaves ? was + ONE : was | STAYS;

	key_set_put(&d->gone, h, now);
	return (now >= ONE && !(now & STAYS)) - (was >= ONE && !(was & STAYS));
}

enum identity_place identity_place(struct identity *d, struct slice text)
{
	bool is;
	struct hash h = identity_hash(d, text, &is);
	uint32_t got = known(d, h);

	if (got & DELIVERED)
		return IDENTITY_DELIVERED;
	if (new_keys_has(&d->new_keys, h))
		return IDENTITY_CAME;
	return got & STAYS || got >= 2 * ONE ? IDENTITY_WAITS
					     : IDENTITY_NOWHERE;
}

void identity_left(struct identity *d, struct slice text)
{
	bool is;
	struct hash h = identity_hash(d, text, &is);
	uint32_t got = known(d, h);

	if (got >= ONE)
		key_set_put(&d->gone, h, got - ONE);
}
