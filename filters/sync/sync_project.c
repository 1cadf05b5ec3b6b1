#include "sync/sync_project.h"

#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "core/buf.h"
#include "core/mem.h"
#include "core/num.h"
#include "wire/settings/project.h"

bool sync_project_is(const char *path)
{
	struct stat st;

	return stat(path, &st) == 0 && S_ISDIR(st.st_mode);
}

static bool is_sync_folder(const char *path)
{
	const char *slash = strrchr(path, '/');

	return strcmp(slash ? slash + 1 : path, SYNC_FILE_FOLDER) == 0;
}

static char *copy(const char *text)
{
	return mem_copy(text, strlen(text));
}

/* Appends a schedule in minutes as of cron(8), if cron can express it. */
static void add_minutes(struct buf *b, uint64_t n)
{
	if (n > 0 && n < 60 && 60 % n == 0)
		buf_fmt(b, "*/%ju * * * *", (uintmax_t)n);
	else if (n % 60 == 0 && n / 60 > 0 && n / 60 < 24 && 24 % (n / 60) == 0)
		buf_fmt(b, "0 */%ju * * *", (uintmax_t)(n / 60));
	else if (n == (uint64_t)24 * 60)
		buf_str(b, "0 0 * * *");
}

/* The schedule as a crontab entry; NULL if there is no schedule, or cron cannot
 * express it.
 */
static char *schedule_of(const struct doc *config)
{
	const struct doc *s = doc_get(config, "schedule");
	const struct doc *cron = doc_get(s, "cron_expression");
	const struct doc *every = doc_get(s, "every_minutes");
	struct buf b = {0};
	uint64_t n;

	if (cron && cron->text && !strpbrk(cron->text, "\r\n"))
		buf_str(&b, cron->text);
	else if (every && num_uint(every->raw, &n) == 0)
		add_minutes(&b, n);
	if (b.n > 0)
		return buf_cstr(&b);
	buf_clear(&b);
	return NULL;
}

static void put(struct sync_file *f, const char *name, const struct doc *text)
{
	if (text && text->kind == SCAN_STRING)
		sync_settings_put(&f->set,
				  sync_key_find(NULL, name, SYNC_KEY_TOP),
				  text->text);
}

/* Takes the model that a connection names, and its key. */
static int take_source(struct sync_file *f, const struct project *p,
		       const struct doc *entry, struct err *e)
{
	static const char *const kinds[] = {PROJECT_MODEL, PROJECT_TABLE};
	const struct doc *source = doc_get(entry, "source");

	for (size_t i = 0; source && source->text && i < COUNT_OF(kinds); i++) {
		const char *id = project_ref(source->text, kinds[i]);
		const struct project_item *item =
			id ? project_find(p, kinds[i], id) : NULL;

		if (!item)
			continue;
		f->model = copy(id);
		put(f, "key", doc_get(item->spec, "primary_key"));
		return 0;
	}
	return err_names(e, ERR_CONFIG,
			 "connection '%s': the project has no such source",
			 f->name);
}

/* Appends the sync of a connection to all. */
static int add(struct sync_files *all, const struct project *p,
	       const char *path, const char *id, const struct doc *entry,
	       bool look, struct err *e)
{
	const struct doc *config = doc_get(entry, "config");
	const char *dest = getenv("RUDDER_DEST");
	struct buf state = {0};
	struct sync_file *f;

	all->v = mem_resize(all->v, (all->n + 1) * sizeof(*all->v));
	f = &all->v[all->n++];
	*f = (struct sync_file){
		.path = copy(path),
		.folder = copy(path),
		.inside = copy("."),
		.name = copy(id),
		.source_env = copy("RUDDER_SOURCE"),
		.model_kind = SYNC_MODEL_PROJECT,
		.model_of = copy("."),
		.mapping = SYNC_MAPPING_FILE,
		.mapping_file = copy("."),
		.connection = copy(id),
		.schedule = schedule_of(config),
		.hook_timeout_ms = SYNC_FILE_HOOK_MS,
		.n_destinations = 1,
	};
	f->destination = mem_zero(sizeof(*f->destination));
	f->destination->name = copy("");
	buf_fmt(&state, "state/%s", id);
	f->destination->state = buf_cstr(&state);
	if (!look && (!dest || !*dest))
		return err_names(
			e, ERR_CONFIG,
			"'%s' is a rudder-cli project, which does not "
			"say where the data plane is: set RUDDER_DEST, "
			"as in RUDDER_DEST=rudder:https://data."
			"example.com",
			path);
	f->destination->dest = copy(dest ? dest : "");
	put(f, "mode", doc_get(config, "sync_behaviour"));
	put(f, "cursor", doc_get(config, "cursor_column"));
	return take_source(f, p, entry, e);
}

/* Adds a connection unless it is disabled; rudder-map checks the rest. */
static int add_enabled(struct sync_files *all, const struct project *p,
		       const char *path, const struct doc *d, bool look,
		       struct err *e)
{
	const char *id;
	bool on;

	if (project_enabled(d, &on, e) < 0)
		return -1;
	if (!on)
		return 0;
	if (project_text(d, "id", true, &id, e) < 0)
		return -1;
	if (!sync_file_good_name(id))
		return err_names(e, ERR_CONFIG,
				 "the id of a connection must have letters, "
				 "digits, '.', '_' and '-' to be the name of a "
				 "sync");
	return add(all, p, path, id, d, look, e);
}

static int add_all(struct sync_files *all, const struct project *p,
		   const char *path, bool look, struct err *e)
{
	size_t before = all->n;

	for (size_t i = 0; i < p->n; i++) {
		const struct doc *list =
			doc_get(p->item[i].spec, "connections");

		if (strcmp(p->item[i].kind, PROJECT_CONNECTIONS) != 0 || !list)
			continue;
		for (const struct doc *d = list->first; d; d = d->next) {
			if (add_enabled(all, p, path, d, look, e) < 0)
				return project_err_in(&p->item[i], d, e);
		}
	}
	if (all->n > before)
		return 0;
	if (is_sync_folder(path))
		return err_names(e, ERR_CONFIG,
				 "'%s' is a folder of sync files: name one of "
				 "them, or run the command without a name in "
				 "the folder above",
				 path);
	return err_names(
		e, ERR_CONFIG,
		"'%s' is not a sync file, and not a rudder-cli project "
		"with a connection",
		path);
}

int sync_project_read(struct sync_files *all, const char *path, bool look,
		      struct err *e)
{
	char *folder = copy(path);
	size_t n = strlen(folder);
	struct project p;
	int rc;

	while (n > 1 && folder[n - 1] == '/')
		folder[--n] = '\0';
	rc = project_load(&p, folder, e);
	if (rc == 0)
		rc = add_all(all, &p, folder, look, e);
	project_clear(&p);
	free(folder);
	return rc;
}
