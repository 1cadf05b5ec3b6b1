#include "send/confine.h"

#include "core/landlock.h"
#include "send/watchdog.h"

void confine_run(struct run *r)
{
	const struct run_asked *asked = &r->asked;
	struct run_stop *stop = &r->stop;
	const struct send_options *o = asked->o;
	bool is_http = asked->dest->speaks_http && !o->dry_run;
	struct landlock l;

	stop->confined = true;
	if (!o->confine || asked->dest->unconfined)
		return;
	landlock_init(&l, is_http);
	landlock_write(&l, r->known.attempt.dir);
	landlock_replace(&l, o->failed);
	landlock_replace(&l, o->stats);
	if (asked->dest->reach && !o->dry_run)
		asked->dest->reach(&asked->to, &l);
	if (l.fd >= 0 && stop->watchdog)
		watchdog_confine(stop->watchdog, l.fd);
	landlock_enter(&l);
}
