#include "wire/json/hash_memo.h"

#include <stdlib.h>

#define XXH_INLINE_ALL
#include <xxhash.h>

#include "core/mem.h"

enum {
	TEXTS = 256,
	MISSES = 32, /* more misses than hits: stop looking */
	REST = 1024  /* texts until the next lookup */
};

struct known_text {
	struct hash hash;
	uint32_t n;
	char text[HASH_MEMO_TEXT];
};

struct hash_memo {
	uint64_t seed;
	unsigned misses, rest;
	struct known_text *at; /* slot of the last text, or NULL */
	struct known_text text[TEXTS];
};

struct hash_memo *hash_memo_new(uint64_t seed)
{
	struct hash_memo *m = mem_zero(sizeof(*m));

	m->seed = seed;
	return m;
}

void hash_memo_free(struct hash_memo *m)
{
	free(m);
}

uint64_t hash_memo_seed(const struct hash_memo *m)
{
	return m->seed;
}

bool hash_memo_find(struct hash_memo *m, struct slice text, struct hash *h)
{
	struct known_text *t;

	m->at = NULL;
	if (text.n > HASH_MEMO_TEXT)
		return false;
	if (m->rest > 0) {
		m->rest--;
		return false;
	}
	t = &m->text[XXH3_64bits_withSeed(text.p, text.n, m->seed) % TEXTS];
	if (t->n == text.n && memcmp(t->text, text.p, text.n) == 0) {
		m->misses -= m->misses > 0;
		*h = t->hash;
		return true;
	}
	m->at = t;
	if (++m->misses == MISSES) {
		m->misses = 0;
		m->rest = REST;
	}
	return false;
}

void hash_memo_keep(struct hash_memo *m, struct slice text, struct hash h)
{
	if (!m->at)
		return;
	memcpy(m->at->text, text.p, text.n);
	m->at->n = (uint32_t)text.n;
	m->at->hash = h;
}
