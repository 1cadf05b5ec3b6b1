#include "sync/sync_guess.h"

#include <dirent.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "core/mem.h"
#include "core/num.h"
#include "sync/sync_place.h"
#include "sync/variables.h"
#include "wire/settings/yaml.h"

/* A text of d with its variables replaced, or NULL. */
static char *text_of(const struct doc *d, const char *name)
{
	const struct doc *m = doc_get(d, name);
	struct buf b = {0};

	if (!m || m->kind != SCAN_STRING || m->text_n != strlen(m->text))
		return NULL;
	variables_keep(&b, m->text);
	if (b.n > 0)
		return buf_cstr(&b);
	buf_clear(&b);
	return NULL;
}

/* Takes the name from the file, or the name of the file. */
static void take_name(struct sync_file *f, const struct doc *d)
{
	const char *slash = strrchr(f->inside, '/');
	const char *base = slash ? slash + 1 : f->inside;
	const char *dot = strrchr(base, '.');

	f->name = text_of(d, "name");
	if (f->name && sync_file_good_name(f->name))
		return;
	free(f->name);
	f->name = mem_copy(base, dot ? (size_t)(dot - base) : strlen(base));
}

static void add(struct sync_file *f, const char *name, const char *state,
		unsigned part)
{
	struct sync_destination *t;
	struct buf names = {0}, states = {0};

	buf_str(&names, name);
	buf_str(&states, state);
	if (f->parts > 0) {
		buf_fmt(&names, "%s%u", *name ? "/" : "", part);
		buf_fmt(&states, "/%u", part);
	}
	f->destination = mem_resize(f->destination,
				    (f->n_destinations + 1) * sizeof(*t));
	t = &f->destination[f->n_destinations++];
	*t = (struct sync_destination){
		.name = buf_cstr(&names),
		.state = buf_cstr(&states),
		.dest = mem_copy("", 0),
		.part = part,
	};
}

/* Adds a destination, with its own state or one below that of the file. */
static void add_destination(struct sync_file *f, const struct doc *d,
			    const char *name, const char *state, unsigned part)
{
	char *own = text_of(d, "state");
	struct buf b = {0};

	buf_fmt(&b, "%s%s%s", state, *name ? "/" : "", name);
	add(f, name, own ? own : buf_cstr(&b), part);
	free(own);
	buf_clear(&b);
}

static void take_destinations(struct sync_file *f, const struct doc *d,
			      const char *state)
{
	const struct doc *all = doc_get(d, "destinations"), *n;
	uint64_t parts = 0;
	unsigned part = 0;

	n = doc_get(d, "partitions");
	if (n && num_uint(n->raw, &parts) == 0 && parts <= SYNC_FILE_PARTS)
		f->parts = (unsigned)parts;
	do {
		const struct doc *i =
			all && all->kind == SCAN_OBJECT ? all->first : NULL;

		if (!i)
			add_destination(f, doc_get(d, "destination"), "", state,
					part);
		for (; i; i = i->next) {
			if (sync_file_good_name(i->name))
				add_destination(f, i, i->name, state, part);
		}
	} while (++part < f->parts);
}

static bool has_runs(const struct sync_file *f, const char *state)
{
	struct buf path = {0};
	bool has;

	buf_fmt(&path, "%s/%s/runs", f->folder, state);
	has = access(buf_cstr(&path), F_OK) == 0;
	buf_clear(&path);
	return has;
}

/* Adds a destination for each state inside the default folder of the sync. */
static void find_destinations(struct sync_file *f, const char *state)
{
	struct dirent **name = NULL;
	struct buf path = {0}, one = {0};
	int n;

	buf_fmt(&path, "%s/%s", f->folder, state);
	n = has_runs(f, state)
		    ? 0
		    : scandir(buf_cstr(&path), &name, NULL, alphasort);
	for (int i = 0; i < n; i++) {
		one.n = 0;
		buf_fmt(&one, "%s/%s", state, name[i]->d_name);
		if (name[i]->d_name[0] != '.' && has_runs(f, buf_cstr(&one)))
			add(f, name[i]->d_name, one.p, 0);
		free(name[i]);
	}
	free(name);
	buf_clear(&path);
	buf_clear(&one);
}

static void take_hooks(struct sync_file *f, const struct doc *d)
{
	struct err ignored;

	f->hook_timeout_ms = SYNC_FILE_HOOK_MS;
	(void)!sync_text_take_list(&f->tags, doc_get(d, "tags"), false,
				   &ignored);
	(void)!sync_text_take_list(&f->hook[SYNC_FAILURE],
				   doc_get(d, "on_failure"), true, &ignored);
}

void sync_guess(struct sync_file *f, const char *path)
{
	struct doc *d = NULL;
	const struct doc *top;
	struct err ignored;
	struct buf usual = {0};
	char *state;

	*f = (struct sync_file){0};
	sync_place_take(f, path);
	if (doc_read(&d, path, &ignored) < 0)
		d = NULL;
	top = d && yaml_named(path) ? d->first : d;
	take_name(f, top);
	take_hooks(f, top);
	buf_fmt(&usual, "state/%s", f->name);
	state = text_of(top, "state");
	if (!d)
		find_destinations(f, buf_cstr(&usual));
	if (f->n_destinations == 0)
		take_destinations(f, top, state ? state : buf_cstr(&usual));
	if (f->n_destinations == 0)
		add(f, "", buf_cstr(&usual), 0);
	free(state);
	buf_clear(&usual);
	doc_free(d);
}
