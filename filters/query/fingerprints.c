#include "query/fingerprints.h"

#include <openssl/evp.h>

static void fingerprint(struct buf *hex, struct buf *text)
{
	unsigned char sum[EVP_MAX_MD_SIZE];
	unsigned n = 0;

	EVP_Digest(text->p, text->n, sum, &n, EVP_sha256(), NULL);
	buf_hex(hex, sum, n);
	buf_clear(text);
}

static void put_params(struct buf *text, const struct query_options *o,
		       const struct model *m)
{
	for (size_t i = 0; i < o->params.n; i++) {
		buf_char(text, '\0');
		buf_slice(text, m->param[i].name);
		buf_char(text, '=');
		buf_str(text, m->param[i].value);
	}
	buf_str(text, o->legacy ? "\nlegacy types" : "");
}

/* For a source without a model, the model is the kind of the source: its files
 * and commands may have another name every night, and are not another model.
 */
void fingerprints_take(struct fingerprints *f, const struct query_options *o,
		       const struct source *s, const char *url,
		       const struct model *m)
{
	struct buf text = {0};

	if (s->sql)
		buf_slice(&text, buf_all(&m->meaning));
	else
		buf_str(&text, s->scheme[0]);
	fingerprint(&f->model, &text);
	put_params(&text, o, m);
	if (text.n > 0)
		fingerprint(&f->params, &text);
	source_name(&text, url);
	fingerprint(&f->source, &text);
	source_name(&text, url);
	buf_char(&text, '\n');
	buf_slice(&text, buf_all(&m->base));
	put_params(&text, o, m);
	if (o->if_changed)
		buf_fmt(&text, "\n--if-changed %s", o->if_changed);
	fingerprint(&f->reads, &text);
}

void fingerprints_clear(struct fingerprints *f)
{
	buf_clear(&f->model);
	buf_clear(&f->params);
	buf_clear(&f->source);
	buf_clear(&f->reads);
}
