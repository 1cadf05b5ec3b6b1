#include "diff/state/operations.h"

#include <sys/stat.h>

#include "wire/state/intent.h"
#include "wire/stream/control.h"

enum { SHARE = 256, MOST = 4 * 1024 * 1024 }; /* of --memory; changes */

static const char *const words[] = {
	[PENDING_INSERT] = "\"insert\"",
	[PENDING_UPDATE] = "\"update\"",
	[PENDING_DELETE] = "\"delete\"",
};

static bool take_list(struct operations *o, struct slice list, uint64_t seed)
{
	struct intent_view v;
	int rc;

	while ((rc = intent_parse(&list, &v)) > 0) {
		uint32_t action = v.r.bits & INTENT_ACTION;
		struct hash id = intent_id(v.r.key, v.r.row, v.r.version,
					   action, seed ^ v.salt);

		if (action < COUNT_OF(words))
			key_set_put(&o->ids, pending_found_by(id), action);
	}
	return rc == 0;
}

static bool take_frame(struct operations *o, struct slice frame, uint64_t seed)
{
	uint64_t type;

	if (frame.n < sizeof(type))
		return false;
	memcpy(&type, frame.p, sizeof(type));
	return type != INTENT_FRAME ||
	       take_list(
		       o,
		       slice_of(frame.p + sizeof(type), frame.n - sizeof(type)),
		       seed);
}

/* Reads what was added to the file since the last time. */
static void read_more(struct operations *o, const struct state *s)
{
	uint64_t most = s->memory / SHARE ? s->memory / SHARE : MOST;
	struct intent_head h;
	struct journal_file f;
	struct slice frame;
	struct err ignored;
	int rc = journal_open(&f, s->pending_path, intent_magic, &ignored);

	o->ended = rc < 0;
	if (rc <= 0)
		return;
	if (f.head.n >= sizeof(h)) {
		memcpy(&h, f.head.p, sizeof(h));
		if (o->at > 0)
			f.at = o->at;
		while (!o->ended &&
		       (rc = journal_next(&f, &frame, &ignored)) > 0)
			o->ended = !take_frame(o, frame, intent_seed(&h)) ||
				   o->ids.n > most;
		o->at = f.at;
	}
	o->ended = o->ended || rc < 0;
	journal_forget(&f);
}

bool operations_of(struct operations *o, const struct state *s,
		   struct slice message, struct slice *operation)
{
	char change[32];
	struct hash id;
	struct stat st;
	uint64_t i, n;
	int64_t action;

	*operation = slice_of(NULL, 0);
	if (!control_change_of(message, change, &i, &n))
		return true;
	id = pending_found_by(pending_unhex(change));
	action = key_set_get(&o->ids, id);
	if (action < 0 && !o->ended && stat(s->pending_path, &st) == 0 &&
	    (uint64_t)st.st_size != o->bytes) {
		o->bytes = (uint64_t)st.st_size;
		read_more(o, s);
		action = key_set_get(&o->ids, id);
	}
	if (action >= 0)
		*operation = slice_str(words[action]);
	return action >= 0 || o->ended;
}

void operations_clear(struct operations *o)
{
	key_set_clear(&o->ids);
	*o = (struct operations){.at = 0};
}
