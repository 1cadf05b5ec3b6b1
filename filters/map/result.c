#include "map/result.h"

#include "map/removal.h"

int result_note(struct maker *m, const struct control_note *note,
		struct slice line, bool lost, struct err *e)
{
	if (m->run->multi)
		return multi_note(m->run->multi, m, note, lost, e);
	return output_row_note(m->run, note, line, lost, e);
}

/* A note for the current input line. */
static struct control_note note_of(const struct input *in, const char *type,
				   const char *reason)
{
	struct control_note note = {
		.type = type,
		.stage = "map",
		.line = input_lineno(in),
		.reason = reason,
	};

	if (in->control.type == CONTROL_CHANGE) {
		note.id = in->control.id;
		note.action = in->control.action;
		note.change = in->control.change;
	}
	return note;
}

int result_removed(struct maker *m, const struct control_note *note,
		   struct slice line, uint64_t n, struct err *e)
{
	if (m->run->multi)
		return multi_removed(m->run->multi, m, n, e);
	return output_removed(m->run, note, line, n, e);
}

int result_removed_now(struct maker *m, uint64_t n, struct err *e)
{
	const struct input *in = &m->run->arrived.in;
	const struct control_note note = note_of(in, "reject", NULL);

	return result_removed(m, &note, in->line, n, e);
}

static int reject(struct maker *m, const char *reason, bool lost, struct err *e)
{
	const struct input *in = &m->run->arrived.in;
	struct control_note note = note_of(in, "reject", reason);

	note.record = in->line;
	return result_note(m, &note, in->line, lost, e);
}

int result_reject(struct maker *m, const char *reason, struct err *e)
{
	return reject(m, reason, false, e);
}

int result_shared(struct maker *m, struct err *e)
{
	return reject(m, removal_shared, true, e);
}

int result_skip(struct maker *m, const char *reason, bool lost, struct err *e)
{
	const struct input *in = &m->run->arrived.in;
	const struct control_note note = note_of(in, "skip", reason);

	return result_note(m, &note, in->line, lost, e);
}
