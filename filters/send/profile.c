#include "send/profile.h"

#include <assert.h>
#include <limits.h>
#include <string.h>
#include <unistd.h>

#include "core/buf.h"
#include "core/linux.h"
#include "core/mem.h"
#include "core/num.h"
#include "wire/settings/doc.h"

enum { NAME = 32, COMMON = 4, NAMES = 40 };

/* A name that a profile may contain, and where its value is stored. */
struct setting {
	char name[NAME]; /* name of the option, with _ for - */
	enum dest_kind kind;
	void *to;
	bool *given; /* set to true if the profile has it; may be NULL */
};

struct settings {
	struct setting of[NAMES];
	size_t n;
};

static void add(struct settings *s, const char *option, enum dest_kind kind,
		void *to, bool *given)
{
	struct setting *x = &s->of[s->n++];

	assert(s->n < NAMES && strlen(option) < NAME);
	*x = (struct setting){.kind = kind, .to = to, .given = given};
	for (size_t i = 0; option[i]; i++)
		x->name[i] = option[i] == '-' ? '_' : option[i];
}

static void add_group(struct settings *s, struct dest_given_group *of)
{
	for (size_t i = 0; i < of->group->n; i++) {
		const struct dest_option *o = &of->group->option[i];

		if (o->in_profile)
			add(s, o->name, o->kind, (char *)of->settings + o->at,
			    &of->given[i]);
	}
}

/* Adds all settings that a profile may contain: those of the destinations'
 * options that allow it, and these common ones.
 */
static void add_all(struct settings *s, struct send_options *o)
{
	for (size_t i = 0; i < o->given.n; i++)
		add_group(s, &o->given.of[i]);
	add(s, "batch", DEST_COUNT, &o->batch, NULL);
	add(s, "batch-bytes", DEST_COUNT, &o->batch_bytes, NULL);
	add(s, "connections", DEST_COUNT, &o->connections, NULL);
	add(s, "rate", DEST_COUNT, &o->rate, NULL);
}

/* Finds the file of a profile: name itself if it has a slash, else a file in a
 * folder next to that of the commands.
 */
static int find_file(struct buf *path, const char *name, struct err *e)
{
	static const char *const folders[] = {"../share/rudder/profiles",
					      "../examples/profiles"};

	if (strchr(name, '/')) {
		buf_str(path, name);
		return 0;
	}
	for (size_t i = 0; i < COUNT_OF(folders); i++) {
		path->n = 0;
		linux_program_folder(path);
		if (path->n == 0)
			break;
		buf_fmt(path, "%s/%s.yaml", folders[i], name);
		if (access(buf_cstr(path), F_OK) == 0)
			return 0;
	}
	return err_names(e, ERR_USAGE,
			 "option '--profile': no profile '%s'; a file is named "
			 "with its folder: ./%s.yaml",
			 name, name);
}

static int wrong(const struct doc *d, const char *what, struct err *e)
{
	return err_names(e, ERR_CONFIG, "line %u: '%s' is not %s", d->line,
			 d->name ? d->name : "it", what);
}

/* Adds the texts of d to the list, which borrows them from the document.
 * Numbers are refused: in the document they are not NUL-terminated.
 */
static int take_list(struct opt_list *list, const struct doc *d, struct err *e)
{
	const struct doc *one = d->kind == SCAN_ARRAY ? d->first : d;

	for (; one; one = one == d ? NULL : one->next) {
		if (!one->text)
			return wrong(d, "a text, or a list of texts", e);
		list->v = mem_resize(list->v, (list->n + 1) * sizeof(*list->v));
		list->v[list->n++] = one->text;
	}
	return 0;
}

/* Stores a value of the profile, unless the command line set the option. */
static int take(const struct setting *s, const struct doc *d, struct err *e)
{
	uint64_t *n = s->to;
	const char **text = s->to;
	struct opt_list *list = s->to;

	if (s->given)
		*s->given = true;
	switch (s->kind) {
	case DEST_LIST:
		return list->n > 0 ? 0 : take_list(list, d, e);
	case DEST_TEXT:
		if (!d->text)
			return wrong(d, "a text", e);
		if (!*text)
			*text = d->text;
		return 0;
	default:
		assert(s->kind == DEST_COUNT);
		if (*n == 0 &&
		    num_uint(d->text ? slice_of(d->text, d->text_n) : d->raw,
			     n) < 0)
			return wrong(d, "a number", e);
		return 0;
	}
}

static int take_all(struct send_options *o, const struct doc *d, struct err *e)
{
	const char *names[NAMES] = {NULL};
	struct settings s = {0};

	add_all(&s, o);
	for (size_t i = 0; i < s.n; i++)
		names[i] = s.of[i].name;
	if (doc_only(d, names, e) < 0)
		return -1;
	for (size_t i = 0; i < s.n; i++) {
		const struct doc *v = doc_get(d, names[i]);

		if (v && take(&s.of[i], v, e) < 0)
			return -1;
	}
	return 0;
}

int profile_load(struct send_options *o, const char *name, struct doc **text,
		 struct err *e)
{
	struct buf path = {0};
	const struct doc *d;
	int rc = find_file(&path, name, e);

	if (rc == 0)
		rc = doc_read(text, buf_cstr(&path), e);
	if (rc == 0) {
		d = (*text)->kind == SCAN_ARRAY ? (*text)->first : *text;
		if (!d || d->kind != SCAN_OBJECT || d->next)
			rc = err_set(e, ERR_CONFIG, "it is not one object");
		else
			rc = take_all(o, d, e);
		if (rc < 0)
			rc = err_in(e, "profile '%s'", buf_cstr(&path));
	}
	buf_clear(&path);
	return rc;
}
