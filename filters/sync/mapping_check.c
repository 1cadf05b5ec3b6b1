#include "sync/mapping_check.h"

#include <string.h>
#include <unistd.h>

#include "core/mem.h"
#include "sync/pipeline.h"

enum { OUTPUT = 1024 * 1024 };

/* The output of a command, without its last line end; "" if it fails. */
static char *output_of(const struct stages *s, const struct sync_file *f,
		       const sigset_t *mask, struct buf *b)
{
	const struct pipeline_options o = {
		.folder = f->folder, .mask = mask, .quiet = true};
	struct err ignored;

	b->n = 0;
	if (pipeline_capture(b, s, &o, OUTPUT, &ignored) != 0)
		b->n = 0;
	while (b->n > 0 && b->p[b->n - 1] == '\n')
		b->n--;
	return buf_cstr(b);
}

/* Whether there is a state to compare with. */
static bool has_state(const struct sync_file *f, const char *state)
{
	struct buf path = {0};
	bool has;

	sync_file_path(f, state, &path);
	buf_str(&path, "/snapshot");
	has = access(buf_cstr(&path), F_OK) == 0;
	buf_clear(&path);
	return has;
}

static enum mapping_state state_of(const struct sync_file *f,
				   size_t destination, const sigset_t *mask)
{
	static const char *const print[] = {"--print-record", NULL};
	struct stages map = {0}, compare = {0};
	struct buf b = {0};
	enum mapping_state is = MAPPING_SAME;

	stages_mapping(&map, f, destination);
	stages_add(&map, print);
	output_of(&map, f, mask, &b);
	if (b.n > 0) {
		const char *const words[] = {"rudder-diff",
					     "--state",
					     f->destination[destination].state,
					     "--compare-mapping",
					     buf_cstr(&b),
					     NULL};

		stages_command(&compare, SYNC_DIFF, words);
		output_of(&compare, f, mask, &b);
	}
	if (strstr(buf_cstr(&b), "\"changed\":true"))
		is = MAPPING_CHANGED;
	else if (strstr(b.p, "\"resend\":true"))
		is = MAPPING_DUE;
	stages_clear(&map);
	stages_clear(&compare);
	buf_clear(&b);
	return is;
}

enum mapping_state *mapping_check(const struct sync_file *f, size_t first,
				  size_t n, const sigset_t *mask)
{
	enum mapping_state *all =
		mem_zero((f->n_destinations + 1) * sizeof(*all));

	for (size_t i = first; i < first + n; i++) {
		const struct sync_destination *d = &f->destination[i];

		if (!has_state(f, d->state))
			all[i] = MAPPING_NEW;
		else if (!sync_file_setting(f, d, SYNC_DIFF,
					    "on-mapping-change"))
			all[i] = state_of(f, i, mask);
	}
	return all;
}
