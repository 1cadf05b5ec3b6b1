#include "query/duckdb/duckerror.h"

#define OWN "Invalid Input Error: " DUCKERROR_OWN

/* The kinds by how DuckDB's messages begin; the first match wins. */
static const struct {
	const char *begin;
	enum err_kind kind;
	const char *cure;
} kinds[] = {
	{"IO Error: No files found", ERR_INPUT, ""},
	{"IO Error: Could not set lock", ERR_TEMP, ""},
	{"IO Error: Could not read", ERR_IO, ""},
	{"IO Error: The file", ERR_DATA, ""},
	{"IO Error: Cannot open file", ERR_INPUT, ""},
	{"IO Error: Extension", ERR_CONFIG, ""}, /* the extension is not
						  * installed */
	{"IO Error", ERR_IO, ""},
	{"HTTP Error", ERR_REFUSED, ""},
	{"Permission Error: Cannot access", ERR_DENIED,
	 "; add '?external=on' to the source to permit reading other files"},
	{"Permission Error", ERR_DENIED, ""},
	{"Out of Memory Error", ERR_OS, ""},
	{"INTERRUPT Error", ERR_DATA,
	 " Stopped by DuckDB because one of its threads failed; add "
	 "'?threads=1' to the source to see why"},
	{"Parser Error", ERR_CONFIG, ""},
	{"Binder Error", ERR_CONFIG, ""},
	{"Catalog Error", ERR_CONFIG, ""},
	{"Not implemented Error", ERR_CONFIG, ""},
	{"Extension Autoloading Error", ERR_CONFIG, ""},
	{"Missing Extension Error", ERR_CONFIG, ""},
	{"INTERNAL Error", ERR_PROTOCOL, ""},
};

int duckerror_set(const char *why, struct err *e)
{
	struct slice text = slice_str(why ? why : "no reason given");
	const char *place = memmem(text.p, text.n, "\n\nLINE ", 7);
	enum err_kind kind = ERR_DATA;
	const char *cure = "";

	if (place) /* the rest is an excerpt of the statement */
		text.n = (size_t)(place - text.p);
	if (slice_starts(text, OWN))
		return err_set(e, ERR_CONFIG, "%.*s",
			       (int)(text.n - strlen(OWN)),
			       text.p + strlen(OWN));
	for (size_t i = COUNT_OF(kinds); i-- > 0;) {
		if (!slice_starts(text, kinds[i].begin))
			continue;
		kind = kinds[i].kind;
		cure = kinds[i].cure;
	}
	return err_set(e, kind, "DuckDB: %.*s%s", SLICE_FMT(text), cure);
}
