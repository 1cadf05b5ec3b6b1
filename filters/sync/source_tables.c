#include "sync/source_tables.h"

#include <stdlib.h>
#include <string.h>

#include "sync/pipeline.h"
#include "sync/report/worst_status.h"
#include "sync/variables.h"
#include "wire/settings/doc.h"

enum { OUTPUT = 4 * 1024 * 1024 };

/* Runs rudder-query with these options; its output goes to b. */
static int query(const char *source, const char *const *words, struct buf *b,
		 struct err *e)
{
	static const char *const program[] = {"rudder-query", NULL};
	const struct pipeline_options o = {.folder = "."};
	struct stages s = {0};
	bool bad;
	const char *variable = variables_env(source, &bad);
	int status;

	stages_command(&s, SYNC_QUERY, program);
	if (variable) {
		s.v[0].env = (struct stage_env){"RUDDER_SOURCE", variable};
	} else {
		const char *const of[] = {"--source", source, NULL};

		stages_add(&s, of);
	}
	stages_add(&s, words);
	status = pipeline_capture(b, &s, &o, OUTPUT, e);
	stages_clear(&s);
	return status < 0 ? -1 : worst_status_pass(status, e);
}

bool source_tables_any(const char *source)
{
	static const char *const one[] = {
		"csv:",  "tsv:",    "ndjson:", "jsonl:",
		"exec:", "singer:", "parquet:"};
	bool bad;
	const char *variable = variables_env(source, &bad);

	if (variable)
		source = getenv(variable);
	for (size_t i = 0; source && i < COUNT_OF(one); i++) {
		if (strncmp(source, one[i], strlen(one[i])) == 0)
			return false;
	}
	return true;
}

static void add_table(struct sync_texts *tables, struct slice line)
{
	struct doc *d = NULL;
	const struct doc *name;
	struct err ignored;

	if (doc_parse(&d, line, &ignored) < 0)
		return;
	name = doc_get(d, "name");
	if (name && name->text)
		sync_text_add(tables, name->text, name->text_n);
	doc_free(d);
}

int source_tables_list(struct sync_texts *tables, const char *source,
		       struct err *e)
{
	static const char *const words[] = {"--tables", NULL};
	struct buf b = {0};
	int rc = query(source, words, &b, e);
	char *p = buf_cstr(&b);

	for (; rc == 0 && *p; p += strcspn(p, "\n") + (*p != '\0')) {
		size_t n = strcspn(p, "\n");

		if (n > 0)
			add_table(tables, slice_of(p, n));
		if (!p[n])
			break;
	}
	buf_clear(&b);
	if (rc == 0 && tables->n == 0)
		rc = err_set(e, ERR_CONFIG, "the source has no tables");
	return rc;
}

/* Reads the names from --columns: the text before the first tab of each line.
 */
int source_tables_columns(struct sync_texts *columns, const char *source,
			  const char *table, const char *delimiter,
			  struct err *e)
{
	const char *words[] = {"--columns", NULL, NULL, NULL, NULL, NULL};
	struct buf b = {0};
	size_t n_words = 1;
	int rc;

	if (table) {
		words[n_words++] = "--table";
		words[n_words++] = table;
	}
	if (delimiter) {
		words[n_words++] = "--delimiter";
		words[n_words++] = delimiter;
	}
	rc = query(source, words, &b, e);

	for (const char *p = buf_cstr(&b); rc == 0 && *p;) {
		size_t n = strcspn(p, "\t\n");

		if (n > 0 && p[n] == '\t')
			sync_text_add(columns, p, n);
		p += strcspn(p, "\n");
		p += *p == '\n';
	}
	buf_clear(&b);
	if (rc == 0 && columns->n == 0)
		rc = err_set(e, ERR_CONFIG,
			     "the columns are not known before the rows are "
			     "read: write the sync file by hand, see "
			     "rudder-sync-file(5)");
	return rc;
}
