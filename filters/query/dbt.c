#include "query/dbt.h"

#include <stdlib.h>

#include "core/file.h"
#include "core/mem.h"
#include "core/opt.h"
#include "core/reader.h"
#include "query/value.h"
#include "wire/json/json.h"

#define MANIFEST_MAX ((size_t)1024 * 1024 * 1024)

struct dbt {
	const char *path, *name;
	struct buf text; /* the manifest, compacted */
	struct scan *top, *nodes, *node;
	struct slice found; /* the node, or empty */
	bool exact;         /* found by its unique id */
};

/* A string member of the object scanned last, with JSON escapes; p is NULL for
 * any other value.
 */
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
		rc = err_names(e, ERR_CONFIG, "'%s' is not JSON: %s", d->path,
			       why);
	memset(buf_room(&d->text, READER_PAD), 0, READER_PAD);
	buf_clear(&raw);
	buf_clear(&scratch);
	return rc;
}

/* Scans a map of the manifest, such as "nodes" or "sources". False if it is
 * missing.
 */
static bool find_map(struct dbt *d, const char *name)
{
	const struct scan_member *m;
	size_t n;
	int at = -1;

	if (scan_object(d->top, buf_all(&d->text)) == 0)
		at = scan_find(d->top, slice_str(name));
	m = scan_members(d->top, &n);
	return at >= 0 && m[at].kind == SCAN_OBJECT &&
	       scan_object(d->nodes, m[at].value) == 0;
}

/* ---- names ------------------------------------------------------------- */

/* Whether a node can be read, by the start of its unique id. */
static bool is_relation(struct slice id)
{
	static const char *const kinds[] = {"model.", "seed.", "snapshot.",
					    "source."};

	for (size_t i = 0; i < COUNT_OF(kinds); i++) {
		if (slice_starts(id, kinds[i]))
			return true;
	}
	return false;
}

/* A number or string of the node, as text; empty for null. */
static struct slice version(const struct scan *s, const char *name)
{
	int at = scan_find(s, slice_str(name));
	size_t n;
	const struct scan_member *m = scan_members(s, &n);

	if (at >= 0 && m[at].kind == SCAN_NUMBER)
		return m[at].value;
	return member(s, name);
}

/* Appends "users", "raw.users" for a source, or "users.v2" if versioned. */
static void put_name(const struct dbt *d, struct slice id, bool versioned,
		     struct buf *b)
{
	if (slice_starts(id, "source.")) {
		buf_slice(b, member(d->node, "source_name"));
		buf_char(b, '.');
	}
	buf_slice(b, member(d->node, "name"));
	if (versioned) {
		buf_str(b, ".v");
		buf_slice(b, version(d->node, "version"));
	}
}

/* Whether the text is the name, perhaps after its package. */
static bool is_called(const struct dbt *d, struct slice name, const char *text)
{
	struct slice package = member(d->node, "package_name");
	size_t n = strlen(text);

	if (slice_is(name, text))
		return true;
	return n == package.n + 1 + name.n &&
	       memcmp(text, package.p, package.n) == 0 &&
	       text[package.n] == '.' && slice_is(name, text + package.n + 1);
}

/* Whether d->name means the node scanned last. A name without a version means
 * the latest version.
 */
static bool is_meant(const struct dbt *d, struct slice id)
{
	struct slice v = version(d->node, "version");
	struct slice latest = version(d->node, "latest_version");
	struct buf name = {0};
	bool is = false;

	if (v.n == 0 || slice_eq(v, latest)) {
		put_name(d, id, false, &name);
		is = is_called(d, buf_all(&name), d->name);
	}
	if (v.n > 0 && !is) {
		name.n = 0;
		put_name(d, id, true, &name);
		is = is_called(d, buf_all(&name), d->name);
	}
	buf_clear(&name);
	return is;
}

/* ---- the node ---------------------------------------------------------- */

/* Searches one map; stops at a node whose unique id is d->name. Appends all
 * names, and the ids that match. Returns the number of matches.
 */
static size_t find_in(struct dbt *d, struct buf *ids, struct buf *names)
{
	const struct scan_member *m;
	size_t n, found = 0;

	m = scan_members(d->nodes, &n);
	for (size_t i = 0; i < n; i++) {
		bool exact = slice_is(m[i].key, d->name);

		if (m[i].kind != SCAN_OBJECT || !is_relation(m[i].key) ||
		    scan_object(d->node, m[i].value) < 0)
			continue;
		put_name(d, m[i].key, version(d->node, "version").n > 0, names);
		buf_char(names, '\0');
		if (!exact && !is_meant(d, m[i].key))
			continue;
		d->found = m[i].value;
		d->exact = exact;
		if (exact)
			return 1;
		buf_str(ids, ids->n > 0 ? " or " : "");
		buf_slice(ids, m[i].key);
		found++;
	}
	return found;
}

/* Whether part is one of the parts of name between dots: "users" in "users.v2"
 * and "raw.users".
 */
static bool is_part(const char *name, const char *part)
{
	const char *at = strstr(name, part);

	return at && *part && (at == name || at[-1] == '.') &&
	       (at[strlen(part)] == '.' || at[strlen(part)] == '\0');
}

static int not_found(const struct dbt *d, struct buf *names, struct err *e)
{
	const char **list, *near, *p = buf_cstr(names);
	size_t n = 0;

	for (size_t i = 0; i < names->n; i++)
		n += names->p[i] == '\0';
	list = mem_zero((n + 1) * sizeof(*list));
	for (size_t i = 0; i < n; i++, p += strlen(p) + 1)
		list[i] = p;
	near = opt_nearest(d->name, list);
	for (size_t i = n; i > 0; i--)
		near = is_part(list[i - 1], d->name) ? list[i - 1] : near;
	err_names(e, ERR_CONFIG, "'%s' has no model '%s'%s%s%s", d->path,
		  d->name, near ? "; did you mean '" : "", near ? near : "",
		  near ? "'?" : "");
	free(list);
	return -1;
}

