#include "sync/init_text.h"

#include <string.h>

#include "sync/yaml_text.h"
#include "wire/json/json.h"

/* Appends a column to a list of a mapping: its name, unless that contains
 * special characters.
 */
static void add_column(struct buf *b, const char *name)
{
	size_t n = strspn(name, "abcdefghijklmnopqrstuvwxyz_"
				"ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789");

	if (name[n] == '\0') {
		yaml_text_add(b, name, false);
		return;
	}
	buf_str(b, "{from: ");
	json_string(b, slice_str(name));
	buf_char(b, '}');
}

static void add_mapping(struct buf *b, const struct init_answers *x)
{
	const char *type = x->type;
	bool any = false;

	if (x->picked.n > 0) {
		buf_str(b, "mapping:\n  ");
		for (size_t i = 0; i < x->picked.n; i++) {
			buf_char(b, x->picked.p[i]);
			if (x->picked.p[i] == '\n' && i + 1 < x->picked.n)
				buf_str(b, "  ");
		}
		return;
	}
	buf_fmt(b, "mapping:\n  type: %s\n", type);
	if (strcmp(type, "record") == 0) {
		buf_str(b, "  identifiers: {");
		json_string(b, slice_str(x->key));
		buf_str(b, ": ");
		json_string(b, slice_str(x->key));
		buf_str(b, "}\n");
	} else {
		buf_str(b, "  user_id: ");
		yaml_text_add(b, x->key, false);
		buf_char(b, '\n');
	}
	if (strcmp(type, "track") == 0)
		buf_str(b, "  event: " INIT_TEXT_EVENT "\n");
	buf_str(b, "  columns: [");
	for (size_t i = 0; i < x->columns->n; i++) {
		if (strcmp(x->columns->v[i], x->key) == 0)
			continue;
		buf_str(b, any ? ", " : "");
		add_column(b, x->columns->v[i]);
		any = true;
	}
	buf_str(b, "]\n");
	if (strcmp(x->mode, "mirror") == 0 && strcmp(type, "record") != 0)
		buf_str(b, "  delete_event: " INIT_TEXT_DELETE "\n");
}

void init_text(struct buf *b, const struct init_answers *x)
{
	const char *key = x->key;

	buf_str(b, "# see rudder-sync-file(5)\nversion: 1\nsource: ");
	yaml_text_add(b, x->source, true);
	if (x->table) {
		buf_str(b, "\ntable: ");
		yaml_text_add(b, x->table, true);
	}
	if (x->delimiter) {
		buf_str(b, "\ndelimiter: ");
		yaml_text_add(b, x->delimiter, true);
	}
	buf_str(b, "\nkey: [");
	yaml_text_add(b, key, true);
	buf_fmt(b, "]\nmode: %s\n", x->mode);
	add_mapping(b, x);
	buf_str(b, "destination:\n  dest: ");
	yaml_text_add(b, x->dest, true);
	if (strncmp(x->dest, "rudder:", 7) == 0 ||
	    strncmp(x->dest, "segment:", 8) == 0)
		buf_str(b, "\n  write_key: env:RUDDER_WRITE_KEY");
	buf_char(b, '\n');
}
