#include "map/settings/connection_list.h"

#include <stdlib.h>
#include <string.h>

#include "core/mem.h"

static bool disabled(const struct doc *entry)
{
	const struct doc *enabled = doc_get(entry, "enabled");

	return enabled && enabled->kind == SCAN_FALSE;
}

static void add(struct connection **v, size_t *n, const struct connection *c)
{
	*v = mem_resize(*v, (*n + 1) * sizeof(**v));
	(*v)[(*n)++] = *c;
}

/* Lists all connections of a project. ERR_CONFIG if one has no id, or the id of
 * another.
 */
static int list_all(struct connection **v, size_t *n, const struct project *p,
		    struct err *e)
{
	for (size_t i = 0; i < p->n; i++) {
		const struct project_item *item = &p->item[i];
		const struct doc *list = doc_get(item->spec, "connections");

		if (strcmp(item->kind, PROJECT_CONNECTIONS) != 0)
			continue;
		if (!list || list->kind != SCAN_ARRAY) {
			err_names(e, ERR_CONFIG,
				  "'connections' must be a list");
			return project_err_in(item, item->spec, e);
		}
		for (const struct doc *d = list->first; d; d = d->next) {
			struct connection c = {p, item, d};
			bool on;

			if (project_enabled(d, &on, e) < 0)
				return project_err_in(item, d, e);
			for (size_t k = 0; k < *n; k++) {
				if (strcmp(connection_id((*v)[k].entry),
					   connection_id(d)) != 0)
					continue;
				err_names(e, ERR_CONFIG,
					  "a second connection '%s'",
					  connection_id(d));
				return project_err_in(item, d, e);
			}
			add(v, n, &c);
		}
	}
	return 0;
}

/* Sets the error for an id that is not found: it lists the ids, as far as a
 * message has room.
 */
static int err_not_found(const struct connection *all, size_t n, const char *id,
			 struct err *e)
{
	const char **names = mem_zero((n + 1) * sizeof(*names));
	struct buf list = {0};
	const char *near;

	for (size_t i = 0; i < n; i++) {
		names[i] = connection_id(all[i].entry);
		buf_fmt(&list, "%s%s", i > 0 ? ", " : "", names[i]);
	}
	near = id ? opt_nearest(id, names) : NULL;
	if (n == 0)
		err_names(e, ERR_CONFIG,
			  "the project has no connection of kind "
			  "'" PROJECT_CONNECTIONS "'");
	else if (near)
		err_names(e, ERR_CONFIG,
			  "the project has no connection '%s'; did you mean "
			  "'%s'?",
			  id, near);
	else if (id)
		err_names(e, ERR_CONFIG,
			  "the project has no connection '%s', but %s", id,
			  buf_cstr(&list));
	else
		err_names(e, ERR_CONFIG,
			  "the project has several connections: use "
			  "--connection with one of: %s",
			  buf_cstr(&list));
	buf_clear(&list);
	free(names);
	return -1;
}

/* Checks that all connections have one source, because the rows come from it.
 */
static int check_source(const struct connection *v, size_t n, struct err *e)
{
	const struct doc *first = doc_get(v[0].entry, "source");

	for (size_t i = 1; i < n; i++) {
		const struct doc *other = doc_get(v[i].entry, "source");

		if (!first || !other || first->kind != SCAN_STRING ||
		    other->kind != SCAN_STRING ||
		    strcmp(first->text, other->text) != 0)
			return err_names(e, ERR_CONFIG,
					 "connections '%s' and '%s' have "
					 "different sources",
					 connection_id(v[0].entry),
					 connection_id(v[i].entry));
	}
	return 0;
}

static int by_ids(struct connection **v, size_t *n,
		  const struct connection *all, size_t n_all,
		  const struct opt_list *ids, struct err *e)
{
	for (size_t i = 0; i < ids->n; i++) {
		size_t k = 0;

		while (k < n_all &&
		       strcmp(connection_id(all[k].entry), ids->v[i]) != 0)
			k++;
		if (k == n_all)
			return err_not_found(all, n_all, ids->v[i], e);
		if (disabled(all[k].entry))
			return err_names(
				e, ERR_CONFIG,
				"connection '%s' is disabled ('enabled' "
				"is false)",
				ids->v[i]);
		add(v, n, &all[k]);
	}
	return check_source(*v, *n, e);
}

int connection_list_choose(struct connection **v, size_t *n,
			   const struct project *p, const struct opt_list *ids,
			   struct err *e)
{
	struct connection *all = NULL;
	size_t n_all = 0;
	int rc = list_all(&all, &n_all, p, e);

	*v = NULL;
	*n = 0;
	if (rc == 0 && ids->n > 0) {
		rc = by_ids(v, n, all, n_all, ids, e);
	} else if (rc == 0) {
		for (size_t i = 0; i < n_all; i++) {
			if (!disabled(all[i].entry))
				add(v, n, &all[i]);
		}
		if (*n != 1)
			rc = err_not_found(all, n_all, NULL, e);
	}
	free(all);
	return rc;
}
