#include "query/trino/trkey.h"

#ifdef WITH_CURL

/* A type that a connector may be unable to store is stored as text. */
static const struct {
	enum trtype_kind kind;
	const char *stored, *parsed, *back;
} key_types[] = {
	{TRTYPE_BOOL, "?", "CAST(? AS boolean)", "?"},
	{TRTYPE_INT, "CAST(? AS bigint)", "CAST(? AS bigint)", "CAST(? AS $)"},
	{TRTYPE_DECIMAL, "?", "CAST(? AS $)", "?"},
	{TRTYPE_TEXT, "CAST(? AS varchar)", "?", "CAST(? AS $)"},
	{TRTYPE_DAY, "?", "CAST(split_part(?, 'T', 1) AS date)", "?"},
	{TRTYPE_STAMP, "CAST(? AS varchar)",
	 "CAST(CAST(replace(replace(?, 'T', ' '), 'Z') AS $) AS varchar)",
	 "CAST(? AS $)"},
	{TRTYPE_ZONED_STAMP, "CAST(? AT TIME ZONE 'UTC' AS varchar)",
	 "CAST(CAST(replace(replace(?, 'T', ' '), 'Z', ' UTC') AS $) AS "
	 "varchar)",
	 "CAST(? AS $)"},
};

int trkey_type(const struct trdelta *x, struct delta_key *k, struct err *e)
{
	size_t at = 0;

	while (at < x->n && !slice_is(buf_all(&k->name), x->head[at].name))
		at++;
	if (at == x->n)
		return 0; /* rows_columns_check reports it */
	k->type = x->head[at].native;
	for (size_t i = 0; i < COUNT_OF(key_types); i++) {
		if (key_types[i].kind != x->type[at]->kind)
			continue;
		k->stored = key_types[i].stored;
		k->parsed = key_types[i].parsed;
		k->back = key_types[i].back;
		return 0;
	}
	return err_names(e, ERR_CONFIG,
			 "--delta: the key column '%s' is %s, which Trino "
			 "compares in another way than rudder-diff; cast it in "
			 "the model, to varchar for instance",
			 buf_cstr(&k->name), k->type);
}

#endif
