#include "sync/sync_file.h"

#include <stdlib.h>
#include <string.h>

#include "core/mem.h"
#include "core/num.h"
#include "sync/sync_place.h"
#include "sync/sync_source.h"
#include "sync/variables.h"
#include "wire/settings/yaml.h"

/* Keys that are not options. */
static const char *const top_keys[] = {
	"version",      "name",       "description",
	"source",       "model",      "sql",
	"table",        "dbt",        "project",
	"mapping",      "state",      "destination",
	"destinations", "tags",       "after",
	"on_success",   "on_failure", "on_expectation",
	"hook_timeout", "max_age",    "partitions",
	"$schema",      NULL};
static const char *const dest_keys[] = {"dest", "state", "mapping", "write_key",
					NULL};
static const char *const hook_keys[SYNC_HOOKS] = {"on_success", "on_failure",
						  "on_expectation"};

/* ---- mapping ----------------------------------------------------------- */

/* Takes the mapping: an object or a list of objects is the mapping itself, a
 * text is its file.
 */
static int take_mapping(enum sync_mapping *kind, char **file,
			const struct doc *d, struct err *e)
{
	const struct doc *m = doc_get(d, "mapping");

	if (!m)
		return 0;
	if (m->kind == SCAN_OBJECT || (m->kind == SCAN_ARRAY && m->first)) {
		*kind = SYNC_MAPPING_HERE;
		return 0;
	}
	if (m->kind != SCAN_STRING)
		return sync_text_wrong(
			m,
			"a mapping as in rudder-mapping(5), or the "
			"name of its file",
			e);
	*kind = SYNC_MAPPING_FILE;
	return sync_text_take(file, d, "mapping", e);
}

/* ---- destinations ----------------------------------------------------- */

void sync_file_path(const struct sync_file *f, const char *path, struct buf *b)
{
	if (*path != '/' && strcmp(f->folder, ".") != 0)
		buf_fmt(b, "%s/", f->folder);
	buf_str(b, path);
}

size_t sync_file_width(const struct sync_file *f)
{
	return f->parts > 0 ? f->n_destinations / f->parts : f->n_destinations;
}

bool sync_file_good_name(const char *p)
{
	size_t n = strspn(p, "abcdefghijklmnopqrstuvwxyz"
			     "ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789._-");

	return n > 0 && n <= 100 && p[n] == '\0' && *p != '.' && *p != '-';
}

static int take_write_key(struct sync_destination *t, const struct doc *d,
			  struct err *e)
{
	const struct doc *m = doc_get(d, "write_key");
	const char *name;
	bool bad = true;

	if (!m)
		return 0;
	name = m->kind == SCAN_STRING ? variables_env(m->text, &bad) : NULL;
	if (!name || bad)
		return err_names(
			e, ERR_CONFIG,
			"line %u: 'write_key' must be env: and the name "
			"of a variable, as in env:WRITE_KEY: a secret "
			"is not written into the file",
			m->line);
	t->write_key_env = mem_copy(name, strlen(name));
	return 0;
}

static int take_destination(struct sync_destination *t, const struct doc *d,
			    struct err *e)
{
	bool bad;

	t->line = d->line;
	if (d->kind == SCAN_STRING)
		return sync_text_take(&t->dest, d->parent, d->name, e);
	if (d->kind != SCAN_OBJECT)
		return sync_text_wrong(d, "a URL, or an object with 'dest'", e);
	if (sync_settings_take(&t->set, d, SYNC_KEY_DEST, dest_keys, e) < 0 ||
	    sync_text_take(&t->dest, d, "dest", e) < 0 ||
	    sync_text_take(&t->state, d, "state", e) < 0 ||
	    take_mapping(&t->mapping, &t->mapping_file, d, e) < 0 ||
	    take_write_key(t, d, e) < 0)
		return -1;
	if (!t->dest)
		return err_names(e, ERR_CONFIG,
				 "line %u: '%s' needs 'dest', as in 'dest: "
				 "rudder:https://data.example.com'",
				 d->line, d->name);
	if (variables_env(t->dest, &bad))
		return err_names(
			e, ERR_CONFIG,
			"line %u: 'dest' is shown to all users of this "
			"machine: write ${NAME} for a variable, and "
			"keep secrets in 'write_key' or 'header_file'",
			doc_get(d, "dest")->line);
	return 0;
}

