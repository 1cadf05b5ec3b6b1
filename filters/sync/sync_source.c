#include "sync/sync_source.h"

#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "core/mem.h"
#include "sync/variables.h"

static bool has_name(const char *text, const char *name)
{
	for (; *text; text++) {
		if (strncasecmp(text, name, strlen(name)) == 0)
			return true;
	}
	return false;
}

bool sync_source_has_password(const char *url)
{
	const char *from = strstr(url, "://"), *query = strchr(url, '?'), *at,
		   *colon;

	if (strncmp(url, "odbc:", 5) == 0)
		return has_name(url, "pwd=") || has_name(url, "password=");
	if (!from)
		return false;
	from += 3;
	at = strchr(from, '@');
	colon = strchr(from, ':');
	return (at && colon && colon < at &&
		!memchr(from, '/', (size_t)(colon - from))) ||
	       (query && has_name(query, "password="));
}

static int take_source(struct sync_file *f, const struct doc *d, struct err *e)
{
	const struct doc *m = doc_get(d, "source");
	const char *name;
	bool bad;

	if (sync_text_take(&f->source, d, "source", e) < 0)
		return -1;
	if (!m)
		return err_names(
			e, ERR_CONFIG,
			"'source' is missing: where the rows are, as in "
			"'source: env:WAREHOUSE'");
	name = variables_env(f->source, &bad);
	if (name && bad)
		return sync_text_wrong(m,
				       "env: and the name of a variable, as in "
				       "env:WAREHOUSE",
				       e);
	if (!name && sync_source_has_password(f->source))
		return err_names(
			e, ERR_CONFIG,
			"line %u: 'source' has a password in it: keep "
			"it out of the file and write 'source: "
			"env:WAREHOUSE', with the URL in that variable",
			m->line);
	if (name) {
		f->source_env = mem_copy(name, strlen(name));
		free(f->source);
		f->source = NULL;
	}
	return 0;
}

/* Takes dbt: {manifest: F, model: M}, project: {path: F, model: M} or project:
 * F.
 */
static int take_model_of(struct sync_file *f, const struct doc *m,
			 const char *where, struct err *e)
{
	const char *names[] = {where, "model", NULL};
	bool project = f->model_kind == SYNC_MODEL_PROJECT;

	if (project && m->kind == SCAN_STRING)
		return sync_text_take(&f->model_of, m->parent, m->name, e);
	if (m->kind != SCAN_OBJECT)
		return sync_text_wrong(
			m,
			project ? "the folder of a project, or "
				  "{path: shop/, model: users}"
				: "{manifest: target/manifest.json, "
				  "model: users}",
			e);
	if (doc_only(m, names, e) < 0 ||
	    sync_text_take(&f->model_of, m, where, e) < 0 ||
	    sync_text_take(&f->model, m, "model", e) < 0)
		return -1;
	if (!f->model_of || (!project && !f->model))
		return err_names(e, ERR_CONFIG, "line %u: '%s' needs '%s'%s",
				 m->line, m->name, where,
				 project ? "" : " and 'model'");
	return 0;
}

static int take_model(struct sync_file *f, const struct doc *d, struct err *e)
{
	static const char *const names[] = {"model", "sql", "table", "dbt",
					    "project"};
	const struct doc *m = NULL;

	f->model_kind = SYNC_MODEL_SOURCE;
	for (size_t i = 0; i < COUNT_OF(names); i++) {
		const struct doc *one = doc_get(d, names[i]);

		if (one && m)
			return err_names(
				e, ERR_CONFIG,
				"line %u: '%s' and '%s': give one model",
				one->line, m->name, one->name);
		if (one) {
			m = one;
			f->model_kind = (enum sync_model)i;
		}
	}
	switch (f->model_kind) {
	case SYNC_MODEL_SQL:
		return sync_text_take_raw(&f->model, d, "sql", e);
	case SYNC_MODEL_DBT:
		return take_model_of(f, m, "manifest", e);
	case SYNC_MODEL_PROJECT:
		return take_model_of(f, m, "path", e);
	default:
		return m ? sync_text_take(&f->model, d, m->name, e) : 0;
	}
}

int sync_source_take(struct sync_file *f, const struct doc *d, struct err *e)
{
	return take_source(f, d, e) < 0 || take_model(f, d, e) < 0 ? -1 : 0;
}
