#include "map/jq/workers_child.h"

#include <unistd.h>

#include "core/sandbox.h"

/* Runs one row and writes its complete result at *at. -1 if there is no room.
 */
static int work(const struct workers_options *o, const struct workers_memory *m,
		const struct workers_frame *f, struct buf *out, size_t *at)
{
	const struct workers_given given = {
		.row = workers_frame_field(f, f->n[WORKERS_ROW] ? WORKERS_ROW
								: WORKERS_LINE),
		.removal = workers_frame_field(f, WORKERS_REMOVAL),
		.pass = f->pass,
	};
	struct workers_answer result = {.ok = 1};
	char *to = m->out[m->s->slot] + *at;
	bool left = false;

	out->n = 0;
	if (!f->skip)
		result.ok = o->run(o->work, &given, out, &result.events,
				   &left) == 0;
	result.left = left;
	if (out->n > WORKERS_MAX) {
		out->n = 0;
		buf_str(out, "the jq program returned more than 32 MiB");
		result.ok = 0;
	}
	if (!result.ok)
		result.events = 0;
	if (WORKERS_OUT - *at < sizeof(result) + out->n)
		return -1;
	result.n = (uint32_t)out->n;
	memcpy(to, &result, sizeof(result));
	memcpy(to + sizeof(result), out->p, out->n);
	*at += sizeof(result) + out->n;
	m->s->done++;
	return 0;
}

NO_RETURN void workers_child(const struct workers_options *o,
			     const struct workers_memory *m, int fd)
{
	struct buf out = {0};
	char go;

	sandbox_enter(&(struct sandbox){.fd = fd, .memory = o->memory});
	if (o->start && !o->start(o->work))
		_exit(1);
	buf_room(&out, 1);
	while (read(fd, &go, 1) == 1) {
		size_t at = m->s->start, out_at = 0;

		m->s->ready = 1;
		while (at < m->s->in_n) {
			const struct workers_frame *f =
				(const void *)(m->in + at);

			if (work(o, m, f, &out, &out_at) < 0)
				break;
			at += f->size;
		}
		if (write(fd, &go, 1) != 1)
			break;
	}
	_exit(0);
}
