#include "diff/keys/columns.h"

#include <fnmatch.h>
#include <stdlib.h>

#include "core/mem.h"
#include "diff/keys/name_list.h"
#include "wire/json/hash.h"
#include "wire/json/json.h"

bool columns_listed(const char *list, const char *name)
{
	struct buf pattern = {0};
	bool found = false;

	while (!found && *list) {
		size_t n;

		pattern.n = 0;
		n = name_list_take(&pattern, list);
		if (n == 0 &&
		    *list == '"') { /* the quote belongs to the name */
			n = strcspn(list, ",");
			pattern.n = 0;
			buf_add(&pattern, list, n);
		}
		found = fnmatch(buf_cstr(&pattern), name, 0) == 0;
		list += n + (list[n] == ',');
	}
	buf_clear(&pattern);
	return found;
}

bool columns_count(const char *compare, const char *ignore, const char *name)
{
	if (compare && !columns_listed(compare, name))
		return false;
	return !ignore || !columns_listed(ignore, name);
}

static NO_INLINE void look_at_shape(struct columns *c, const struct input *in)
{
	struct buf name = {0};

	c->shape = in->shape;
	if (in->n > c->size) {
		c->size = in->n;
		c->skip = mem_resize(c->skip, c->size * sizeof(*c->skip));
	}
	for (size_t i = 0; i < in->n; i++) {
		name.n = 0;
		json_decode(&name, in->member[i].key);
		c->skip[i] =
			!columns_count(c->compare, c->ignore, buf_cstr(&name));
	}
	buf_clear(&name);
}

uint64_t columns_sum(const char *compare, const char *ignore, uint64_t seed)
{
	struct buf b = {0};
	uint64_t sum;

	if (!compare && !ignore)
		return 0;
	buf_fmt(&b, "%s%s/%s%s", compare ? "+" : "", compare ? compare : "",
		ignore ? "-" : "", ignore ? ignore : "");
	sum = hash_half(b.p, b.n, seed);
	buf_clear(&b);
	return sum;
}

const bool *columns_skip(struct columns *c, const struct input *in)
{
	if (LIKELY(!c->compare && !c->ignore))
		return NULL;
	if (in->shape != c->shape)
		look_at_shape(c, in);
	return c->skip;
}

void columns_clear(struct columns *c)
{
	free(c->skip);
	*c = (struct columns){0};
}
