/* project.h - the resources of a rudder-cli project: RudderStack's own YAML.
 *
 * Floor 1 (wire). A project is a folder of YAML files, or one of them. Each
 * document is an object with version, kind, metadata and spec; what a spec
 * holds depends on the kind. Kinds that no command here needs are passed over.
 * Source: docs of RudderStack, "Reverse ETL Connection YAML Reference", and
 * github.com/rudderlabs/rudder-iac, read 2026-11-23.
 */
#ifndef WIRE_SETTINGS_PROJECT_H
#define WIRE_SETTINGS_PROJECT_H

#include "core/buf.h"
#include "wire/settings/doc.h"

#define PROJECT_CONNECTIONS "retl-connections"
#define PROJECT_MODEL       "retl-source-sql-model"
#define PROJECT_TABLE       "retl-source-table"
#define PROJECT_DESTINATION "destination"

struct project_item {
	const char *kind;       /* one of the above */
	const char *path;       /* of its file */
	const struct doc *spec; /* an object */
};

struct project {
	struct project_item *item; /* owned */
	size_t n;
	struct doc **doc; /* owned, as are their names: one for each file */
	char **path;
	size_t n_files;
	char *folder; /* owned: of all its files */
};

/* Whether a parsed file has resources: an object with a kind and a spec, or an
 * array with such an object.
 */
bool project_is(const struct doc *d);

/* Reads a file, or a folder and all below it whose name does not start with a
 * dot, in alphabetical order. ERR_INPUT if it cannot be read, ERR_CONFIG for
 * what is not YAML, has an unknown version or key, or is more than 1,000 files
 * or 16 folders deep, or where a file is reached by a symbolic link that leaves
 * the folder. Clear it in any case.
 */
int project_load(struct project *p, const char *path, struct err *e) MUST_USE;

void project_clear(struct project *p);

/* The item of that kind and id, or NULL. */
const struct project_item *project_find(const struct project *p,
					const char *kind, const char *id);

/* The id in a reference "#kind:id", or NULL if it has a different kind. */
const char *project_ref(const char *ref, const char *kind);

/* A file that a resource names, relative to its own file, at most max bytes, to
 * the end of b: ERR_CONFIG where the name is absolute or leaves the folder of
 * the project (that of the file where the project is one file).
 */
int project_file(const struct project *p, const struct project_item *item,
		 const char *name, size_t max, struct buf *b,
		 struct err *e) MUST_USE;

/* Prepends "'folder/models.yaml', line 7" to the error. Returns -1. */
int project_err_in(const struct project_item *item, const struct doc *at,
		   struct err *e);

/* Gets the text member of that name, or NULL: ERR_CONFIG if it is not a string,
 * or is missing but needed.
 */
int project_text(const struct doc *d, const char *name, bool needed,
		 const char **text, struct err *e) MUST_USE;

/* Whether a connection is enabled: its member "enabled", by default true.
 * ERR_CONFIG for another value: the YAML of rudder-cli treats "no" as false,
 * but the YAML that is read here treats it as text.
 */
int project_enabled(const struct doc *connection, bool *on,
		    struct err *e) MUST_USE;

#endif
