#include "sync/sync_order.h"

#include <fnmatch.h>
#include <stdlib.h>
#include <string.h>

#include "core/mem.h"

static bool matches(const struct sync_file *f, const char *pattern)
{
	static const char tag[] = "tag:";

	if (strncmp(pattern, tag, strlen(tag)) != 0)
		return fnmatch(pattern, f->name, 0) == 0;
	for (size_t i = 0; i < f->tags.n; i++) {
		if (fnmatch(pattern + strlen(tag), f->tags.v[i], 0) == 0)
			return true;
	}
	return false;
}

bool sync_order_selects(const struct opt_list *select,
			const struct sync_file *f)
{
	for (size_t i = 0; i < select->n; i++) {
		if (matches(f, select->v[i]))
			return true;
	}
	return select->n == 0;
}

bool sync_order_after(const struct sync_file *f, const struct sync_file *first)
{
	for (size_t i = 0; i < f->after.n; i++) {
		if (strcmp(f->after.v[i], first->name) == 0)
			return true;
	}
	return false;
}

/* The first one left that need not run after a different one left; n: no such
 * sync.
 */
static size_t next(const struct sync_file *const *left, size_t n)
{
	for (size_t i = 0; i < n; i++) {
		size_t j = 0;

		while (j < n && !(left[j] && left[i] &&
				  sync_order_after(left[i], left[j])))
			j++;
		if (left[i] && j == n)
			return i;
	}
	return n;
}

int sync_order(const struct sync_file ***v, size_t *n,
	       const struct sync_files *all, const struct opt_list *select,
	       struct err *e)
{
	const struct sync_file **left = mem_zero((all->n + 1) * sizeof(*left));
	size_t n_left = 0, at;

	*v = mem_zero((all->n + 1) * sizeof(**v));
	*n = 0;
	for (size_t i = 0; i < all->n; i++) {
		if (sync_order_selects(select, &all->v[i]))
			left[n_left++] = &all->v[i];
	}
	while ((at = next(left, n_left)) < n_left) {
		(*v)[(*n)++] = left[at];
		left[at] = NULL;
	}
	free(left);
	if (n_left == 0)
		return err_names(e, ERR_USAGE,
				 "no sync is selected: --select takes names, "
				 "patterns or tag:NAME");
	if (*n < n_left)
		return err_names(e, ERR_CONFIG,
				 "'after' goes in a circle: none of its syncs "
				 "can be first");
	return 0;
}
