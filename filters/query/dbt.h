/* dbt.h - reads the SQL of a dbt model.
 *
 * Floor 2 (query). Reads target/manifest.json, which dbt writes (schema v4 to
 * v13: docs.getdbt.com, "Manifest JSON file"). Does not read profiles.yml: the
 * source is given to rudder-query.
 */
#ifndef QUERY_DBT_H
#define QUERY_DBT_H

#include "core/buf.h"
#include "core/err.h"
#include "query/listing.h"

/* Appends to b the SELECT for the model, seed, snapshot or source of that name:
 * "users", "shop.users" in a package, "users.v2" for a version (without it the
 * latest), "raw.users" for a source, or the unique id "model.shop.users". It
 * reads the relation that dbt has built or, if dbt builds none (ephemeral), is
 * the compiled code. Appends the model's unique_key, if it has one, to key as a
 * JSON array of names. ERR_INPUT if there is no such file, ERR_CONFIG if it is
 * not a manifest, or if the model does not exist, is ambiguous, or is not
 * compiled.
 */
int dbt_model(struct buf *b, struct buf *key, const char *manifest,
	      const char *name, struct err *e) MUST_USE;

/* Lists all models that dbt_model accepts, in the order of the manifest.
 * ERR_INPUT, ERR_CONFIG.
 */
int dbt_list(const char *manifest, listing_fn *put, void *ctx,
	     struct err *e) MUST_USE;

#endif
