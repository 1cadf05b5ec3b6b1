#include "sync/stages.h"

#include <stdlib.h>
#include <string.h>

#include "core/mem.h"
#include "sync/programs.h"
#include "sync/shell_text.h"

/* ---- one stage -------------------------------------------------------- */

static void add(struct stage *s, const char *word)
{
	sync_text_add(&s->argv, word, strlen(word));
}

/* Adds --name value, or --name=value if the value looks like an option. */
static void add_option(struct stage *s, const char *name, const char *value)
{
	struct buf b = {0};

	buf_fmt(&b, "--%s", name);
	if (value && *value == '-') {
		buf_fmt(&b, "=%s", value);
		value = NULL;
	}
	add(s, buf_cstr(&b));
	if (value)
		add(s, value);
	buf_clear(&b);
}

static struct stage *begin(struct stages *all, enum sync_stage kind,
			   const char *program)
{
	struct buf b = {0};
	struct stage *s;

	all->v = mem_resize(all->v, (all->n + 1) * sizeof(*all->v));
	s = &all->v[all->n++];
	*s = (struct stage){.kind = kind};
	programs_word(&b, program);
	sync_text_add(&s->argv, b.p, b.n);
	buf_clear(&b);
	return s;
}

static void add_setting(struct stage *s, const struct sync_setting *x)
{
	if (x->key->kind == SYNC_KEY_FLAG)
		add_option(s, x->key->option, NULL);
	for (size_t i = 0; i < x->value.n; i++)
		add_option(s, x->key->option, x->value.v[i]);
}

/* Whether it is a key that stages_partition adds. */
static bool of_partitions(const struct sync_key *k)
{
	return strcmp(k->option, "partition-by") == 0;
}

/* Adds the settings of a stage, in the order of the table. */
static void add_settings(struct stage *s, const struct sync_file *f,
			 const struct sync_destination *d)
{
	for (const struct sync_key *k = sync_key_table; k->option; k++) {
		const struct sync_setting *x;

		if (k->stage != s->kind || of_partitions(k))
			continue;
		x = sync_file_setting(f, d, k->stage, k->option);
		if (x && x->key == k)
			add_setting(s, x);
	}
}

/* ---- the stages ------------------------------------------------------- */

static void add_model(struct stage *s, const struct sync_file *f)
{
	struct buf path = {0};

	switch (f->model_kind) {
	case SYNC_MODEL_FILE:
		buf_fmt(&path, "%s%s", *f->model == '-' ? "./" : "", f->model);
		add(s, buf_cstr(&path));
		break;
	case SYNC_MODEL_SQL:
		add_option(s, "sql", f->model);
		break;
	case SYNC_MODEL_TABLE:
		add_option(s, "table", f->model);
		break;
	case SYNC_MODEL_DBT:
	case SYNC_MODEL_PROJECT:
		add_option(s,
			   f->model_kind == SYNC_MODEL_DBT ? "dbt" : "project",
			   f->model_of);
		if (f->model)
			add_option(s, "model", f->model);
		break;
	default:
		break;
	}
	buf_clear(&path);
}

static bool has(const struct sync_file *f, const char *option)
{
	return sync_file_setting(f, NULL, SYNC_QUERY, option) != NULL;
}

bool stages_apart(const struct sync_file *f)
{
	return has(f, "cursor") || has(f, "if-changed") || has(f, "delta");
}

static bool any_resend(size_t first, size_t n, const struct stages_options *o)
{
	bool any = false;

	for (size_t i = first; o->mapping && i < first + n; i++)
		any = any || o->mapping[i] == MAPPING_DUE ||
		      o->mapping[i] == MAPPING_CHANGED;
	return any;
}

static struct stage *begin_query(struct stages *all, const struct sync_file *f)
{
	struct stage *s = begin(all, SYNC_QUERY, "rudder-query");

	if (f->source_env)
		s->env = (struct stage_env){"RUDDER_SOURCE", f->source_env};
	else
		add_option(s, "source", f->source);
	return s;
}

/* Adds the key, for a query with --partition or --delta. */
static void add_key(struct stage *s, const struct sync_file *f,
		    size_t destination)
{
	const struct sync_setting *key = sync_file_setting(
		f, &f->destination[destination], SYNC_DIFF, "key");

	if (key)
		add_setting(s, key);
}

void stages_partition(struct stages *all, const struct sync_file *f,
		      size_t destination)
{
	const struct sync_destination *d = &f->destination[destination];
	const struct sync_setting *by =
		sync_file_setting(f, NULL, SYNC_QUERY, "partition-by");
	struct stage *s = &all->v[all->n - 1];
	struct buf b = {0};

	if (f->parts == 0)
		return;
	add_key(s, f, destination);
	buf_fmt(&b, "%u/%u", d->part, f->parts);
	add_option(s, "partition", buf_cstr(&b));
	if (by)
		add_setting(s, by);
	buf_clear(&b);
}

