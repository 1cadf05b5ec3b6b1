/* webhook_form.h - the options of webhook: that shape its requests, with values
 * for each action.
 *
 * Floor 2 (send).
 */
#ifndef SEND_DEST_WEBHOOK_FORM_H
#define SEND_DEST_WEBHOOK_FORM_H

#include "send/dest/by_action.h"
#include "send/dest/dest.h"
#include "send/dest/signature.h"

/* The values of the options. For lists see by_action.h. */
struct webhook_settings {
	struct opt_list methods, urls, bodies, successes;
	struct opt_list headers; /* whole header lines */
	const char *header_file; /* file of secret header lines, or NULL */
	const char *body_format; /* "json", "ndjson" or NULL */
	const char *results;     /* jq program, or NULL */
	const char *oauth_file;  /* see oauth.h; or NULL */
	struct signature_settings sign;
};
extern const struct dest_group webhook_form_group;

/* Returns the values that a destination was given. */
const struct webhook_settings *webhook_form_of(const struct dest_options *o);

/* Whether bodies are NDJSON. */
bool webhook_form_is_lines(const struct webhook_settings *s);

/* Same as dest.adapt. */
void webhook_form_adapt(const struct dest_options *o, struct dest_form *form);

struct webhook_form {
	bool single; /* one event per request */
	struct by_action method, program;
	struct by_action_statuses success;
	struct buf url[BY_ACTIONS];    /* templates; masked in a dry run */
	bool templated[BY_ACTIONS];    /* its url contains braces */
	struct buf header[BY_ACTIONS]; /* lines for this action only, each ended
					* by a NUL */
};

/* Reads the options, except for headers, and checks that they fit together:
 * ERR_USAGE. Call webhook_form_clear also after a failure.
 */
int webhook_form_open(struct webhook_form *f, const struct dest_options *o,
		      struct err *e) MUST_USE;

/* Adds to list a pointer to each line of --header that is for all actions, then
 * those of --header-file, then NULL; *n is the number of the former. Lines for
 * one action go to f. The lines of the file are stored in secret. ERR_USAGE;
 * also fails like file_secret.
 */
int webhook_form_headers(struct webhook_form *f,
			 const struct webhook_settings *s, struct buf *secret,
			 struct buf *list, size_t *n, struct err *e) MUST_USE;

/* Whether requests of this action have no body: GET and DELETE have one only if
 * this action has its own --body.
 */
bool webhook_form_is_bodiless(const struct webhook_form *f,
			      enum by_action_which which);

/* Whether any URL is a template. */
bool webhook_form_has_template(const struct webhook_form *f);

void webhook_form_clear(struct webhook_form *f);

#endif