static int add_destination(struct sync_file *f, unsigned part, const char *name,
			   const struct doc *d, struct err *e)
{
	struct sync_destination *t;

	f->destination = mem_resize(f->destination,
				    (f->n_destinations + 1) * sizeof(*t));
	t = &f->destination[f->n_destinations++];
	*t = (struct sync_destination){.name = mem_copy(name, strlen(name)),
				       .part = part};
	if (take_destination(t, d, e) < 0)
		return -1;
	if (t->mapping == SYNC_MAPPING_NONE && f->mapping == SYNC_MAPPING_NONE)
		return err_names(
			e, ERR_CONFIG,
			"'mapping' is missing: how rows become events, "
			"as in 'mapping: {type: identify, user_id: "
			"id}'");
	return 0;
}

static int take_destinations(struct sync_file *f, unsigned part,
			     const struct doc *d, struct err *e)
{
	const struct doc *one = doc_get(d, "destination");
	const struct doc *all = doc_get(d, "destinations");

	if (one && all)
		return err_names(
			e, ERR_CONFIG,
			"line %u: give 'destination' or 'destinations'",
			all->line);
	if (one)
		return add_destination(f, part, "", one, e);
	if (!all)
		return err_names(
			e, ERR_CONFIG,
			"'destinations' is missing: where events go, as "
			"in 'destinations: {crm: {dest: "
			"\"rudder:https://data.example.com\"}}'");
	if (all->kind != SCAN_OBJECT || !all->first)
		return sync_text_wrong(
			all,
			"an object of names and destinations, as in "
			"'destinations: {crm: {dest: file:events}}'",
			e);
	for (const struct doc *i = all->first; i; i = i->next) {
		if (!sync_file_good_name(i->name))
			return err_names(
				e, ERR_CONFIG,
				"line %u: the name of a destination has "
				"letters, digits, '.', '_' and '-'",
				i->line);
		if (add_destination(f, part, i->name, i, e) < 0)
			return -1;
	}
	return 0;
}

/* Takes the number of parts, which must be known before the destinations. */
static int take_parts(struct sync_file *f, const struct doc *d, struct err *e)
{
	const struct doc *m = doc_get(d, "partitions");
	uint64_t n;

	if (!m)
		return 0;
	if (m->kind != SCAN_NUMBER || num_uint(m->raw, &n) < 0 || n < 1 ||
	    n > SYNC_FILE_PARTS)
		return sync_text_wrong(m, "a number of parts from 1 to 1024",
				       e);
	f->parts = (unsigned)n;
	return 0;
}

static int take_all_parts(struct sync_file *f, const struct doc *d,
			  struct err *e)
{
	unsigned part = 0;
	int rc;

	do
		rc = take_destinations(f, part, d, e);
	while (rc == 0 && ++part < f->parts);
	return rc;
}

/* Appends the part to a name or state: "crm/2". */
static void add_part(char **text, unsigned part)
{
	struct buf b = {0};

	buf_fmt(&b, "%s%s%u", *text, **text ? "/" : "", part);
	free(*text);
	*text = buf_cstr(&b);
}

static int refuse_both(const struct sync_setting *x, const char *word,
		       const char *key, const char *why, struct err *e)
{
	return err_names(
		e, ERR_CONFIG,
		"line %u: '%s' needs all rows, and '%s' %s: leave one of "
		"the two out",
		x->line, word, key, why);
}

/* Refuses 'partition_by' without 'partitions', where it would have no effect.
 */
static int check_partition_by(const struct sync_file *f, struct err *e)
{
	const struct sync_setting *by =
		sync_settings_get(&f->set, SYNC_QUERY, "partition-by");

	return by && f->parts == 0
		       ? err_names(e, ERR_CONFIG,
				   "line %u: 'partition_by' needs 'partitions'",
				   by->line)
		       : 0;
}

/* Refuses settings that need all rows; rudder-diff would do so only after the
 * query.
 */
