#include "send/dest/webhook_form.h"

#include <stdio.h>

#include "send/dest/address.h"
#include "send/dest/head.h"
#include "send/dest/header_lines.h"
#include "send/dest/network.h"
#include "send/dest/show.h"
#include "send/dest/url_template.h"

#define AT(member) offsetof(struct webhook_settings, member)

static const struct dest_option rows[] = {
	{"method", "<method>", "PUT, or PUT,delete=DELETE", DEST_LIST,
	 .at = AT(methods),
	 .values = "GET|POST|PUT|PATCH|DELETE|insert=|update=|delete=",
	 .in_profile = true},
	{"url", "<url>", "URL of one action: delete=/users/{userId}", DEST_LIST,
	 .at = AT(urls),
	 .values = "insert=|update=|delete=", .in_profile = true},
	{"success-status", "<n>", "success besides 2xx: delete=404", DEST_LIST,
	 .at = AT(successes), .in_profile = true},
	{"header", "<line>", "a header: 'Name: value'", DEST_LIST,
	 .at = AT(headers), .in_profile = true},
	{"header-file", "<file>", "secret headers, one a line", DEST_TEXT,
	 .at = AT(header_file)},
	{"oauth-file", "<file>", "OAuth 2 client credentials", DEST_TEXT,
	 .at = AT(oauth_file)},
	{"body", "<jq>", "jq program that makes the body", DEST_LIST,
	 .at = AT(bodies), .in_profile = true},
	{"body-format", "<format>", "json, or ndjson: a value a line",
	 DEST_TEXT, .at = AT(body_format), .values = "json|ndjson",
	 .in_profile = true},
	{"results", "<jq>", "jq program that reads each event's outcome",
	 DEST_TEXT, .at = AT(results), .in_profile = true},
	{"sign-key-file", "<file>", "sign bodies with this secret", DEST_LIST,
	 .at = AT(sign.key_files)},
	{"sign", "<form>", "plain, github, stripe or standard", DEST_TEXT,
	 .at = AT(sign.form), .values = "plain|github|stripe|standard",
	 .in_profile = true},
	{"sign-header", "<name>", "header of the signature", DEST_TEXT,
	 .at = AT(sign.header), .in_profile = true},
};

static int check(const void *settings, struct err *e)
{
	const struct webhook_settings *s = settings;

	if (s->body_format && !webhook_form_is_lines(s) &&
	    strcmp(s->body_format, "json") != 0)
		return err_names(e, ERR_USAGE,
				 "option '--body-format': '%s' is not json or "
				 "ndjson",
				 s->body_format);
	if ((s->sign.form || s->sign.header) && s->sign.key_files.n == 0)
		return err_names(e, ERR_USAGE,
				 "options '--sign' and '--sign-header' need "
				 "--sign-key-file");
	return 0;
}

const struct dest_group webhook_form_group = {
	rows, COUNT_OF(rows), sizeof(struct webhook_settings), check};

const struct webhook_settings *webhook_form_of(const struct dest_options *o)
{
	return dest_option_settings(o->given, &webhook_form_group);
}

bool webhook_form_is_lines(const struct webhook_settings *s)
{
	return s->body_format && strcmp(s->body_format, "ndjson") == 0;
}

void webhook_form_adapt(const struct dest_options *o, struct dest_form *form)
{
	const struct webhook_settings *s = webhook_form_of(o);

	if (webhook_form_is_lines(s) && s->bodies.n == 0)
		form->frame = (struct batch_frame){"", "\n", "\n"};
	form->by_action =
		by_action_differs(&s->methods, true) ||
		by_action_differs(&s->urls, false) ||
		by_action_differs(&s->bodies, false) ||
		(!s->results && by_action_differs(&s->successes, true)) ||
		by_action_differs(&s->headers, false);
}

/* ---- options and checks ----------------------------------------------- */

bool webhook_form_is_bodiless(const struct webhook_form *f,
			      enum by_action_which which)
{
	const char *m = f->method.v[which];

	return m && !f->program.own[which] &&
	       (strcmp(m, "GET") == 0 || strcmp(m, "DELETE") == 0);
}

static int check_methods(const struct webhook_form *f, struct err *e)
{
	static const char *const known[] = {"GET", "POST", "PUT", "PATCH",
					    "DELETE"};

	for (size_t k = 0; k < BY_ACTIONS; k++) {
		const char *m = f->method.v[k];
		size_t i = 0;

		while (m && i < COUNT_OF(known) && strcmp(m, known[i]) != 0)
			i++;
		if (i == COUNT_OF(known))
			return err_names(e, ERR_USAGE,
					 "option '--method': '%s' is not GET, "
					 "POST, PUT, PATCH or DELETE, nor is "
					 "there such an action",
					 m);
		if (webhook_form_is_bodiless(f, (enum by_action_which)k) &&
		    !f->single)
			return err_names(
				e, ERR_USAGE,
				"option '--method': %s has no body, so "
				"it needs one event per request (--batch "
				"1), or a --body of its action",
				m);
	}
	return 0;
}

