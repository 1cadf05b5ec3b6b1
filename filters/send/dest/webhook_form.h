/* webhook_form.h - what the options of webhook: ask of its requests, by the
 * action of their events.
 *
 * Floor 2 (send).
 */
#ifndef SEND_DEST_WEBHOOK_FORM_H
#define SEND_DEST_WEBHOOK_FORM_H

#include "send/dest/by_action.h"
#include "send/dest/dest.h"
#include "send/dest/signature.h"

/* Lists are as by_action.h has them. */
struct webhook_settings {
	struct opt_list methods, urls, bodies, successes;
	struct opt_list headers; /* whole lines, likewise */
	const char *header_file; /* the same, secret; or NULL */
	const char *body_format; /* "json", "ndjson" or NULL */
	const char *results;     /* jq program, or NULL */
	const char *oauth_file;  /* see oauth.h; or NULL */
	struct signature_settings sign;
};
extern const struct dest_group webhook_form_group;

/* These of a destination. */
const struct webhook_settings *webhook_form_of(const struct dest_options *o);

/* Bodies are NDJSON. */
bool webhook_form_is_lines(const struct webhook_settings *s);

/* As dest.adapt. */
void webhook_form_adapt(const struct dest_options *o, struct dest_form *form);

struct webhook_form {
	bool single; /* one event per request */
	struct by_action method, program;
	struct by_action_statuses success;
	struct buf url[BY_ACTIONS];    /* templates; in a dry run masked */
	bool templated[BY_ACTIONS];    /* url has braces */
	struct buf header[BY_ACTIONS]; /* lines for it alone, NUL between */
};

/* Reads all but the headers, and checks that they go together: ERR_USAGE. Clear
 * it also after a failure.
 */
int webhook_form_open(struct webhook_form *f, const struct dest_options *o,
		      struct err *e) MUST_USE;

/* Pointers to the lines of --header that are for all, and of --header-file,
 * NULL behind them, into list; how many of the first to *n. Those of one action
 * go to f. The lines of the file live in secret. ERR_USAGE, and as file_secret.
 */
int webhook_form_headers(struct webhook_form *f,
			 const struct webhook_settings *s, struct buf *secret,
			 struct buf *list, size_t *n, struct err *e) MUST_USE;

/* GET and DELETE have a body only where one is asked for. */
bool webhook_form_is_bodiless(const struct webhook_form *f,
			      enum by_action_which which);

/* Whether any URL is a template. */
bool webhook_form_has_template(const struct webhook_form *f);

void webhook_form_clear(struct webhook_form *f);

#endif
