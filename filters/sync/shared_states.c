#include "sync/shared_states.h"

#include <string.h>

#include "core/tool.h"

static bool same(const char *a, const char *b)
{
	return a && b ? strcmp(a, b) == 0 : a == b;
}

/* The state that both have, or NULL. */
static const char *shared(const struct sync_file *a, const struct sync_file *b)
{
	for (size_t i = 0; i < a->n_destinations; i++) {
		const char *state = a->destination[i].state;

		for (size_t k = 0; k < b->n_destinations; k++) {
			if (same(state, b->destination[k].state))
				return state;
		}
	}
	return NULL;
}

static bool reads_others(const struct sync_file *a, const struct sync_file *b)
{
	return !same(a->source, b->source) ||
	       !same(a->source_env, b->source_env) ||
	       (a->model_kind == SYNC_MODEL_TABLE &&
		b->model_kind == SYNC_MODEL_TABLE && !same(a->model, b->model));
}

void shared_states_warn(const struct sync_files *all)
{
	for (size_t i = 1; i < all->n; i++) {
		const struct sync_file *f = &all->v[i];

		for (size_t k = 0; k < i; k++) {
			const struct sync_file *first = &all->v[k];
			const char *state = same(f->folder, first->folder)
						    ? shared(first, f)
						    : NULL;

			if (!state || !reads_others(first, f))
				continue;
			tool_warn("'%s': has the state '%s' of '%s', but reads "
				  "other rows: mode mirror deletes the rows of "
				  "the other sync; give each its own 'state'",
				  f->path, state, first->path);
			break;
		}
	}
}
