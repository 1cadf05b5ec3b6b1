#include "sync/mapping_check.h"

#include <string.h>
#include <unistd.h>

#include "core/mem.h"
#include "sync/pipeline.h"
#include "sync/programs.h"

enum { OUTPUT = 1024 * 1024 };

static void add(struct stage *s, const char *word)
{
	sync_text_add(&s->argv, word, strlen(word));
}

/* What a command prints, without its line end; "" where it fails. */
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

	if (*state != '/')
		buf_fmt(&path, "%s/", f->folder);
	buf_fmt(&path, "%s/snapshot", state);
	has = access(buf_cstr(&path), F_OK) == 0;
	buf_clear(&path);
	return has;
}

static bool is_changed(const struct sync_file *f, size_t destination,
		       const sigset_t *mask)
{
	struct stage ask = {.kind = SYNC_DIFF};
	const struct stages compare = {&ask, 1};
	struct stages map = {0};
	struct buf b = {0}, word = {0};
	bool changed;

	stages_mapping(&map, f, destination);
	add(&map.v[0], "--print-record");
	output_of(&map, f, mask, &b);
	if (b.n > 0) {
		programs_word(&word, "rudder-diff");
		add(&ask, buf_cstr(&word));
		add(&ask, "--state");
		add(&ask, f->destination[destination].state);
		add(&ask, "--compare-mapping");
		add(&ask, buf_cstr(&b));
		output_of(&compare, f, mask, &b);
	}
	changed = strstr(buf_cstr(&b), "\"changed\":true") != NULL ||
		  strstr(buf_cstr(&b), "\"due\":true") != NULL;
	sync_text_clear(&ask.argv);
	stages_clear(&map);
	buf_clear(&b);
	buf_clear(&word);
	return changed;
}

bool *mapping_check(const struct sync_file *f, const sigset_t *mask)
{
	bool *changed = mem_zero((f->n_destinations + 1) * sizeof(*changed));

	for (size_t i = 0; i < f->n_destinations; i++) {
		const struct sync_destination *d = &f->destination[i];

		if (!sync_file_setting(f, d, SYNC_DIFF, "on-mapping-change") &&
		    has_state(f, d->state))
			changed[i] = is_changed(f, i, mask);
	}
	return changed;
}
