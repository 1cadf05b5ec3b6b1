#include "diff/keys/key_set.h"

#include <stdlib.h>

#include "core/mem.h"

enum { FIRST_SIZE = 1024 };

void key_set_clear(struct key_set *s)
{
	free(s->slot);
	free(s->value);
	*s = (struct key_set){0};
}

static bool is_zero(struct hash h)
{
	return h.hi == 0 && h.lo == 0;
}

/* The slot of the key, or the free one where it would go. */
static size_t place(const struct key_set *s, struct hash key)
{
	size_t i = key.lo & (s->size - 1);

	while (!is_zero(s->slot[i]) && !hash_eq(s->slot[i], key))
		i = (i + 1) & (s->size - 1);
	return i;
}

static void grow(struct key_set *s)
{
	struct key_set to = *s;

	to.size = s->size ? 2 * s->size : FIRST_SIZE;
	to.slot = mem_zero(to.size * sizeof(*to.slot));
	to.value = mem_resize(NULL, to.size * sizeof(*to.value));
	for (size_t i = 0; i < s->size; i++) {
		size_t at;

		if (is_zero(s->slot[i]))
			continue;
		at = place(&to, s->slot[i]);
		to.slot[at] = s->slot[i];
		to.value[at] = s->value[i];
	}
	free(s->slot);
	free(s->value);
	*s = to;
}

void key_set_put(struct key_set *s, struct hash key, uint32_t value)
{
	size_t i;

	if (is_zero(key)) {
		s->has_zero = true;
		s->zero = value;
		return;
	}
	if (s->n * 4 >= s->size * 3)
		grow(s);
	i = place(s, key);
	s->n += is_zero(s->slot[i]);
	s->slot[i] = key;
	s->value[i] = value;
}

bool key_set_has(const struct key_set *s, struct hash key)
{
	if (is_zero(key))
		return s->has_zero;
	return s->size > 0 && !is_zero(s->slot[place(s, key)]);
}

int64_t key_set_get(const struct key_set *s, struct hash key)
{
	size_t i;

	if (is_zero(key))
		return s->has_zero ? (int64_t)s->zero : -1;
	if (s->size == 0)
		return -1;
	i = place(s, key);
	return is_zero(s->slot[i]) ? -1 : (int64_t)s->value[i];
}
