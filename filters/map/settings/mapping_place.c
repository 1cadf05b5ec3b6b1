#include "map/settings/mapping_place.h"

#include <stdlib.h>

#include "core/mem.h"

static const struct {
	const char *key, *option;
	const char *what; /* kind of value setting, or NULL */
} uses[] = {
	[MAPPING_USER_ID] = {"user_id", "user-id", NULL},
	[MAPPING_ANONYMOUS_ID] = {"anonymous_id", "anonymous-id", NULL},
	[MAPPING_EVENT_COLUMN] = {"event", "event-column", NULL},
	[MAPPING_GROUP_ID] = {"group_id", "group-id", NULL},
	[MAPPING_PREVIOUS_ID] = {"previous_id", "previous-id", NULL},
	[MAPPING_TIMESTAMP] = {"timestamp", "timestamp", NULL},
	[MAPPING_IDENTIFIERS] = {"identifiers", "identifier", NULL},
	[MAPPING_COLUMNS] = {"columns", "columns", NULL},
	[MAPPING_FIELDS] = {"fields", "mask", NULL},
	[MAPPING_NULL] = {"fields", "null", "null policy"},
	[MAPPING_DEFAULT] = {"fields", "default", "default"},
	[MAPPING_CAST] = {"fields", "cast", "cast"},
	[MAPPING_MASK] = {"fields", "mask", "mask"},
};

void mapping_place_add(struct mapping *m, enum mapping_use use,
		       const char *name, unsigned line)
{
	if (!name)
		return;
	m->place = mem_resize(m->place, (m->n_places + 1) * sizeof(*m->place));
	m->place[m->n_places++] =
		(struct mapping_place){.use = use,
				       .column = mem_copy(name, strlen(name)),
				       .line = line};
}

/* Whether p is a place of this use. A file has one place for all value settings
 * of a column.
 */
static bool is_of(const struct mapping_place *p, enum mapping_use use)
{
	return p->use == use ||
	       (p->use == MAPPING_FIELDS && use > MAPPING_FIELDS);
}

int mapping_place_in(const struct mapping *m, enum mapping_use use,
		     const char *name, struct err *e)
{
	size_t i = m->n_places;

	while (i > 0 && (!is_of(&m->place[i - 1], use) ||
			 strcmp(m->place[i - 1].column, name) != 0))
		i--;
	if (i == 0)
		return uses[use].what ? err_in(e, "%s", uses[use].what) : -1;
	if (m->place[i - 1].line == 0)
		return err_in(e, "option '--%s'", uses[use].option);
	return err_in(e, "'%s': line %u: '%s'", m->file ? m->file : "",
		      m->place[i - 1].line, uses[use].key);
}

void mapping_place_clear(struct mapping *m)
{
	for (size_t i = 0; i < m->n_places; i++)
		free(m->place[i].column);
	free(m->place);
	free(m->file);
}
