#!/bin/sh
# make.sh FOLDER - the manual as HTML: a page for each page, and an index of
# pages and options. Every option has an anchor: rudder-diff.1.html#--max-deletes.
set -eu
here=$(cd "$(dirname "$0")" && pwd)
mkdir -p "$1"
cd "$1"
cp "$here/style.css" .
pages=$(cd "$here/.." && echo *.[157])
for page in $pages; do : >>"$page.html"; done # a link to one that is here stays here

head() { # TITLE
	cat <<X
<!DOCTYPE html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>$1</title>
<link rel="stylesheet" href="style.css">
</head>
<body>
<header><strong>$1</strong> <a href="index.html">All pages</a> <a href="rudder.7.html">Tour</a> <a href="rudder-cookbook.7.html">Cookbook</a></header>
<main>
X
}
foot() { printf '</main>\n<footer>rudder: reverse ETL for the command line</footer>\n</body>\n</html>\n'; }

for page in $pages; do
	name=${page%.*} section=${page##*.}
	{
		head "$name($section)"
		# mandoc names an anchor after the first word only, and Cm full like --full
		mandoc -Thtml -O 'fragment,man=%N.%S.html;https://manpages.debian.org/%N.%S' "$here/../$page" | awk '
			/<table class="head">/ {skip = 1}
			/<table class="foot">/ {skip = 1}
			!skip {
				if (/<dt/) item = 1
				if (item) {
					out = ""
					while (match($0, /<code class="Fl">--[a-z0-9-]+<\/code>/)) {
						word = substr($0, RSTART + 19, RLENGTH - 26)
						out = out substr($0, 1, RSTART - 1) (seen[word]++ ? "<code class=\"Fl\">--" : "<code class=\"Fl\" id=\"--" word "\">--") word "</code>"
						$0 = substr($0, RSTART + RLENGTH)
					}
					$0 = out $0
				}
				if (/<\/dt>/) item = 0
				print
			}
			/<\/table>/ {skip = 0}'
		foot
	} >"$page.html.new"
	mv "$page.html.new" "$page.html"
done

list() { # TITLE PAGE...
	printf '<h2>%s</h2>\n<dl class="pages">\n' "$1"
	shift
	for page in "$@"; do
		printf '<dt><a href="%s.html">%s(%s)</a></dt><dd>%s</dd>\n' "$page" "${page%.*}" "${page##*.}" \
			"$(sed -n 's/^\.Nd //p' "$here/../$page")"
	done
	echo '</dl>'
}
{
	head 'rudder: manual'
	echo '<h1>Manual</h1>'
	echo '<p>rudder syncs rows of a warehouse to customer-data destinations. A run sends only what changed since the last one.</p>'
	start='rudder.7 rudder-cookbook.7'
	filters='rudder-query.1 rudder-diff.1 rudder-map.1 rudder-send.1'
	commands=$(cd "$here/.." && echo *.1)
	others=$(cd "$here/.." && printf '%s\n' rudder.1 rudder-*.1 | grep -vxF -e rudder-query.1 -e rudder-diff.1 -e rudder-map.1 -e rudder-send.1)
	rest=$(cd "$here/.." && printf '%s\n' *.5 *.7 | grep -vxF -e rudder.7 -e rudder-cookbook.7)
	# shellcheck disable=SC2086 # lists of names
	{ list 'Start here' $start; list Commands $others; list 'Filters of a pipeline' $filters; list 'Formats and concepts' $rest; }
	echo '<h2>Options</h2><ul class="options">'
	for page in $commands; do
		grep '^\.It .*Fl' "$here/../$page" | tr ' ' '\n' | sed -n 's/^-\([a-z][a-z0-9-]*\)$/\1/p' | sort -u |
			sed "s|.*|& $page|"
	done | sort | awk '{name = $2; sub(/\.[0-9]$/, "", name)
		printf "<li><a href=\"%s.html#--%s\"><code>--%s</code></a> <small>%s</small></li>\n", $2, $1, $1, name}'
	echo '</ul>'
	foot
} >index.html
