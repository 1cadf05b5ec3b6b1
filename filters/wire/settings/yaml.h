/* yaml.h - YAML as JSON text, for settings files that people write.
 *
 * Floor 1 (wire). Through libyaml; a build without it refuses all. What comes
 * out is meant for doc.h: each value stands in the line that it has in the
 * YAML, so that messages about it are right.
 *
 * Plain scalars are null (also ~ and nothing), true, false, or numbers that
 * are JSON as they stand, digits kept; all others are strings, yes and no and
 * 0x10 too. Anchors and aliases are written out. Refused: tags but !!str,
 * merge keys (<<), keys that are not scalars, more than 64 levels or 1000
 * anchors, and text that written out is longer than YAML_MAX.
 */
#ifndef WIRE_SETTINGS_YAML_H
#define WIRE_SETTINGS_YAML_H

#include "core/buf.h"
#include "core/err.h"

#define YAML_MAX ((size_t)4 * 1024 * 1024)

/* The array of the documents in text at the end of b, as JSON. ERR_CONFIG with
 * line and column.
 */
int yaml_json(struct buf *b, struct slice text, struct err *e) MUST_USE;

/* Whether a file of that name counts as YAML: .yaml, .yml. */
bool yaml_named(const char *path);

#endif
