/* url_template.h - URLs with {name} in them, filled with the values of an
 * event.
 *
 * Floor 2 (send). {name} or {name.name} stands behind the host for that value
 * of the event, percent-encoded. The scanner and the scratch room are shared by
 * all templates of a destination.
 */
#ifndef SEND_DEST_URL_TEMPLATE_H
#define SEND_DEST_URL_TEMPLATE_H

#include "core/buf.h"
#include "core/err.h"

struct scan;

struct url_template {
	struct scan *scan;
	struct buf text;  /* of the value found last, decoded */
	struct buf event; /* with the room that the scanner wants */
};

void url_template_init(struct url_template *t);

/* All-zero is allowed. */
void url_template_clear(struct url_template *t);

/* Braces must come in pairs, and behind the host: ERR_USAGE. */
int url_template_check(const char *url, struct err *e) MUST_USE;

/* The event of the next calls, which is copied. */
void url_template_event(struct url_template *t, struct slice event);

/* The text of this JSON scalar, decoded, in t->text: false for what has none.
 */
bool url_template_text(struct url_template *t, struct slice v);

/* The text of a scalar at that dotted path of the event, in t->text: false
 * if there is none.
 */
bool url_template_value(struct url_template *t, struct slice path);

/* The template filled, at the end of url: NULL, or why it cannot be (static
 * text).
 */
const char *url_template_fill(struct url_template *t, const char *template,
			      struct buf *url);

#endif