/* Adds the settings of the query, except the options in `without`. */
static void add_query_settings(struct stage *s, const struct sync_file *f,
			       const char *const *without)
{
	for (const struct sync_key *k = sync_key_table; k->option; k++) {
		const struct sync_setting *x;
		size_t i = 0;

		while (without[i] && strcmp(without[i], k->option) != 0)
			i++;
		if (k->stage != SYNC_QUERY || without[i] || of_partitions(k))
			continue;
		x = sync_file_setting(f, NULL, SYNC_QUERY, k->option);
		if (x)
			add_setting(s, x);
	}
}

/* Adds what a query needs to read the rows since the last run of a state. */
static void add_since(struct stages *all, const struct sync_file *f,
		      size_t destination)
{
	struct stage *s = &all->v[all->n - 1];

	if (has(f, "delta") && f->parts == 0)
		add_key(s, f, destination);
	stages_partition(all, f, destination);
	if (stages_apart(f))
		add_option(s, "cursor-state",
			   f->destination[destination].state);
}

/* Adds the query for n destinations from first; n is 1 if they are apart. */
static void add_query(struct stages *all, const struct sync_file *f,
		      size_t first, size_t n, const struct stages_options *o)
{
	/* delta writes tables before any row is shown, so a dry run leaves it
	 * out
	 */
	static const char *const delta[] = {"delta", NULL};
	struct stage *s = begin_query(all, f);

	if (has(f, "delta") && o->dry_run) {
		add_query_settings(s, f, delta);
		stages_partition(all, f, first);
		add_model(s, f);
		return;
	}
	add_settings(s, f, NULL);
	add_since(all, f, first);
	if (stages_apart(f) &&
	    (o->full || o->all_rows || any_resend(first, n, o)))
		add_option(s, has(f, "delta") ? "delta-all" : "full", NULL);
	add_model(s, f);
}

void stages_of_rows(struct stages *all, const struct sync_file *f)
{
	static const char *const cursor[] = {"cursor", "overlap", "if-changed",
					     "delta",  "limit",   NULL};
	struct stage *s = begin_query(all, f);

	add_query_settings(s, f, cursor);
	add_model(s, f);
}

void stages_of_cursor(struct stages *all, const struct sync_file *f,
		      size_t destination)
{
	struct stage *s = begin_query(all, f);

	add_settings(s, f, NULL);
	add_since(all, f, destination);
	add_model(s, f);
}

void stages_diff(struct stages *all, const struct sync_file *f,
		 const struct sync_destination *d)
{
	struct stage *s = begin(all, SYNC_DIFF, "rudder-diff");

	add_option(s, "state", d->state);
	add_settings(s, f, d);
	add_option(s, "dry-run", NULL);
}

static void add_diff(struct stages *all, const struct sync_file *f,
		     size_t destination, const struct stages_options *o)
{
	const struct sync_destination *d = &f->destination[destination];
	struct stage *s = begin(all, SYNC_DIFF, "rudder-diff");

	add_option(s, "state", d->state);
	add_settings(s, f, d);
	if (o->full)
		add_option(s, "full", NULL);
	if (o->mapping && o->mapping[destination] == MAPPING_CHANGED)
		add_option(s, "on-mapping-change", "now");
	if (o->allow_deletes)
		add_option(s, "allow-deletes", o->allow_deletes);
	if (o->allow_resend)
		add_option(s, "allow-resend", o->allow_resend);
	if (o->accept_connection)
		add_option(s, "accept-connection", NULL);
	if (o->lock_wait)
		add_option(s, "lock-wait", o->lock_wait);
	if (o->dry_run)
		add_option(s, "dry-run", NULL);
	if (o->hold)
		add_option(s, "hold", NULL);
}

static struct stage *add_map(struct stages *all, const struct sync_file *f,
			     size_t destination)
{
	const struct sync_destination *d = &f->destination[destination];
	struct stage *s = begin(all, SYNC_MAP, "rudder-map");
	const char *file = d->mapping != SYNC_MAPPING_NONE ? d->mapping_file
							   : f->mapping_file;

	add_option(s, "mapping", file ? file : f->inside);
	if (f->connection)
		add_option(s, "connection", f->connection);
	if (d->mapping == SYNC_MAPPING_HERE && *d->name)
		add_option(s, "connection", d->name);
	return s;
}

void stages_mapping(struct stages *s, const struct sync_file *f,
		    size_t destination)
{
	add_map(s, f, destination);
}

