/* dbt.h - the SQL of a dbt model.
 *
 * Floor 2 (query). Reads target/manifest.json, which dbt writes (schema v4
 * to v13: docs.getdbt.com, "Manifest JSON file"). profiles.yml is not read:
 * the source is ours to name.
 */
#ifndef QUERY_DBT_H
#define QUERY_DBT_H

#include "core/buf.h"
#include "core/err.h"
#include "query/listing.h"

/* What to run for the model, seed, snapshot or source of that name: "users",
 * "shop.users" of a package, "users.v2" of a version (the latest without it),
 * "raw.users" of a source, or the unique id "model.shop.users":
 * all of the relation that dbt has built, or where it builds none (ephemeral)
 * its compiled code. At the end of b; and its unique_key, if it has one, at the
 * end of key, as a JSON array of names. ERR_INPUT when there is no such file,
 * ERR_CONFIG when it is not a manifest, or the model is not there, there twice,
 * or not compiled.
 */
int dbt_model(struct buf *b, struct buf *key, const char *manifest,
	      const char *name, struct err *e) MUST_USE;

/* All that dbt_model takes, in the order of the manifest. ERR_INPUT,
 * ERR_CONFIG.
 */
int dbt_list(const char *manifest, listing_fn *put, void *ctx,
	     struct err *e) MUST_USE;

#endif
