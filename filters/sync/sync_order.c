#include "sync/sync_order.h"

#include <fnmatch.h>
#include <stdlib.h>
#include <string.h>

#include "core/mem.h"
#include "core/tool.h"

#define TAG "tag:" /* prefix of a pattern for tags */

static bool matches(const struct sync_file *f, const char *pattern)
{
	if (strncmp(pattern, TAG, strlen(TAG)) != 0)
		return fnmatch(pattern, f->name, 0) == 0;
	for (size_t i = 0; i < f->tags.n; i++) {
		if (fnmatch(pattern + strlen(TAG), f->tags.v[i], 0) == 0)
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

static void warn_of(const struct sync_files *all, const struct sync_file *f,
		    const char *name)
{
	const char **names = mem_zero((all->n + 1) * sizeof(*names)), *near;
	bool found = false;

	for (size_t i = 0; i < all->n; i++) {
		names[i] = all->v[i].name;
		found = found || strcmp(names[i], name) == 0;
	}
	near = found ? NULL : opt_nearest(name, names);
	if (near)
		tool_warn("'%s': no sync has the name '%s' in 'after'; did you "
			  "mean '%s'?",
			  f->path, name, near);
	else if (!found)
		tool_warn("'%s': no sync has the name '%s' in 'after'", f->path,
			  name);
	free(names);
}

void sync_order_warn(const struct sync_files *all)
{
	for (size_t i = 0; i < all->n; i++) {
		const struct sync_file *f = &all->v[i];

		for (size_t k = 0; k < f->after.n; k++)
			warn_of(all, f, f->after.v[k]);
	}
}

/* The first sync in left that need not run after another sync in left; n if
 * every sync must.
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

/* Reports that nothing is selected, with a name or tag similar to the first
 * pattern.
 */
static int none_selected(const struct sync_files *all,
			 const struct opt_list *select, struct err *e)
{
	const char *pattern = select->n > 0 ? select->v[0] : "", *near;
	bool tags = strncmp(pattern, TAG, strlen(TAG)) == 0;
	const char **names = NULL;
	size_t n = 0;

	for (size_t i = 0; i < all->n; i++) {
		const struct sync_file *f = &all->v[i];

		names = mem_resize(names, (n + f->tags.n + 2) * sizeof(*names));
		if (!tags)
			names[n++] = f->name;
		for (size_t k = 0; tags && k < f->tags.n; k++)
			names[n++] = f->tags.v[k];
		names[n] = NULL;
	}
	near = n > 0 ? opt_nearest(pattern + (tags ? strlen(TAG) : 0), names)
		     : NULL;
	free(names);
	if (near)
		return err_names(e, ERR_USAGE,
				 "no sync is selected by '%s'; did you mean "
				 "'%s%s'?",
				 pattern, tags ? TAG : "", near);
	return err_names(e, ERR_USAGE,
			 "no sync is selected: --select takes names, "
			 "patterns or tag:NAME");
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
		return none_selected(all, select, e);
	if (*n < n_left)
		return err_names(e, ERR_CONFIG,
				 "'after' goes in a circle: none of its syncs "
				 "can be first");
	return 0;
}
