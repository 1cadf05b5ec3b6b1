/* fuzz_yaml.c - any bytes: what is read as YAML comes out as JSON that a
 * tree can be made of, unless it has a duplicate name, and within its bound
 */
#include "fuzz.h"

#include <string.h>

#include "wire/settings/doc.h"
#include "wire/settings/yaml.h"

#ifdef WITH_YAML
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t n)
{
	struct buf json = {0};
	struct doc *d;
	struct err e;
	struct slice text = slice_of((const char *)data, n);

	if (yaml_json(&json, text, &e) == 0) {
		HOLDS(json.n < 3 * YAML_MAX);
		if (doc_parse_yaml(&d, text, &e) == 0) {
			REACHED("a document");
			HOLDS(d->kind == SCAN_ARRAY);
			doc_free(d);
		} else {
			REACHED("a document with a duplicate key");
			HOLDS(strstr(e.text, "a name twice") ||
			      strstr(e.text, "' is already in line ") ||
			      strstr(e.text, "duplicate key '"));
		}
	}
	buf_clear(&json);
	return 0;
}
#else
FUZZ_WITHOUT_LIBRARY
#endif
