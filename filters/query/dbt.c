#include "query/dbt.h"

#include "core/file.h"
#include "core/reader.h"
#include "query/value.h"
#include "wire/json/json.h"

#define MANIFEST_MAX ((size_t)1024 * 1024 * 1024)

struct dbt {
	const char *path, *name;
	struct buf text; /* the manifest, compacted */
	struct scan *top, *nodes, *node;
	struct slice found; /* the node, or empty */
};

/* The string member of the object scanned last, still escaped. */
static struct slice member(const struct scan *s, const char *name)
{
	const struct scan_member *m = scan_get(s, name);

	return m && m->kind == SCAN_STRING ? json_inner(m->value)
					   : slice_of(NULL, 0);
}

static int load(struct dbt *d, struct err *e)
{
	struct buf raw = {0}, scratch = {0};
	const char *why = NULL;
	int rc = file_read(d->path, MANIFEST_MAX, &raw, e);

	if (rc == 0 &&
	    value_json(&d->text, buf_all(&raw), d->top, &scratch, &why) < 0)
		rc = err_set(e, ERR_CONFIG, "'%s' is not JSON: %s", d->path,
			     why);
	memset(buf_room(&d->text, READER_PAD), 0, READER_PAD);
	buf_clear(&raw);
	buf_clear(&scratch);
	return rc;
}

/* The object that holds all nodes. */
static int find_nodes(struct dbt *d, struct err *e)
{
	const struct scan_member *m = NULL;

	if (scan_object(d->top, buf_all(&d->text)) == 0)
		m = scan_get(d->top, "nodes");
	if (!m || m->kind != SCAN_OBJECT || scan_object(d->nodes, m->value) < 0)
		return err_set(e, ERR_CONFIG,
			       "'%s' is not a manifest of dbt: no nodes",
			       d->path);
	return 0;
}

static int find_model(struct dbt *d, struct err *e)
{
	const struct scan_member *m;
	size_t n;

	m = scan_members(d->nodes, &n);
	for (size_t i = 0; i < n; i++) {
		bool exact = slice_is(m[i].key, d->name);

		if (m[i].kind != SCAN_OBJECT ||
		    !slice_starts(m[i].key, "model.") ||
		    scan_object(d->node, m[i].value) < 0)
			continue;
		if (!exact && !slice_is(member(d->node, "name"), d->name))
			continue;
		if (d->found.n > 0 && !exact)
			return err_set(e, ERR_CONFIG,
				       "'%s' has more than one model '%s'; "
				       "say which: model.PACKAGE.%s",
				       d->path, d->name, d->name);
		d->found = m[i].value;
		if (exact)
			break;
	}
	if (d->found.n > 0)
		return 0;
	return err_set(e, ERR_CONFIG, "'%s' has no model '%s'", d->path,
		       d->name);
}

static int put_sql(struct dbt *d, struct buf *b, struct err *e)
{
	struct slice relation, code;

	if (scan_object(d->node, d->found) < 0)
		return err_set(e, ERR_BUG, "a node is gone");
	relation = member(d->node, "relation_name");
	code = member(d->node, "compiled_code");
	if (code.n == 0)
		code = member(d->node, "compiled_sql"); /* before v7 */
	if (relation.n > 0) {
		buf_str(b, "SELECT * FROM ");
		json_decode(b, relation);
	} else if (code.n > 0) {
		json_decode(b, code);
	} else {
		return err_set(e, ERR_CONFIG,
			       "model '%s' is not compiled; run: dbt compile",
			       d->name);
	}
	return 0;
}

int dbt_model(struct buf *b, const char *manifest, const char *name,
	      struct err *e)
{
	struct dbt d = {
		.path = manifest,
		.name = name,
		.top = scan_new(),
		.nodes = scan_new(),
		.node = scan_new(),
	};
	int rc = -1;

	if (load(&d, e) == 0 && find_nodes(&d, e) == 0 &&
	    find_model(&d, e) == 0)
		rc = put_sql(&d, b, e);
	buf_clear(&d.text);
	scan_free(d.top);
	scan_free(d.nodes);
	scan_free(d.node);
	return rc;
}
