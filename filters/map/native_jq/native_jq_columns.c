#include "map/native_jq/native_jq_columns.h"

#include "map/native_jq/native_jq_tree.h"

struct reading {
	native_jq_column_fn *column;
	void *ctx;
	bool all; /* the program reads the whole row */
};

static bool read_node(struct reading *x, const struct native_jq_node *n,
		      bool row);

/* Visits a node whose value is used. If the value may be the row, all columns
 * are read.
 */
static void use(struct reading *x, const struct native_jq_node *n, bool row)
{
	if (n && read_node(x, n, row))
		x->all = true;
}

static void use_parts(struct reading *x, const struct native_jq_node *n,
		      bool row)
{
	use(x, n->a, row);
	use(x, n->b, row);
	use(x, n->c, row);
	for (const struct native_jq_node *i = n->list; i; i = i->next)
		use(x, i, row);
}

/* Visits a node of which only the truth is used. If its value is the row, that
 * is always true, so nothing is read.
 */
static void use_truth(struct reading *x, const struct native_jq_node *n,
		      bool row)
{
	if (n)
		(void)read_node(x, n, row);
}

/* Visits a node. row: its input is the row. Returns whether its value may be
 * the row.
 */
static bool read_node(struct reading *x, const struct native_jq_node *n,
		      bool row)
{
	bool a, b;

	switch (n->op) {
	case NATIVE_JQ_INPUT:
		return row;
	case NATIVE_JQ_FIELD:
		if (n->a ? read_node(x, n->a, row) : row)
			x->column(x->ctx, n->name);
		return false;
	case NATIVE_JQ_PIPE:
		return read_node(x, n->b, read_node(x, n->a, row));
	case NATIVE_JQ_ELSE:
		a = read_node(x, n->a, row);
		b = read_node(x, n->b, row);
		return a || b;
	case NATIVE_JQ_TRY:
		return read_node(x, n->a, row);
	case NATIVE_JQ_SELECT:
		use_truth(x, n->a, row);
		return row;
	case NATIVE_JQ_IF:
		use_truth(x, n->a, row);
		a = n->b ? read_node(x, n->b, row) : row;
		b = n->c ? read_node(x, n->c, row) : row;
		return a || b;
	case NATIVE_JQ_AND:
	case NATIVE_JQ_OR:
		use_truth(x, n->a, row);
		use_truth(x, n->b, row);
		return false;
	case NATIVE_JQ_OBJECT:
		for (const struct native_jq_node *i = n->list; i; i = i->next)
			use(x, i->a, row);
		return false;
	case NATIVE_JQ_CONSTANT:
	case NATIVE_JQ_EMPTY:
	case NATIVE_JQ_NOT:
	case NATIVE_JQ_TYPE:
		use_parts(x, n, row);
		return false;
	case NATIVE_JQ_STARTS:
	case NATIVE_JQ_ENDS:
	case NATIVE_JQ_LENGTH:
	case NATIVE_JQ_TOSTRING:
	case NATIVE_JQ_DOWN:
	case NATIVE_JQ_UP:
		/* these read the input itself */
		x->all = x->all || row;
		use_parts(x, n, row);
		return false;
	default:
		use_parts(x, n, row);
		return false;
	}
}

bool native_jq_columns(const char *program, bool value,
		       native_jq_column_fn *column, void *ctx)
{
	struct reading x = {.column = column, .ctx = ctx};
	struct native_jq_no why;
	struct native_jq *l = native_jq_new(program, &why);

	if (!l)
		return false;
	if (value)
		use(&x, l->root, true);
	else
		use_truth(&x, l->root, true);
	native_jq_free(l);
	return !x.all;
}
