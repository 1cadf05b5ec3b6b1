#include "sync/run_sync.h"

bool run_sync_is_apart(const struct running *r, const struct run_sync *s)
{
	return stages_apart(s->f) || r->o->canary > 0;
}

void run_sync_stages(struct stages *s, const struct running *r,
		     const struct run_sync *x)
{
	struct stages_options o = r->o->stages;

	o.mapping = x->mapping;
	if (run_sync_is_apart(r, x))
		stages_of_pipeline(s, x->f, x->first + x->at, 1, &o);
	else
		stages_of_pipeline(s, x->f, x->first, x->n, &o);
}