static int check_all_rows(const struct sync_file *f, struct err *e)
{
	bool delta = sync_settings_get(&f->set, SYNC_QUERY, "delta") != NULL;

	for (size_t i = 0; i < f->n_destinations; i++) {
		const struct sync_destination *d = &f->destination[i];
		const struct sync_setting *identity =
			sync_file_setting(f, d, SYNC_DIFF, "identity");
		const struct sync_setting *mode =
			sync_file_setting(f, d, SYNC_DIFF, "mode");

		if (identity && f->parts > 0)
			return refuse_both(identity, "identity", "partitions",
					   "gives each state a part of them",
					   e);
		if (identity && delta)
			return refuse_both(identity, "identity", "delta",
					   "reads only those that changed", e);
		if (mode && delta && strcmp(mode->value.v[0], "full") == 0)
			return refuse_both(mode, "mode: full", "delta",
					   "reads only those that changed", e);
	}
	return 0;
}

/* Sets the state of each destination. `state` of the file is the folder of a
 * single destination's state, or the folder above the states of several.
 */
static int name_states(struct sync_file *f, const struct doc *d, struct err *e)
{
	struct buf b = {0};
	char *state = NULL;
	int rc = sync_text_take(&state, d, "state", e);

	for (size_t i = 0; rc == 0 && i < f->n_destinations; i++) {
		struct sync_destination *t = &f->destination[i];

		if (t->state)
			continue;
		b.n = 0;
		if (state)
			buf_str(&b, state);
		else
			buf_fmt(&b, "state/%s", f->name);
		if (*t->name)
			buf_fmt(&b, "/%s", t->name);
		t->state = mem_copy(b.p, b.n);
	}
	for (size_t i = 1; rc == 0 && i < sync_file_width(f); i++) {
		for (size_t j = 0; rc == 0 && j < i; j++) {
			if (strcmp(f->destination[i].state,
				   f->destination[j].state) == 0)
				rc = err_names(e, ERR_CONFIG,
					       "line %u: two destinations have "
					       "the state '%s'; each needs its "
					       "own",
					       f->destination[i].line,
					       f->destination[i].state);
		}
	}
	for (size_t i = 0; f->parts > 0 && rc == 0 && i < f->n_destinations;
	     i++) {
		add_part(&f->destination[i].name, f->destination[i].part);
		add_part(&f->destination[i].state, f->destination[i].part);
	}
	buf_clear(&b);
	free(state);
	return rc;
}

/* ---- the file --------------------------------------------------------- */

static int take_name(struct sync_file *f, const struct doc *d, struct err *e)
{
	const char *base = strrchr(f->inside, '/'), *dot;

	if (sync_text_take(&f->name, d, "name", e) < 0)
		return -1;
	base = base ? base + 1 : f->inside;
	dot = strrchr(base, '.');
	if (!f->name)
		f->name = mem_copy(base,
				   dot ? (size_t)(dot - base) : strlen(base));
	if (sync_file_good_name(f->name))
		return 0;
	return err_names(e, ERR_CONFIG,
			 "the name '%s' may have letters, digits, '.', '_' and "
			 "'-': choose one with 'name'",
			 f->name);
}

static int check_version(const struct doc *d, struct err *e)
{
	const struct doc *v = doc_get(d, "version");

	if (doc_get(d, "kind") && doc_get(d, "spec"))
		return err_names(e, ERR_CONFIG,
				 "this is a resource of a rudder-cli project: "
				 "run the project by 'rudder run FOLDER/'");
	if (!v)
		return err_names(e, ERR_CONFIG,
				 "'version' is missing: begin the file with "
				 "'version: 1'");
	if (v->kind != SCAN_NUMBER || !slice_is(v->raw, "1"))
		return sync_text_wrong(v, "1", e);
	return 0;
}

static int take_rest(struct sync_file *f, const struct doc *d, struct err *e)
{
	f->hook_timeout_ms = SYNC_FILE_HOOK_MS;
	for (size_t i = 0; i < SYNC_HOOKS; i++) {
		if (sync_text_take_list(&f->hook[i], doc_get(d, hook_keys[i]),
					true, e) < 0)
			return -1;
	}
	if (sync_text_take(&f->description, d, "description", e) < 0 ||
	    sync_text_take_list(&f->tags, doc_get(d, "tags"), false, e) < 0 ||
	    sync_text_take_list(&f->after, doc_get(d, "after"), false, e) < 0 ||
	    sync_text_take_ms(&f->hook_timeout_ms, d, "hook_timeout", e) < 0 ||
	    sync_text_take_ms(&f->max_age_ms, d, "max_age", e) < 0)
		return -1;
	return 0;
}

