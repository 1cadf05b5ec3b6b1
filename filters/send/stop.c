#include "send/stop.h"

void stop_begin(struct run *r, const struct err *why)
{
	struct run_stop *stop = &r->stop;

	if (stop->begun)
		return;
	stop->begun = true;
	stop->why = *why;
	stop->deadline_ms = r->known.now_ms + r->asked.o->grace_ms;
	r->arrived.eof = true;
}
