#include "send/stop.h"

/* Appends "https://host:port" of a URL to b. address_url has checked that the
 * URL has no user name; the path is left out because it may be a secret.
 */
static void put_origin(struct buf *b, const char *url)
{
	size_t n = strcspn(url, ":") + strlen("://");

	buf_add(b, url, n + strcspn(url + n, "/?#"));
}

void stop_begin(struct run *r, const struct err *why)
{
	struct run_stop *stop = &r->stop;

	if (stop->begun)
		return;
	stop->begun = true;
	stop->why = *why;
	stop->deadline_ms = r->known.now_ms + r->asked.o->grace_ms;
	r->arrived.eof = true;
}

void stop_name_host(const struct run_asked *asked, const struct reply *reply,
		    struct err *why)
{
	struct buf origin = {0};

	if (reply->of_host && !reply->named)
		put_origin(&origin, asked->to.url);
	if (origin.n > 0)
		(void)err_in(why, "'%s'", buf_cstr(&origin));
	buf_clear(&origin);
}

void stop_by_reply(struct run *r, const struct reply *reply,
		   const struct err *why)
{
	struct err e = *why;

	stop_name_host(&r->asked, reply, &e);
	stop_begin(r, &e);
}
