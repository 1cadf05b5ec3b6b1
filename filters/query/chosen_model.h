/* chosen_model.h - the one model of a run, by its options, with its key and
 * parameters
 *
 * Floor 2 (query). A model is a file, --sql, a table, a model of dbt or of a
 * project, or what --tables lists; a source without SQL has none.
 */
#ifndef QUERY_CHOSEN_MODEL_H
#define QUERY_CHOSEN_MODEL_H

#include "query/model.h"
#include "query/part.h"
#include "query/query.h"
#include "query/source.h"

/* What comes with a model is for rudder-diff: see rows.h. */
struct chosen_model {
	struct model model;
	struct model_param *param;
	struct model_part part;
	struct buf part_text;         /* of the part, or empty */
	struct buf key, mode, cursor; /* JSON, a word, a column; or empty */
};

/* *p is all-zero before. A cursor that a project names goes to o->cursor,
 * borrowed from *p. ERR_USAGE, ERR_CONFIG; as model.h, dbt.h, rudder_cli.h say.
 */
int chosen_model_take(struct chosen_model *p, struct query_options *o,
		      const struct source *s, struct err *e) MUST_USE;

void chosen_model_clear(struct chosen_model *p);

#endif
