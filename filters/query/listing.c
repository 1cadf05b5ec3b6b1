#include "query/listing.h"

#include "query/dbt.h"
#include "query/rudder_cli.h"

static int put_listing(void *ctx, const struct listed_model *x, struct err *e)
{
	const struct slice v[] = {x->name, x->kind, x->key, x->definition};
	struct rows *r = ctx;
	struct buf *b;

	if (rows_full(r)) {
		r->partial = true;
		return 0;
	}
	b = rows_buf(r);
	for (size_t i = 0; i < COUNT_OF(v); i++) {
		rows_name(r, b, i);
		buf_slice(b, v[i].n > 0 ? v[i] : slice_str("null"));
	}
	return rows_put(r, e);
}

static int begin(struct rows *r, struct err *e)
{
	static const struct rows_column head[] = {
		{.name = "name", .type = "string"},
		{.name = "kind", .type = "string"},
		{.name = "key", .type = "array"},
		{.name = "definition", .type = "string"},
	};

	return rows_begin(r, head, COUNT_OF(head), e);
}

static int run_project(const struct source_job *job, struct rows *r,
		       struct err *e)
{
	int rc = begin(r, e);

	return rc > 0 ? rudder_cli_list(job->where, put_listing, r, e) : rc;
}

static int run_dbt(const struct source_job *job, struct rows *r, struct err *e)
{
	int rc = begin(r, e);

	return rc > 0 ? dbt_list(job->where, put_listing, r, e) : rc;
}

const struct source listing_project = {
	.scheme = {"project"},
	.run = run_project,
};

const struct source listing_dbt = {
	.scheme = {"dbt"},
	.run = run_dbt,
};
