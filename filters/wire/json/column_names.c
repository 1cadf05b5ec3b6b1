#include "wire/json/column_names.h"

#include <stdlib.h>

#include "core/mem.h"
#include "core/opt.h"
#include "wire/json/hash.h"
#include "wire/json/json.h"

/* The slot of a name, or the free one where it belongs. */
static uint32_t *slot_of(const struct column_names *d, struct slice name)
{
	size_t i = hash_bytes(name.p, name.n, 0).lo & (d->n_slots - 1);

	while (d->slot[i] != 0 && !slice_eq(d->v[d->slot[i] - 1], name))
		i = (i + 1) & (d->n_slots - 1);
	return &d->slot[i];
}

void column_names_init(struct column_names *d, const struct scan_member *m,
		       size_t n)
{
	size_t room = 1;

	*d = (struct column_names){.v = mem_zero((n + 1) * sizeof(*d->v))};
	for (size_t i = 0; i < n; i++)
		room += m[i].key.n;
	buf_room(&d->text, room); /* decoded names are never longer */
	for (size_t i = 0; i < n; i++) {
		size_t from = d->text.n;

		json_decode(&d->text, m[i].key);
		d->v[i] = slice_of(d->text.p + from, d->text.n - from);
	}
	d->n = n;
	for (d->n_slots = 16; d->n_slots < 2 * n + 2;)
		d->n_slots *= 2;
	d->slot = mem_zero(d->n_slots * sizeof(*d->slot));
	for (size_t i = 0; i < n; i++)
		*slot_of(d, d->v[i]) = (uint32_t)i + 1;
}

void column_names_clear(struct column_names *d)
{
	buf_clear(&d->text);
	free(d->v);
	free(d->slot);
}

size_t column_names_find(const struct column_names *d, struct slice name)
{
	uint32_t at = *slot_of(d, name);

	return at > 0 ? at - 1 : d->n;
}

struct slice column_names_near(const struct column_names *d, const char *name)
{
	char **words = mem_zero((d->n + 1) * sizeof(*words));
	struct slice found = {0};
	const char *near;

	for (size_t i = 0; i < d->n; i++)
		words[i] = mem_copy(d->v[i].p, d->v[i].n);
	near = opt_nearest(name, (const char *const *)words);
	for (size_t i = 0; i < d->n; i++) {
		if (near && strcmp(words[i], near) == 0)
			found = d->v[i];
	}
	for (size_t i = 0; i < d->n; i++) {
		if (strcasecmp(words[i], name) == 0)
			found = d->v[i];
		free(words[i]);
	}
	free(words);
	return found;
}

void column_names_list(const struct column_names *d, struct buf *b)
{
	for (size_t i = 0; i < d->n; i++)
		buf_fmt(b, "%s%.*s", i > 0 ? ", " : "", SLICE_FMT(d->v[i]));
}