static int no_nodes(const struct dbt *d, struct err *e)
{
	return err_names(e, ERR_CONFIG,
			 "'%s' is not a dbt manifest: it has no nodes",
			 d->path);
}

static int find_model(struct dbt *d, struct err *e)
{
	struct buf ids = {0}, names = {0};
	bool any = find_map(d, "nodes");
	size_t found = any ? find_in(d, &ids, &names) : 0;
	int rc = 0;

	if (any && !d->exact && find_map(d, "sources")) {
		size_t more = find_in(d, &ids, &names);

		found = d->exact ? 1 : found + more;
	}
	if (!any)
		rc = no_nodes(d, e);
	else if (found == 0)
		rc = not_found(d, &names, e);
	else if (found > 1)
		rc = err_names(e, ERR_CONFIG,
			       "'%s' has more than one '%s'; use one of: %s",
			       d->path, d->name, buf_cstr(&ids));
	buf_clear(&ids);
	buf_clear(&names);
	return rc;
}

/* Appends config.unique_key, a name or an array of names, as an array. */
static void put_key(struct dbt *d, struct buf *key)
{
	const struct scan_member *m = scan_members(d->node, &(size_t){0});
	int at = scan_find(d->node, slice_str("config"));

	if (at < 0 || m[at].kind != SCAN_OBJECT ||
	    scan_object(d->node, m[at].value) < 0)
		return;
	at = scan_find(d->node, slice_str("unique_key"));
	m = scan_members(d->node, &(size_t){0});
	if (at < 0 || m[at].value.n <= 2 ||
	    (m[at].kind != SCAN_STRING && m[at].kind != SCAN_ARRAY))
		return;
	buf_str(key, m[at].kind == SCAN_STRING ? "[" : "");
	buf_slice(key, m[at].value);
	buf_str(key, m[at].kind == SCAN_STRING ? "]" : "");
}

static int put_sql(struct dbt *d, struct buf *b, struct err *e)
{
	struct slice relation, code;

	if (scan_object(d->node, d->found) < 0)
		return err_set(e, ERR_BUG, "a node is missing");
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
		return err_names(e, ERR_CONFIG,
				 "model '%s' is not compiled; run: dbt compile",
				 d->name);
	}
	return 0;
}

/* ---- all models -------------------------------------------------------- */

/* Appends the adapter in the manifest's metadata, like "postgres", as JSON. */
static void put_adapter(struct dbt *d, struct buf *b)
{
	struct slice adapter;

	if (!find_map(d, "metadata"))
		return;
	adapter = member(d->nodes, "adapter_type");
	if (adapter.p)
		buf_fmt(b, "\"%.*s\"", SLICE_FMT(adapter));
}

/* Lists the nodes of the map that find_map has scanned. */
static int list_map(struct dbt *d, struct slice definition, listing_fn *put,
		    void *ctx, struct err *e)
{
	struct buf name = {0}, kind = {0}, key = {0};
	size_t n;
	const struct scan_member *m = scan_members(d->nodes, &n);
	int rc = 0;

	for (size_t i = 0; rc == 0 && i < n; i++) {
		struct slice id = m[i].key;

		if (m[i].kind != SCAN_OBJECT || !is_relation(id) ||
		    scan_object(d->node, m[i].value) < 0)
			continue;
		name.n = kind.n = key.n = 0;
		buf_char(&name, '"');
		put_name(d, id, version(d->node, "version").n > 0, &name);
		buf_char(&name, '"');
		buf_fmt(&kind, "\"%.*s\"", (int)strcspn(id.p, "."), id.p);
		put_key(d, &key);
		rc = put(ctx,
			 &(struct listed_model){buf_all(&name), buf_all(&kind),
						buf_all(&key), definition},
			 e);
	}
	buf_clear(&name);
	buf_clear(&kind);
	buf_clear(&key);
	return rc;
}

static struct dbt open_dbt(const char *manifest, const char *name)
{
	return (struct dbt){
		.path = manifest,
		.name = name,
		.top = scan_new(),
		.nodes = scan_new(),
		.node = scan_new(),
	};
}

static void close_dbt(struct dbt *d)
{
	buf_clear(&d->text);
	scan_free(d->top);
	scan_free(d->nodes);
	scan_free(d->node);
}

int dbt_list(const char *manifest, listing_fn *put, void *ctx, struct err *e)
{
	struct dbt d = open_dbt(manifest, "");
	struct buf definition = {0};
	int rc = load(&d, e);

	if (rc == 0)
		put_adapter(&d, &definition);
	if (rc == 0 && !find_map(&d, "nodes"))
		rc = no_nodes(&d, e);
	else if (rc == 0)
		rc = list_map(&d, buf_all(&definition), put, ctx, e);
	if (rc == 0 && find_map(&d, "sources"))
		rc = list_map(&d, buf_all(&definition), put, ctx, e);
	buf_clear(&definition);
	close_dbt(&d);
	return rc;
}

/* ---- one model --------------------------------------------------------- */

int dbt_model(struct buf *b, struct buf *key, const char *manifest,
	      const char *name, struct err *e)
{
	struct dbt d = open_dbt(manifest, name);
	int rc = -1;

	if (load(&d, e) == 0 && find_model(&d, e) == 0)
		rc = put_sql(&d, b, e);
	if (rc == 0)
		put_key(&d, key);
	close_dbt(&d);
	return rc;
}
