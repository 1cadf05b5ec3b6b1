/* yaml.h - converts YAML to JSON text, for settings files that people write.
 *
 * Floor 1 (wire). Uses libyaml; a build without it refuses all YAML. The output
 * is for doc.h: each value is on the same line as in the YAML, so that messages
 * have the right line.
 *
 * Plain scalars are null (also ~ and the empty one), true, false, or numbers in
 * the form of JSON, whose digits are kept. All others are strings, even yes, no
 * and 0x10. Anchors and aliases are expanded. Refused: tags except !!str, merge
 * keys (<<), keys that are not scalars, more than 64 levels or 1000 anchors,
 * and output longer than YAML_MAX.
 */
#ifndef WIRE_SETTINGS_YAML_H
#define WIRE_SETTINGS_YAML_H

#include "core/buf.h"
#include "core/err.h"

#define YAML_MAX ((size_t)4 * 1024 * 1024)

/* Appends the array of the documents in text, as JSON. ERR_CONFIG with line and
 * column.
 */
int yaml_json(struct buf *b, struct slice text, struct err *e) MUST_USE;

/* Whether the file name is that of a YAML file: .yaml, .yml. */
bool yaml_named(const char *path);

#endif
