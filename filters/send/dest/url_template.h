/* url_template.h - URLs that contain {name}, which is replaced by a value of an
 * event.
 *
 * Floor 2 (send). {name} or {name.name}, after the host, is replaced by that
 * value of the event, percent-encoded. All templates of a destination share the
 * scanner and its buffers.
 */
#ifndef SEND_DEST_URL_TEMPLATE_H
#define SEND_DEST_URL_TEMPLATE_H

#include "core/buf.h"
#include "core/err.h"

struct scan;

struct url_template {
	struct scan *scan;
	struct buf text;  /* the value found last, decoded */
	struct buf event; /* with the padding that the scanner needs */
};

void url_template_init(struct url_template *t);

/* t may be all zero. */
void url_template_clear(struct url_template *t);

/* Checks that braces come in pairs, and only after the host: ERR_USAGE. */
int url_template_check(const char *url, struct err *e) MUST_USE;

/* Sets the event of the next calls; it is copied. */
void url_template_event(struct url_template *t, struct slice event);

/* Decodes this JSON scalar into t->text; false if it has no text. */
bool url_template_text(struct url_template *t, struct slice v);

/* Decodes the scalar at that dotted path of the event into t->text; false if
 * the event has no such value.
 */
bool url_template_value(struct url_template *t, struct slice path);

/* Appends the filled template to url. Returns NULL, or why that is impossible
 * (static text).
 */
const char *url_template_fill(struct url_template *t, const char *template,
			      struct buf *url);

#endif
