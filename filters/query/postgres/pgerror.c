#include "query/postgres/pgerror.h"

#ifdef WITH_POSTGRES
#include <stdlib.h>

#include "query/model_blame.h"

/* The kinds by the start of the SQLSTATE; the first match wins. */
static const struct {
	const char *state;
	enum err_kind kind;
} states[] = {
	{"42501", ERR_DENIED}, {"28", ERR_DENIED},  {"42", ERR_CONFIG},
	{"25006", ERR_CONFIG}, {"0A", ERR_CONFIG},  {"3", ERR_CONFIG},
	{"22", ERR_DATA},      {"21", ERR_DATA},    {"23", ERR_DATA},
	{"57014", ERR_TEMP},   {"40", ERR_TEMP},    {"53", ERR_TEMP},
	{"55", ERR_TEMP},      {"P0001", ERR_DATA},
};

/* Adds the hint without the name that model.c gives to the model. */
static void add_hint(struct buf *b, const char *hint)
{
	static const char ours[] = "rudder_model.";
	const char *at;

	buf_str(b, "; hint: ");
	while ((at = strstr(hint, ours))) {
		buf_add(b, hint, (size_t)(at - hint));
		hint = at + strlen(ours);
	}
	buf_str(b, hint);
}

int pgerror_set(const struct pgconn *p, const PGresult *r, struct err *e)
{
	const char *state = r ? PQresultErrorField(r, PG_DIAG_SQLSTATE) : NULL;
	const char *text =
		r ? PQresultErrorField(r, PG_DIAG_MESSAGE_PRIMARY) : NULL;
	enum err_kind kind = ERR_REFUSED;
	struct buf b = {0};
	const char *hint;

	for (size_t i = 0; state && i < COUNT_OF(states); i++) {
		if (slice_starts(slice_str(state), states[i].state)) {
			kind = states[i].kind;
			break;
		}
	}
	if (!text) {
		struct slice s = slice_str(PQerrorMessage(p->conn));

		while (s.n > 0 && s.p[s.n - 1] == '\n')
			s.n--;
		return err_set(e, kind, "PostgreSQL: %.*s", SLICE_FMT(s));
	}
	hint = PQresultErrorField(r, PG_DIAG_MESSAGE_HINT);
	if (hint)
		add_hint(&b, hint);
	err_set(e, kind, "PostgreSQL: %s (SQLSTATE %s)%s", text,
		state ? state : "unknown", buf_cstr(&b));
	buf_clear(&b);
	return -1;
}

int pgerror_set_model(const struct pgconn *p, const PGresult *r, struct err *e)
{
	const char *at = PQresultErrorField(r, PG_DIAG_STATEMENT_POSITION);
	struct slice text = buf_all(&p->job->model->text);
	unsigned long chars = at ? strtoul(at, NULL, 10) : 0;
	size_t byte = 0;

	(void)pgerror_set(p, r, e);
	if (!at)
		return model_blame(p->job->model, e);
	for (; byte < text.n && chars > 1; byte++)
		chars -=
			byte + 1 == text.n || (text.p[byte + 1] & 0xc0) != 0x80;
	model_blame_show(p->job->model, byte);
	return model_blame_at(p->job->model, byte, e);
}

int pgerror_nonsense(struct err *e)
{
	return err_set(e, ERR_PROTOCOL, "PostgreSQL: invalid data");
}

int pgerror_set_login(const struct pgconn *p, struct err *e)
{
	const char *text = PQerrorMessage(p->conn);
	bool denied = PQconnectionNeedsPassword(p->conn) ||
		      strstr(text, "authentication") ||
		      strstr(text, "pg_hba.conf");

	bool tls = strstr(text, "SSL") || strstr(text, "certificate");
	/* not temporary; recognized only in English messages */
	bool unknown = strstr(text, "does not exist");

	(void)pgerror_set(p, NULL, e);
	if (denied || (unknown && strstr(text, "role \"")))
		e->kind = ERR_DENIED;
	else if (tls)
		e->kind = ERR_PROTOCOL;
	else if (strstr(text, "definition of service") ||
		 (unknown && strstr(text, "database \"")))
		e->kind = ERR_CONFIG;
	return err_all_names(e);
}

#endif
