#include "send/profile.h"

#include <limits.h>
#include <string.h>
#include <unistd.h>

#include "core/buf.h"
#include "core/mem.h"
#include "core/num.h"
#include "wire/settings/doc.h"

enum profile_kind { TEXT, LIST, COUNT };

static const struct {
	const char *name;
	enum profile_kind kind;
	size_t at;
} settings[] = {
	{"method", LIST, offsetof(struct send_options, methods)},
	{"url", LIST, offsetof(struct send_options, urls)},
	{"success_status", LIST, offsetof(struct send_options, successes)},
	{"header", LIST, offsetof(struct send_options, headers)},
	{"body", LIST, offsetof(struct send_options, bodies)},
	{"body_format", TEXT, offsetof(struct send_options, body_format)},
	{"results", TEXT, offsetof(struct send_options, results)},
	{"sign", TEXT, offsetof(struct send_options, sign)},
	{"sign_header", TEXT, offsetof(struct send_options, sign_header)},
	{"batch", COUNT, offsetof(struct send_options, batch)},
	{"batch_bytes", COUNT, offsetof(struct send_options, batch_bytes)},
	{"connections", COUNT, offsetof(struct send_options, connections)},
	{"rate", COUNT, offsetof(struct send_options, rate)},
};

/* The file of a name, below the folder in which bin/ is. */
static int find_file(struct buf *path, const char *name, struct err *e)
{
	static const char *const folders[] = {"/share/rudder/profiles",
					      "/examples/profiles"};
	char exe[PATH_MAX];
	ssize_t n = readlink("/proc/self/exe", exe, sizeof(exe) - 1);
	char *slash;

	if (strchr(name, '/')) {
		buf_str(path, name);
		return 0;
	}
	exe[n > 0 ? n : 0] = '\0';
	for (int i = 0; i < 2 && (slash = strrchr(exe, '/')); i++)
		*slash = '\0'; /* the command, and bin */
	for (size_t i = 0; n > 0 && i < COUNT_OF(folders); i++) {
		path->n = 0;
		buf_fmt(path, "%s%s/%s.yaml", exe, folders[i], name);
		if (access(buf_cstr(path), F_OK) == 0)
			return 0;
	}
	return err_set(e, ERR_USAGE,
		       "option '--profile': no profile '%s'; a file is named "
		       "with its folder: ./%s.yaml",
		       name, name);
}

static int wrong(const struct doc *d, const char *what, struct err *e)
{
	return err_set(e, ERR_CONFIG, "line %u: '%s' is not %s", d->line,
		       d->name ? d->name : "it", what);
}

/* A text lives in the document; so does a number, but without an end. */
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

static int take(struct send_options *o, size_t i, const struct doc *d,
		struct err *e)
{
	void *to = (char *)o + settings[i].at;

	switch (settings[i].kind) {
	case LIST:
		return ((struct opt_list *)to)->n > 0 ? 0 : take_list(to, d, e);
	case TEXT:
		if (!d->text)
			return wrong(d, "a text", e);
		if (!*(const char **)to)
			*(const char **)to = d->text;
		return 0;
	default:
		if (*(uint64_t *)to == 0 &&
		    num_uint(d->text ? slice_of(d->text, d->text_n) : d->raw,
			     to) < 0)
			return wrong(d, "a number", e);
		return 0;
	}
}

static int take_all(struct send_options *o, const struct doc *d, struct err *e)
{
	const char *names[COUNT_OF(settings) + 1] = {NULL};

	for (size_t i = 0; i < COUNT_OF(settings); i++)
		names[i] = settings[i].name;
	if (doc_only(d, names, e) < 0)
		return -1;
	for (size_t i = 0; i < COUNT_OF(settings); i++) {
		const struct doc *v = doc_get(d, settings[i].name);

		if (v && take(o, i, v, e) < 0)
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