/* Appends the URL of an action: `own` is a path at the host of `all`, or a
 * whole URL with that host. ERR_USAGE.
 */
static int own_url(struct buf *b, const char *all, const char *own,
		   struct err *e)
{
	const char *host = strstr(all, "://");
	size_t n = host ? (size_t)(host - all) + 3 : 0;

	n += strcspn(all + n, "/?#");
	if (*own == '/')
		buf_add(b, all, n);
	else if (strncmp(own, all, n) != 0 || !strchr("/?", own[n]) || !own[n])
		return err_names(
			e, ERR_USAGE,
			"option '--url': a path (/...), or a URL at the "
			"host of the destination");
	buf_str(b, own);
	return 0;
}

static int take_url(struct webhook_form *f, enum by_action_which which,
		    const char *url, const struct dest_options *o,
		    struct err *e)
{
	struct buf checked = {0};
	int rc;

	f->templated[which] = strchr(url, '{') != NULL;
	if (f->templated[which] && !f->single)
		return err_set(e, ERR_USAGE,
			       "destination: {...} needs one event per "
			       "request: use --batch 1");
	if (o->dry)
		show_mask(&f->url[which], url);
	else
		buf_str(&f->url[which], url);
	rc = url_template_check(url, e);
	if (rc == 0)
		rc = address_url(&checked, url, NULL,
				 network_http_of(o)->allow_http, e);
	buf_clear(&checked);
	return rc;
}

static int take_urls(struct webhook_form *f, const struct dest_options *o,
		     struct err *e)
{
	const struct webhook_settings *s = webhook_form_of(o);
	struct by_action own;

	if (by_action_read(&own, "url", &s->urls, false, e) < 0)
		return -1;
	if (own.own[BY_OTHERS])
		return err_names(e, ERR_USAGE,
				 "option '--url': say of which action, as in "
				 "delete=/users/{userId}; -d has that of all");
	for (size_t k = 0; k < BY_ACTIONS; k++) {
		struct buf url = {0};
		int rc = 0;

		if (own.own[k])
			rc = own_url(&url, o->url, own.v[k], e);
		else
			buf_str(&url, o->url);
		if (rc == 0)
			rc = take_url(f, (enum by_action_which)k,
				      buf_cstr(&url), o, e);
		buf_clear(&url);
		if (rc < 0)
			return -1;
	}
	return 0;
}

int webhook_form_open(struct webhook_form *f, const struct dest_options *o,
		      struct err *e)
{
	const struct webhook_settings *s = webhook_form_of(o);

	f->single = o->batch == 1;
	if (by_action_read(&f->method, "method", &s->methods, true, e) < 0 ||
	    by_action_read(&f->program, "body", &s->bodies, false, e) < 0 ||
	    by_action_read_statuses(&f->success, "success-status",
				    &s->successes, e) < 0 ||
	    take_urls(f, o, e) < 0)
		return -1;
	return check_methods(f, e);
}

/* Refuses a header of the file that an action replaces, because curl(1), with
 * --as-curl, sends all headers of the file.
 */
static int check_replaced(const struct webhook_form *f, const char *line,
			  struct err *e)
{
	char name[80];

	snprintf(name, sizeof(name), "%.*s", (int)strcspn(line, ":"), line);
	for (size_t k = 0; k < BY_ACTIONS; k++) {
		if (head_has(&f->header[k], name))
			return err_names(
				e, ERR_USAGE,
				"option '--header': '%s' is in the file "
				"of --header-file too",
				name);
	}
	return 0;
}

int webhook_form_headers(struct webhook_form *f,
			 const struct webhook_settings *s, struct buf *secret,
			 struct buf *list, size_t *n, struct err *e)
{
	const char *end = NULL, *const * given;

	*n = 0;
	for (size_t i = 0; i < s->headers.n; i++) {
		enum by_action_which which;
		const char *line = by_action_text(s->headers.v[i], &which);

		if (header_lines_check(line, e) < 0)
			return -1;
		if (which != BY_OTHERS) {
			buf_add(&f->header[which], line, strlen(line) + 1);
			continue;
		}
		buf_add(list, &line, sizeof(line));
		(*n)++;
	}
	if (s->header_file &&
	    header_lines_secret(s->header_file, secret, list, e) < 0)
		return -1;
	buf_add(list, &end, sizeof(end));
	given = (const void *)list->p;
	for (given += *n; *given; given++) {
		if (check_replaced(f, *given, e) < 0)
			return -1;
	}
	return 0;
}

bool webhook_form_has_template(const struct webhook_form *f)
{
	const bool *of = f->templated;

	return of[BY_INSERT] || of[BY_UPDATE] || of[BY_DELETE] || of[BY_OTHERS];
}

void webhook_form_clear(struct webhook_form *f)
{
	for (size_t k = 0; k < BY_ACTIONS; k++) {
		buf_clear(&f->url[k]);
		buf_wipe(&f->header[k]);
	}
	by_action_clear(&f->method);
	by_action_clear(&f->program);
}