static int take_file(struct sync_file *f, const struct doc *d, struct err *e)
{
	if (d->kind != SCAN_OBJECT)
		return err_names(e, ERR_CONFIG,
				 "a sync file is one object: "
				 "'version: 1', 'source: ...'");
	if (check_version(d, e) < 0 ||
	    sync_settings_take(&f->set, d, SYNC_KEY_TOP, top_keys, e) < 0 ||
	    take_name(f, d, e) < 0 || sync_source_take(f, d, e) < 0 ||
	    take_mapping(&f->mapping, &f->mapping_file, d, e) < 0 ||
	    take_parts(f, d, e) < 0 || take_all_parts(f, d, e) < 0 ||
	    name_states(f, d, e) < 0 || check_partition_by(f, e) < 0 ||
	    check_all_rows(f, e) < 0)
		return -1;
	return take_rest(f, d, e);
}

/* The next value after d in the file, or NULL. */
static struct doc *next_value(struct doc *d)
{
	if (d->first)
		return d->first;
	while (d && !d->next)
		d = d->parent;
	return d ? d->next : NULL;
}

/* Replaces the variables that are set, and keeps the others, so that reading
 * the texts does not fail.
 */
static void keep_variables(struct doc *d)
{
	for (; d; d = next_value(d)) {
		struct buf b = {0};

		if (d->kind != SCAN_STRING || d->text_n != strlen(d->text) ||
		    !strstr(d->text, "${"))
			continue;
		variables_keep(&b, d->text);
		free(d->text);
		d->text = buf_cstr(&b);
		d->text_n = b.n;
	}
}

static int read_file(struct sync_file *f, const char *path, bool look,
		     struct err *e)
{
	struct doc *d = NULL;
	const struct doc *top;
	int rc;

	*f = (struct sync_file){0};
	sync_place_take(f, path);
	rc = doc_read(&d, path, e);
	if (rc < 0 && e->kind == ERR_INPUT)
		return -1;
	if (rc == 0 && look)
		keep_variables(d);
	if (rc == 0) {
		top = yaml_named(path) ? d->first : d;
		if (!top)
			rc = err_names(e, ERR_CONFIG, "the file is empty");
		else if (top != d && top->next)
			rc = err_names(e, ERR_CONFIG,
				       "a sync file has one document");
		else
			rc = take_file(f, top, e);
	}
	doc_free(d);
	return rc < 0 ? err_in(e, "'%s'", path) : 0;
}

int sync_file_read(struct sync_file *f, const char *path, struct err *e)
{
	return read_file(f, path, false, e);
}

int sync_file_look(struct sync_file *f, const char *path, struct err *e)
{
	return read_file(f, path, true, e);
}

void sync_file_clear(struct sync_file *f)
{
	char *const own[] = {f->path,         f->folder,      f->inside,
			     f->name,         f->description, f->source,
			     f->source_env,   f->model,       f->model_of,
			     f->mapping_file, f->connection,  f->schedule,
			     f->wrong};

	for (size_t i = 0; i < COUNT_OF(own); i++)
		free(own[i]);
	for (size_t i = 0; i < f->n_destinations; i++) {
		struct sync_destination *t = &f->destination[i];

		free(t->name);
		free(t->dest);
		free(t->state);
		free(t->write_key_env);
		free(t->mapping_file);
		sync_settings_clear(&t->set);
	}
	free(f->destination);
	sync_settings_clear(&f->set);
	sync_text_clear(&f->tags);
	sync_text_clear(&f->after);
	for (size_t i = 0; i < SYNC_HOOKS; i++)
		sync_text_clear(&f->hook[i]);
	*f = (struct sync_file){0};
}

const struct sync_setting *sync_file_setting(const struct sync_file *f,
					     const struct sync_destination *d,
					     enum sync_stage stage,
					     const char *option)
{
	const struct sync_setting *own =
		d ? sync_settings_get(&d->set, stage, option) : NULL;

	return own ? own : sync_settings_get(&f->set, stage, option);
}
