/* chosen_model.h - takes the model of a run from its options, with its key and
 * parameters.
 *
 * Floor 2 (query). The model is a file, --sql, a table, a model of dbt or of a
 * project, or the query of --tables; a source without SQL has none.
 */
#ifndef QUERY_CHOSEN_MODEL_H
#define QUERY_CHOSEN_MODEL_H

#include "query/model.h"
#include "query/part.h"
#include "query/query.h"
#include "query/source.h"

/* The model, and what its definition says for rudder-diff, see rows.h. */
struct chosen_model {
	struct model model;
	struct model_param *param;
	struct model_part part;
	struct buf part_text;         /* part as JSON, or empty */
	struct buf key, mode, cursor; /* a JSON array, a mode of rudder-diff, a
				       * column; or empty */
};

/* Fills *p, which must be all-zero. A cursor that a project names goes to
 * o->cursor, borrowed from *p. ERR_USAGE, ERR_CONFIG; or as model.h, dbt.h and
 * rudder_cli.h.
 */
int chosen_model_take(struct chosen_model *p, struct query_options *o,
		      const struct source *s, struct err *e) MUST_USE;

void chosen_model_clear(struct chosen_model *p);

#endif
