/* curlloop.c - the peer of rudder-send: each line of standard input as one
 * POST, by libcurl's multi interface as its manual shows it, for benchmarks.
 *
 *     curlloop CONNECTIONS URL
 *
 * Connections are kept, and the requests are those of rudder-send, with the
 * line's messageId as Idempotency-Key. It ends with 1 when a request fails or
 * its status is not 200.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "core/reader.h"

enum { MOST = 1024 };

#ifdef WITH_CURL
#include <curl/curl.h>

static size_t drop(char *p, size_t size, size_t n, void *ctx)
{
	(void)p;
	(void)ctx;
	return size * n;
}

static CURL *handle(const char *url)
{
	CURL *c = curl_easy_init();

	curl_easy_setopt(c, CURLOPT_URL, url);
	curl_easy_setopt(c, CURLOPT_USERAGENT, "rudder-send/" RUDDER_VERSION);
	curl_easy_setopt(c, CURLOPT_NOSIGNAL, 1L);
	curl_easy_setopt(c, CURLOPT_NOPROXY, "*");
	curl_easy_setopt(c, CURLOPT_WRITEFUNCTION, drop);
	return c;
}

/* What all requests have, and the key of this one. */
static struct curl_slist *headers_of(struct slice line)
{
	static const char before[] = "\"messageId\":\"";
	struct curl_slist *all =
		curl_slist_append(NULL, "Content-Type: application/json");
	const char *id = memmem(line.p, line.n, before, sizeof(before) - 1);
	const char *end;
	char key[128];

	all = curl_slist_append(all, "Expect:");
	if (!id)
		return all;
	id += sizeof(before) - 1;
	end = memchr(id, '"', line.n - (size_t)(id - line.p));
	snprintf(key, sizeof(key), "Idempotency-Key: %.*s",
		 end ? (int)(end - id) : 0, id);
	return curl_slist_append(all, key);
}

/* The next line as a request: false at the end. */
static bool start(CURLM *multi, CURL *c, struct reader *in)
{
	struct curl_slist *headers = NULL;
	struct slice line;
	struct err e = {0};

	curl_easy_getinfo(c, CURLINFO_PRIVATE, (char **)&headers);
	curl_slist_free_all(headers);
	curl_easy_setopt(c, CURLOPT_PRIVATE, NULL);
	if (reader_next(in, &line, &e) <= 0)
		return false;
	headers = headers_of(line);
	curl_easy_setopt(c, CURLOPT_PRIVATE, headers);
	curl_easy_setopt(c, CURLOPT_HTTPHEADER, headers);
	curl_easy_setopt(c, CURLOPT_POSTFIELDSIZE_LARGE, (curl_off_t)line.n);
	curl_easy_setopt(c, CURLOPT_COPYPOSTFIELDS, line.p);
	return curl_multi_add_handle(multi, c) == CURLM_OK;
}

static bool succeeded(const CURLMsg *m)
{
	long status = 0;

	curl_easy_getinfo(m->easy_handle, CURLINFO_RESPONSE_CODE, &status);
	return m->data.result == CURLE_OK && status == 200;
}

static int post_all(long connections, const char *url)
{
	struct reader *in = reader_new(STDIN_FILENO, 1024 * 1024, NULL, NULL);
	CURLM *multi = curl_multi_init();
	int running = 0, left;
	bool failed = false;
	CURLMsg *m;

	curl_multi_setopt(multi, CURLMOPT_MAXCONNECTS, connections);
	for (long i = 0; i < connections; i++)
		running += start(multi, handle(url), in);
	while (running > 0 && !failed) {
		int n;

		if (curl_multi_perform(multi, &n) != CURLM_OK)
			return 1;
		while ((m = curl_multi_info_read(multi, &left)) != NULL) {
			CURL *c = m->easy_handle;

			failed |= !succeeded(m);
			curl_multi_remove_handle(multi, c);
			running -= !start(multi, c, in);
		}
		if (running > 0)
			curl_multi_poll(multi, NULL, 0, 1000, NULL);
	}
	reader_free(in);
	return failed;
}

#else

static int post_all(long connections, const char *url)
{
	(void)connections;
	(void)url;
	return 77;
}

#endif

int main(int argc, char **argv)
{
	long connections = argc == 3 ? strtol(argv[1], NULL, 10) : 0;

	if (connections < 1 || connections > MOST) {
		fprintf(stderr, "usage: curlloop CONNECTIONS URL\n");
		return 64;
	}
	return post_all(connections, argv[2]);
}
