#include "query/chosen_model.h"

#include <stdlib.h>
#include <string.h>

#include "core/mem.h"
#include "core/tool.h"
#include "query/cursor_range.h"
#include "query/dbt.h"
#include "query/delta.h"
#include "query/if_changed.h"
#include "query/rudder_cli.h"
#include "wire/json/json.h"

static bool is_name(struct slice s)
{
	for (size_t i = 0; i < s.n; i++) {
		char c = s.p[i];

		if (!((c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') ||
		      c == '_' || (unsigned char)c >= 0x80 ||
		      (i > 0 && c >= '0' && c <= '9')))
			return false;
	}
	return s.n > 0;
}

static int parse_params(const struct opt_list *list, struct model_param *p,
			struct err *e)
{
	for (size_t i = 0; i < list->n; i++) {
		const char *eq = strchr(list->v[i], '=');
		struct slice name = slice_of(
			list->v[i], eq ? (size_t)(eq - list->v[i]) : 0);

		if (!is_name(name))
			return err_set(e, ERR_USAGE,
				       "option '--param': '%s' is not "
				       "name=value",
				       list->v[i]);
		for (size_t k = 0; k < i; k++) {
			if (slice_eq(name, p[k].name))
				return err_names(e, ERR_USAGE,
						 "duplicate parameter '%.*s'",
						 SLICE_FMT(name));
		}
		p[i] = (struct model_param){.name = name, .value = eq + 1};
	}
	return 0;
}

/* Warns if the project's model is for another database, where its SQL may mean
 * something else.
 */
static void compare_definition(const char *definition, const struct source *s,
			       const struct query_options *o)
{
	if (!*definition || source_is(s, definition))
		return;
	tool_warn("the model of '%s' is written for %s, but the source is %s:, "
		  "where its SQL may mean something else",
		  o->project, definition, s->scheme[0]);
}

static int read_project(const struct query_options *o, const struct source *s,
			struct rudder_cli *retl, struct chosen_model *p,
			struct err *e)
{
	if (rudder_cli_model(retl, o->project, o->model, e) < 0)
		return -1;
	compare_definition(buf_cstr(&retl->definition), s, o);
	if (retl->key.n > 0) {
		buf_char(&p->key, '[');
		json_string(&p->key, buf_all(&retl->key));
		buf_char(&p->key, ']');
	}
	buf_slice(&p->mode, buf_all(&retl->mode));
	buf_slice(&p->cursor, buf_all(&retl->cursor));
	return 0;
}

/* Takes the key: -k overrides that of the model. --partition needs one. */
static int take_key(struct chosen_model *p, const struct query_options *o,
		    const struct source *s, struct err *e)
{
	if (o->key) {
		p->key.n = 0;
		if (part_key(&p->key, o->key, e) < 0)
			return -1;
	}
	if (p->part.n == 0)
		return 0;
	if (!s->sql)
		return err_names(e, ERR_USAGE,
				 "source '%s:' has no model for --partition",
				 s->scheme[0]);
	if (!s->sql->part || slice_starts(slice_str(o->source), "redshift:"))
		return err_set(e, ERR_CONFIG,
			       "--partition was not tried on the database of "
			       "this source; it knows PostgreSQL, MySQL, "
			       "ClickHouse, Trino, SQLite, DuckDB and Parquet");
	if (p->key.n == 0)
		return err_set(e, ERR_USAGE,
			       "--partition needs the key of the rows: -k "
			       "COLUMN");
	return part_wrap(&p->part, buf_all(&p->key), &p->model, s->sql, e);
}

/* Refuses options that need a model, or that this source does not support. */
static int check_source(const struct query_options *o, const struct source *s,
			struct err *e)
{
	if (o->dbt && !o->model)
		return err_set(e, ERR_USAGE, "--dbt needs --model");
	if (o->model && !o->dbt && !o->project)
		return err_set(e, ERR_USAGE,
			       "--model needs --dbt or --project");
	if (!s->sql && (o->params.n > 0 || o->cursor))
		return err_names(e, ERR_USAGE,
				 "source '%s:' does not support --%s",
				 s->scheme[0], o->cursor ? "cursor" : "param");
	if ((!o->project && cursor_range_check(o, e) < 0) ||
	    if_changed_check(o, s, e) < 0 || delta_check(o, s, e) < 0)
		return -1;
	if (o->table_columns && !o->table && !s->fields)
		return err_set(e, ERR_USAGE, "-c needs -t TABLE, csv: or tsv:");
	return 0;
}

/* Requires exactly one model if the source takes one, otherwise none. */
static int check_one(const struct query_options *o, const struct source *s,
		     struct err *e)
{
	int n = (o->file != NULL) + (o->sql != NULL) + (o->table != NULL) +
		(o->dbt != NULL) + (o->project != NULL);

	if (o->tables && (n > 0 || o->cursor || !s->tables))
		return s->tables ? err_set(e, ERR_USAGE,
					   "--tables excludes a model and "
					   "--cursor")
				 : err_names(e, ERR_USAGE,
					     "source '%s:' cannot list tables",
					     s->scheme[0]);
	n += o->tables;
	if (!s->sql && n > 0)
		return err_names(
			e, ERR_USAGE,
			"source '%s:' takes no model: it reads all rows",
			s->scheme[0]);
	if (s->sql && n == 0 && !s->whole)
		return err_set(e, ERR_USAGE,
			       "no model: use a file, -e SQL or -t TABLE");
	if (n > 1)
		return err_set(e, ERR_USAGE,
			       "more than one model: use only one of a file, "
			       "-e SQL and -t TABLE");
	return 0;
}

static bool has_model(const struct query_options *o)
{
	return o->file || o->sql || o->table || o->dbt || o->project ||
	       o->tables;
}

static int take_project(struct chosen_model *p, struct query_options *o,
			const struct source *s, struct rudder_cli *retl,
			struct err *e)
{
	if (read_project(o, s, retl, p, e) < 0)
		return -1;
	if (!o->cursor && !o->if_changed && (o->cursor_state || o->since) &&
	    p->cursor.n > 0)
		o->cursor = buf_cstr(&p->cursor);
	return cursor_range_check(o, e);
}

static int read_model(struct chosen_model *p, struct query_options *o,
		      const struct source *s, struct err *e)
{
	struct model_from from = {
		.file = o->file,
		.sql = o->tables ? s->tables : o->sql,
		.table = has_model(o) ? o->table : s->whole,
		.param = p->param,
		.columns = o->table_columns,
		.n = o->params.n,
	};
	struct rudder_cli retl = {0};
	struct buf dbt = {0};
	int rc = 0;

	if (o->dbt) {
		rc = dbt_model(&dbt, &p->key, o->dbt, o->model, e);
		from.sql = buf_cstr(&dbt);
	}
	if (o->project) {
		rc = take_project(p, o, s, &retl, e);
		from.sql = retl.sql.p;
		from.table = retl.table.p;
	}
	if (rc == 0)
		rc = model_read(&p->model, &from, s->sql, e);
	if (rc == 0)
		rc = take_key(p, o, s, e);
	if (o->tables)
		p->model.name = "--tables";
	if (o->dbt || o->project)
		p->model.name = o->model ? o->model : o->project;
	rudder_cli_clear(&retl);
	buf_clear(&dbt);
	return rc;
}

int chosen_model_take(struct chosen_model *p, struct query_options *o,
		      const struct source *s, struct err *e)
{
	p->param = mem_zero((o->params.n + 2) * sizeof(*p->param));
	if (parse_params(&o->params, p->param, e) < 0 ||
	    part_parse(&p->part, o->partition, o->partition_by, e) < 0 ||
	    check_source(o, s, e) < 0 || check_one(o, s, e) < 0)
		return -1;
	if (p->part.n > 0)
		part_show(&p->part, &p->part_text);
	return s->sql ? read_model(p, o, s, e) : take_key(p, o, s, e);
}

void chosen_model_clear(struct chosen_model *p)
{
	model_clear(&p->model);
	free(p->param);
	buf_clear(&p->part_text);
	buf_clear(&p->key);
	buf_clear(&p->mode);
	buf_clear(&p->cursor);
	*p = (struct chosen_model){.param = NULL};
}