static void add_send(struct stages *all, const struct sync_file *f,
		     size_t destination, const char *dest, bool dry_run)
{
	const struct sync_destination *d = &f->destination[destination];
	struct stage *s = begin(all, SYNC_SEND, "rudder-send");

	if (d->write_key_env && !dest)
		s->env = (struct stage_env){"RUDDER_WRITE_KEY",
					    d->write_key_env};
	add_option(s, "dest", dest ? dest : d->dest);
	if (!dest)
		add_settings(s, f, d);
	if (dry_run) {
		add_option(s, "dry-run", NULL);
		add_option(s, "compare", NULL);
	}
}

void stages_commit(struct stages *all, const struct sync_file *f,
		   const struct sync_destination *d)
{
	struct stage *s = begin(all, SYNC_COMMIT, "rudder-diff");

	add_option(s, "commit", NULL);
	add_option(s, "state", d->state);
	add_settings(s, f, d);
}

static void add_commit(struct stages *all, const struct sync_file *f,
		       size_t destination)
{
	stages_commit(all, f, &f->destination[destination]);
}

void stages_map(struct stages *all, const struct sync_file *f,
		size_t destination)
{
	struct stage *s = add_map(all, f, destination);

	add_settings(s, f, &f->destination[destination]);
}

void stages_of_destination(struct stages *s, const struct sync_file *f,
			   size_t destination, const struct stages_options *o)
{
	struct stage *map;

	add_diff(s, f, destination, o);
	map = add_map(s, f, destination);
	add_settings(map, f, &f->destination[destination]);
	add_send(s, f, destination, NULL, o->dry_run);
	if (!o->dry_run)
		add_commit(s, f, destination);
}

void stages_of_changes(struct stages *s, const struct sync_file *f,
		       size_t destination, const struct stages_options *o)
{
	add_query(s, f, destination, 1, o);
	add_diff(s, f, destination, o);
}

void stages_of_events(struct stages *s, const struct sync_file *f,
		      size_t destination)
{
	struct stage *map = add_map(s, f, destination);

	add_settings(map, f, &f->destination[destination]);
	add_option(map, "seal", NULL);
}

void stages_of_delivery(struct stages *s, const struct sync_file *f,
			size_t destination, const char *dest)
{
	add_send(s, f, destination, dest, false);
	add_commit(s, f, destination);
}

void stages_of_send(struct stages *s, const struct sync_file *f,
		    size_t destination)
{
	add_send(s, f, destination, NULL, false);
}

void stages_add(struct stages *s, const char *const *words)
{
	for (; *words; words++)
		add(&s->v[s->n - 1], *words);
}

void stages_move(struct stages *s, struct stages *from, size_t skip)
{
	s->v = mem_resize(s->v, (s->n + from->n + 1) * sizeof(*s->v));
	for (size_t i = 0; i < from->n; i++) {
		if (i >= skip)
			s->v[s->n++] = from->v[i];
		else
			sync_text_clear(&from->v[i].argv);
	}
	free(from->v);
	*from = (struct stages){0};
}

void stages_command(struct stages *s, enum sync_stage kind,
		    const char *const *words)
{
	begin(s, kind, words[0]);
	stages_add(s, words + 1);
}

static void add_tee(struct stages *all, const struct sync_file *f, size_t first,
		    size_t n, const struct stages_options *o)
{
	struct stage *s = begin(all, SYNC_STAGES, "rudder");
	struct buf text = {0};

	add(s, "tee");
	add(s, "--");
	for (size_t i = first; i < first + n; i++) {
		struct stages one = {0};

		text.n = 0;
		stages_of_destination(&one, f, i, o);
		stages_text(&text, &one);
		sync_text_add(&s->argv, text.p, text.n);
		stages_clear(&one);
	}
	buf_clear(&text);
}

void stages_of_pipeline(struct stages *s, const struct sync_file *f,
			size_t first, size_t n, const struct stages_options *o)
{
	add_query(s, f, first, n, o);
	if (n > 1)
		add_tee(s, f, first, n, o);
	else
		stages_of_destination(s, f, first, o);
}

void stages_text(struct buf *b, const struct stages *s)
{
	for (size_t i = 0; i < s->n; i++) {
		const struct stage *one = &s->v[i];

		if (i > 0)
			buf_str(b, " |\n    ");
		if (one->env.name && strcmp(one->env.name, one->env.from) != 0)
			buf_fmt(b, "%s=\"$%s\" ", one->env.name, one->env.from);
		for (size_t j = 0; j < one->argv.n; j++) {
			if (j > 0)
				buf_char(b, ' ');
			shell_text_word(b, one->argv.v[j]);
		}
	}
}

void stages_clear(struct stages *s)
{
	for (size_t i = 0; i < s->n; i++)
		sync_text_clear(&s->v[i].argv);
	free(s->v);
	*s = (struct stages){0};
}
