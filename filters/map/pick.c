#include "map/pick.h"

#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "core/mem.h"
#include "core/tool.h"
#include "core/writer.h"
#include "map/pick_model.h"
#include "map/screen/preview.h"
#include "map/screen/terminal.h"
#include "wire/stream/input.h"

enum { NAME = 30, VALUE = 30, FRAME = 3 /* lines above and below the list */ };

enum mode { LIST, SEARCH, TARGET };

struct pick {
	struct pick_model c;
	struct terminal t;
	enum mode mode;
	size_t *shown; /* owned: columns that match the search */
	size_t n_shown, at, top;
	struct buf search, target;
	struct err why; /* error to show; ERR_NONE: none */
};

/* ---- the screen ------------------------------------------------------- */

/* Finds the columns whose name contains the search text. */
static void find_shown(struct pick *p)
{
	const char *want = p->search.n > 0 ? p->search.p : "";

	p->n_shown = 0;
	for (size_t i = 0; i < p->c.n; i++) {
		if (strcasestr(p->c.column[i].name, want))
			p->shown[p->n_shown++] = i;
	}
	if (p->at >= p->n_shown)
		p->at = p->n_shown > 0 ? p->n_shown - 1 : 0;
}

static void put_cell(struct buf *b, const char *text, size_t width, bool fill)
{
	struct buf safe = {0};

	buf_str(&safe, text);
	preview_safe(&safe, 0, true);
	preview_cell(b, buf_all(&safe), width, fill, false);
	buf_clear(&safe);
}

static void put_column(struct buf *b, const struct pick *p,
		       const struct pick_model_column *c, bool here)
{
	size_t width = p->t.columns, name = width / 3 < NAME ? width / 3 : NAME;
	size_t value = width / 4 < VALUE ? width / 4 : VALUE;
	struct buf line = {0};

	put_cell(&line,
		 c->id && !c->on ? "    "
		 : c->on         ? "[x] "
				 : "[ ] ",
		 4, true);
	put_cell(&line, c->name, name, true);
	buf_char(&line, ' ');
	put_cell(&line, c->sample, value, true);
	if (c->id)
		buf_fmt(&line, " %s", c->id);
	else if (c->target)
		buf_fmt(&line, " \xe2\x86\x92 %s", c->target);
	buf_str(b, here ? "\033[7m" : c->id && !c->on ? "\033[2m" : "");
	put_cell(b, buf_cstr(&line), width - 1, here);
	buf_str(b, "\033[0m\n");
	buf_clear(&line);
}

/* Writes a line through preview_cell, because column names and typed text may
 * contain control characters.
 */
static void put_line(struct buf *b, const struct pick *p, const char *text)
{
	put_cell(b, text, p->t.columns - 1, false);
}

static void put_foot(struct buf *b, struct pick *p)
{
	struct buf line = {0};

	if (p->mode == SEARCH)
		buf_fmt(&line, "search: %s_",
			p->search.n > 0 ? buf_cstr(&p->search) : "");
	else if (p->mode == TARGET)
		buf_fmt(&line, "target of %s: %s_",
			p->c.column[p->shown[p->at]].name,
			p->target.n > 0 ? buf_cstr(&p->target) : "");
	else if (p->why.kind != ERR_NONE)
		buf_str(&line, p->why.text);
	else
		buf_str(&line, "space select  a all  n none  e target  u user "
			       "id  / search  enter done  q quit");
	put_line(b, p, buf_cstr(&line));
	buf_clear(&line);
}

static void draw(struct pick *p)
{
	size_t lines = p->t.rows > FRAME + 1 ? p->t.rows - FRAME : 1, on = 0;
	struct buf b = {0}, head = {0};

	for (size_t i = 0; i < p->c.n; i++)
		on += p->c.column[i].on;
	if (p->at < p->top)
		p->top = p->at;
	if (p->at >= p->top + lines)
		p->top = p->at - lines + 1;
	if (p->top + lines > p->n_shown) /* the screen has grown */
		p->top = p->n_shown > lines ? p->n_shown - lines : 0;
	buf_fmt(&head, "columns: %zu of %zu selected", on, p->c.n);
	if (p->search.n > 0)
		buf_fmt(&head, ", %zu with '%s'", p->n_shown,
			buf_cstr(&p->search));
	put_line(&b, p, buf_cstr(&head));
	buf_char(&b, '\n');
	for (size_t i = p->top; i < p->n_shown && i < p->top + lines; i++)
		put_column(&b, p, &p->c.column[p->shown[i]], i == p->at);
	buf_char(&b, '\n');
	put_foot(&b, p);
	terminal_draw(&p->t, &b);
	buf_clear(&b);
	buf_clear(&head);
}

/* ---- keys ------------------------------------------------------------- */

static struct pick_model_column *here(struct pick *p)
{
	return p->n_shown > 0 ? &p->c.column[p->shown[p->at]] : NULL;
}

static void move(struct pick *p, enum terminal_key key)
{
	size_t page = p->t.rows > FRAME + 1 ? p->t.rows - FRAME : 1;
	size_t last = p->n_shown > 0 ? p->n_shown - 1 : 0, at = p->at;

	switch (key) {
	case TERMINAL_UP:
		at -= at > 0;
		break;
	case TERMINAL_DOWN:
		at++;
		break;
	case TERMINAL_PAGE_UP:
		at = at > page ? at - page : 0;
		break;
	case TERMINAL_PAGE_DOWN:
		at += page;
		break;
	case TERMINAL_HOME:
		at = 0;
		break;
	case TERMINAL_END:
		at = last;
		break;
	default:
		break;
	}
	p->at = at > last ? last : at;
}

