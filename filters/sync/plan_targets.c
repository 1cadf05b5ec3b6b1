#include "sync/plan_targets.h"

#include <stdlib.h>
#include <string.h>

#include "core/buf.h"
#include "core/mem.h"

const char *plan_targets_name(const struct plan_target *t)
{
	return t->f->connection ? t->f->name : t->f->destination[t->at].name;
}

/* Whether the target has this name, or is a part of the destination with this
 * name.
 */
static bool is_named(const struct plan_target *t, const char *name)
{
	const char *own = plan_targets_name(t);
	size_t n = strlen(name);

	return strcmp(own, name) == 0 ||
	       (t->f->parts > 0 && strncmp(own, name, n) == 0 && own[n] == '/');
}

static int no_such(const struct plan_targets *every, const char *path,
		   const char *name, struct err *e)
{
	enum { SHOWN = 8 };
	struct buf b = {0};

	for (size_t i = 0; i < every->n && i < SHOWN; i++)
		buf_fmt(&b, "%s'%s'", i > 0 ? ", " : "",
			plan_targets_name(&every->v[i]));
	if (every->n == 1 && !*plan_targets_name(&every->v[0]))
		err_names(e, ERR_USAGE,
			  "'%s' has no destination '%s': it has one, without a "
			  "name",
			  path, name);
	else
		err_names(e, ERR_USAGE,
			  "'%s' has no destination '%s'; it has %s%s", path,
			  name, buf_cstr(&b), every->n > SHOWN ? ", ..." : "");
	buf_clear(&b);
	return -1;
}

int plan_targets_find(struct plan_targets *t, const struct sync_files *all,
		      const char *path, const char *name, struct err *e)
{
	struct plan_targets every = {0};
	int rc = 0;

	*t = (struct plan_targets){0};
	for (size_t i = 0; i < all->n; i++)
		every.n += all->v[i].n_destinations;
	every.v = mem_zero((every.n + 1) * sizeof(*every.v));
	t->v = mem_zero((every.n + 1) * sizeof(*t->v));
	every.n = 0;
	for (size_t i = 0; i < all->n; i++) {
		for (size_t k = 0; k < all->v[i].n_destinations; k++)
			every.v[every.n++] =
				(struct plan_target){.f = &all->v[i], .at = k};
	}
	for (size_t i = 0; i < every.n; i++) {
		if (!name || is_named(&every.v[i], name))
			t->v[t->n++] = every.v[i];
	}
	if (t->n == 0)
		rc = no_such(&every, path, name, e);
	plan_targets_clear(&every);
	return rc;
}

void plan_targets_clear(struct plan_targets *t)
{
	free(t->v);
	*t = (struct plan_targets){0};
}
