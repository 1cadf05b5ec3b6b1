/* curlloop.c - the peer of rudder-send: each line of standard input as one
 * POST, by libcurl's multi interface as its manual shows it, for benchmarks.
 *
 *     curlloop CONNECTIONS URL
 *
 * Connections are kept. It ends with 1 when a request fails or its status is
 * not 200.
 */
#include <stdio.h>
#include <stdlib.h>
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

static CURL *handle(const char *url, struct curl_slist *headers)
{
	CURL *c = curl_easy_init();

	curl_easy_setopt(c, CURLOPT_URL, url);
	curl_easy_setopt(c, CURLOPT_HTTPHEADER, headers);
	curl_easy_setopt(c, CURLOPT_NOSIGNAL, 1L);
	curl_easy_setopt(c, CURLOPT_NOPROXY, "*");
	curl_easy_setopt(c, CURLOPT_WRITEFUNCTION, drop);
	return c;
}

/* The next line as a request: false at the end. */
static bool start(CURLM *multi, CURL *c, struct reader *in)
{
	struct slice line;
	struct err e = {0};

	if (reader_next(in, &line, &e) <= 0)
		return false;
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
	struct curl_slist *headers =
		curl_slist_append(NULL, "Content-Type: application/json");
	CURLM *multi = curl_multi_init();
	int running = 0, left;
	bool failed = false;
	CURLMsg *m;

	headers = curl_slist_append(headers, "Expect:");
	curl_multi_setopt(multi, CURLMOPT_MAXCONNECTS, connections);
	for (long i = 0; i < connections; i++)
		running += start(multi, handle(url, headers), in);
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