static void take_all(struct pick *p, bool on)
{
	for (size_t i = 0; i < p->n_shown; i++) {
		struct pick_model_column *c = &p->c.column[p->shown[i]];

		c->on = on && !c->id;
	}
}

static void edit_target(struct pick *p)
{
	p->mode = TARGET;
	p->target.n = 0;
	buf_str(&p->target, here(p)->target ? here(p)->target : "");
}

static void letter(struct pick *p, char c)
{
	struct pick_model_column *k = here(p);

	switch (c) {
	case 'a':
	case 'n':
		take_all(p, c == 'a');
		break;
	case 'j':
		move(p, TERMINAL_DOWN);
		break;
	case 'k':
		move(p, TERMINAL_UP);
		break;
	case '/':
		p->mode = SEARCH;
		break;
	case ' ':
		if (k && !(k->id && strcmp(k->id, "user id") == 0))
			k->on = !k->on;
		break;
	case 'e':
		if (k && (!k->id || k->on))
			edit_target(p);
		break;
	case 'u':
		if (k)
			pick_model_set_user(&p->c, k);
		break;
	default:
		break;
	}
}

/* Edits the text with a key. Returns whether the key was for the text. */
static bool type(struct buf *b, const struct terminal *t, enum terminal_key key)
{
	if (key == TERMINAL_TEXT) {
		buf_add(b, t->text, t->n);
		return true;
	}
	if (key != TERMINAL_BACK)
		return false;
	while (b->n > 0) {
		b->n--;
		if (((unsigned char)b->p[b->n] & 0xc0) != 0x80)
			break;
	}
	return true;
}

/* Handles a key in the list. Returns 1 to finish, -1 to quit, otherwise 0. */
static int list_key(struct pick *p, enum terminal_key key)
{
	p->why.kind = ERR_NONE;
	if (key == TERMINAL_ESCAPE && p->search.n > 0) {
		p->search.n = 0;
		return 0;
	}
	if (key == TERMINAL_ESCAPE || key == TERMINAL_CLOSED ||
	    (key == TERMINAL_TEXT && *p->t.text == 'q'))
		return -1;
	if (key == TERMINAL_ENTER)
		return pick_model_try(&p->c, NULL, NULL, &p->why) == 0;
	if (key == TERMINAL_TEXT && p->t.n == 1)
		letter(p, *p->t.text);
	else
		move(p, key);
	return 0;
}

static int one_key(struct pick *p)
{
	enum terminal_key key = terminal_next(&p->t);
	struct buf *b = p->mode == SEARCH ? &p->search : &p->target;

	if (key == TERMINAL_RESIZED)
		return 0;
	if (p->mode == LIST)
		return list_key(p, key);
	if (key == TERMINAL_CLOSED)
		return -1;
	if (type(b, &p->t, key))
		return 0;
	if (key == TERMINAL_ESCAPE)
		b->n = 0;
	if (key == TERMINAL_ENTER && p->mode == TARGET &&
	    pick_model_set_target(here(p), buf_all(b), &p->why) == 0)
		p->why.kind = ERR_NONE;
	if (key == TERMINAL_ENTER || key == TERMINAL_ESCAPE)
		p->mode = LIST;
	else
		move(p, key);
	return 0;
}

static int choose(struct pick *p, struct err *e)
{
	int done = 0;

	if (terminal_open(&p->t, e) < 0)
		return -1;
	p->shown = mem_zero((p->c.n + 1) * sizeof(*p->shown));
	while (done == 0) {
		if (p->search.n > 0)
			buf_cstr(&p->search);
		find_shown(p);
		draw(p);
		done = one_key(p);
	}
	terminal_close(&p->t);
	if (done > 0)
		return 0;
	return err_set(e, ERR_TEMP, "canceled: nothing was picked");
}

/* ---- the run ---------------------------------------------------------- */

static int write_result(const struct pick *p, int fd, struct err *e)
{
	struct buf text = {0}, options = {0};
	int rc = pick_model_try(&p->c, &text, &options, e);

	if (rc == 0)
		rc = writer_all(fd, text.p, text.n, e);
	if (rc == 0)
		tool_summary("as an option: -c '%s'", buf_cstr(&options));
	buf_clear(&text);
	buf_clear(&options);
	return rc;
}

int pick_run(const struct map_options *o, int fd_in, int fd_out, struct err *e)
{
	const struct input_options in = {
		.max_line = o->max_line,
		.trust_eof = true,
	};
	struct pick p = {.c = {.o = o}};
	struct input input;
	int rc;

	if (isatty(fd_in))
		return err_set(e, ERR_USAGE,
			       "--pick needs rows on standard input and a "
			       "terminal for the keyboard");
	input_init(&input, fd_in, &in, NULL, NULL);
	rc = pick_model_read(&p.c, &input, e);
	if (rc == 0)
		rc = pick_model_load(&p.c, e);
	if (rc == 0)
		rc = choose(&p, e);
	if (rc == 0)
		rc = write_result(&p, fd_out, e);
	input_clear(&input);
	pick_model_clear(&p.c);
	free(p.shown);
	buf_clear(&p.search);
	buf_clear(&p.target);
	return rc;
}
