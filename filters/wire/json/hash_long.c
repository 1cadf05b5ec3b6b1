#include "wire/json/hash_long.h"

#include <stdlib.h>

#if defined(__x86_64__) && __has_include(<xxh_x86dispatch.h>)
#include <xxh_x86dispatch.h>
#else
#include <xxhash.h>
#endif

#include "core/mem.h"

static struct hash hash_of(XXH128_hash_t h)
{
	return (struct hash){.hi = h.high64, .lo = h.low64};
}

struct hash hash_long_bytes(const void *p, size_t n, uint64_t seed)
{
	return hash_of(XXH3_128bits_withSeed(p, n, seed));
}

uint64_t hash_long_half(const void *p, size_t n,
			const unsigned char secret[HASH_SECRET])
{
	return XXH3_64bits_withSecret(p, n, secret, HASH_SECRET);
}

struct hash_long {
	XXH3_state_t *state;
};

struct hash_long *hash_long_new(uint64_t seed)
{
	struct hash_long *s = mem_zero(sizeof(*s));

	s->state = XXH3_createState();
	if (!s->state)
		s = mem_resize(s, SIZE_MAX); /* ends the program */
	XXH3_128bits_reset_withSeed(s->state, seed);
	return s;
}

void hash_long_add(struct hash_long *s, const void *p, size_t n)
{
	XXH3_128bits_update(s->state, p, n);
}

struct hash hash_long_end(struct hash_long *s)
{
	XXH128_hash_t h = XXH3_128bits_digest(s->state);

	XXH3_freeState(s->state);
	free(s);
	return hash_of(h);
}
