#include "sync/show_log.h"

#include "core/clock.h"
#include "core/tool.h"
#include "core/writer.h"
#include "sync/chosen_states.h"
#include "sync/report/capture.h"
#include "sync/report/last_lines.h"
#include "sync/report/log_text.h"
#include "sync/report/pager.h"
#include "sync/report/worst_status.h"
#include "wire/json/json.h"

struct showing {
	const struct log_options *o;
	struct buf text;
	struct screen_style style;
	uint64_t now_ms;
	bool json;
	struct err worst;
};

/* Takes the error of one state; the other states are still shown. */
static void note(struct showing *s, const char *name, struct err *one)
{
	err_in(one, "%s", name);
	if (s->worst.kind == ERR_NONE) {
		s->worst = *one;
	} else if (worst_status_is(one->kind, s->worst.kind)) {
		tool_error("%s", s->worst.text);
		s->worst = *one;
	} else {
		tool_error("%s", one->text);
	}
}

/* Appends the last n lines, newest first, each with the name of its sync. */
static void put_lines(struct showing *s, const char *name, struct slice lines)
{
	struct slice rest = lines, line;
	struct buf quoted = {0};

	json_lossy(&quoted, slice_str(name), SIZE_MAX);
	for (uint64_t i = 0; i < s->o->n && last_lines(&rest, &line); i++) {
		if (line.n < 2 || line.p[0] != '{')
			continue;
		buf_str(&s->text, "{\"sync\":");
		buf_slice(&s->text, buf_all(&quoted));
		buf_char(&s->text, ',');
		buf_slice(&s->text, slice_of(line.p + 1, line.n - 1));
		buf_char(&s->text, '\n');
	}
	buf_clear(&quoted);
}

static int ask(struct showing *s, const struct chosen_state *c,
	       struct capture *got, struct err *e)
{
	const char *const key[] = {"rudder-diff", "--log",   s->o->key,
				   "-s",          c->folder, NULL};
	const char *const other[] = {"rudder-diff",
				     s->o->failing ? "--failing" : "--runs",
				     "-s", c->folder, NULL};

	return capture_run(got, s->o->key ? key : other, e);
}

/* Shows lines of rudder-diff: the receipts of a key, or anything as JSON. */
static void show_lines(struct showing *s, const struct chosen_state *c)
{
	struct capture got = {0};
	struct err one;

	if (ask(s, c, &got, &one) < 0)
		note(s, c->name, &one);
	else if (s->json)
		put_lines(s, c->name, buf_all(&got.out));
	else
		log_text_key(&s->text, c->name, s->o->key, buf_all(&got.out),
			     s->o->n, &s->style);
	capture_clear(&got);
}

static void show_report(struct showing *s, const struct chosen_state *c,
			bool alone)
{
	struct sync_report r;

	sync_report_read(&r, c->name, c->folder);
	if (r.lack.kind != ERR_NONE) {
		note(s, c->name, &r.lack);
	} else if (s->o->failing) {
		log_text_failing(&s->text, &r, s->o->n, s->now_ms, &s->style);
	} else {
		if (!alone && r.n_runs > 0)
			buf_fmt(&s->text, "== %s\n\n", c->name);
		log_text_runs(&s->text, &r, s->o->n, s->now_ms, &s->style);
	}
	sync_report_clear(&r);
}

static int check(const struct log_options *o, struct err *e)
{
	if (o->key && o->failing)
		return err_names(e, ERR_USAGE,
				 "options '--key' and '--failing': give one of "
				 "them");
	if (o->format && strcmp(o->format, "text") != 0 &&
	    strcmp(o->format, "json") != 0)
		return err_set(e, ERR_USAGE,
			       "option '--format': unknown format '%s'; use "
			       "text or json",
			       o->format);
	return 0;
}

/* Sets the error of the command. With --key, states without the key are not an
 * error if at least one has it.
 */
static int conclude(const struct showing *s, struct err *e)
{
	if (s->worst.kind == ERR_NONE ||
	    (s->o->key && s->worst.kind == ERR_INPUT && s->text.n > 0))
		return 0;
	*e = s->worst;
	return -1;
}

int show_log(const struct log_options *o, int out, struct err *e)
{
	struct showing s = {.o = o, .now_ms = clock_wall_ms()};
	struct chosen_states c = {0};
	int rc = check(o, e);

	s.json = o->format && strcmp(o->format, "json") == 0;
	screen_text_style(&s.style, out);
	if (rc == 0)
		rc = chosen_states(&c, o->names, e);
	for (size_t i = 0; rc == 0 && i < c.n; i++) {
		struct err one;

		if (c.v[i].wrong) {
			err_names(&one, ERR_CONFIG, "%s", c.v[i].wrong);
			note(&s, c.v[i].name, &one);
		}
		if (s.json || o->key)
			show_lines(&s, &c.v[i]);
		else
			show_report(&s, &c.v[i], c.n == 1);
	}
	if (!s.json && !o->key)
		chosen_states_others(&s.text, &c, "log");
	if (rc == 0)
		rc = s.json ? writer_all(out, s.text.p, s.text.n, e)
			    : pager_show(out, buf_all(&s.text), e);
	if (rc == 0)
		rc = conclude(&s, e);
	buf_clear(&s.text);
	chosen_states_clear(&c);
	return rc;
}
