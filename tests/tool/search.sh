#!/bin/sh
# search.sh - an OpenSearch of its own for tests: on a free port of the loopback,
# in a new folder, and gone afterwards. It needs Java (a JDK) and the jars of
# OpenSearch, which Debian does not have. It says 429 to a few requests at the
# same time (tests/tool/Search.java).
#
#   tests/tool/search.sh get      fetches the jars by Maven into build/search,
#                                 where they are kept
#   eval "$(tests/tool/search.sh start)"
#                                 sets SEARCH_DIR and SEARCH (its URL); exits 77
#                                 without jars in RUDDER_SEARCH_JARS or
#                                 build/search
#   tests/tool/search.sh stop "$SEARCH_DIR"
set -eu
top=$(cd "$(dirname "$0")/../.." && pwd)
jars=${RUDDER_SEARCH_JARS:-$top/build/search/jars}
version=2.19.1

skip() {
	echo "echo 'skipped: $1'; exit 77"
	exit 0
}

case ${1:-} in
get)
	[ ! -e "$jars/opensearch-$version.jar" ] || exit 0
	mkdir -p "$top/build/search"
	cd "$top/build/search"
	dependency() { echo "<dependency><groupId>$1</groupId><artifactId>$2</artifactId><version>$3</version></dependency>"; }
	cat >pom.xml <<-X
		<project xmlns="http://maven.apache.org/POM/4.0.0"><modelVersion>4.0.0</modelVersion>
		<groupId>rudder</groupId><artifactId>tests</artifactId><version>1</version><dependencies>
		$(dependency org.opensearch opensearch $version)
		$(dependency org.opensearch.plugin transport-netty4-client $version)
		$(dependency org.apache.logging.log4j log4j-core 2.21.0)
		</dependencies></project>
	X
	timeout 600 mvn -q -B dependency:copy-dependencies "-DoutputDirectory=$jars" >log 2>&1 ||
		echo 'search: no OpenSearch by Maven, its tests are skipped'
	;;
start)
	command -v javac >/dev/null || skip 'no javac (package default-jdk-headless)'
	[ -n "$(find "$jars" -name 'opensearch-[0-9]*.jar' 2>/dev/null)" ] ||
		skip 'no jars of OpenSearch (tests/tool/search.sh get, or RUDDER_SEARCH_JARS)'
	dir=$(mktemp -d -t rudder-search.XXXXXX)
	# a server that does not start: eval fails too, and nothing stays
	trap '[ $? = 0 ] || { tail -n 20 "$dir/log" >&2; rm -rf "$dir"; echo "exit 1"; }' EXIT
	mkdir "$dir/config"
	(cd "$dir" && exec java -Xms128m -Xmx512m -XX:+UseSerialGC -XX:TieredStopAtLevel=1 -cp "$jars/*" \
		"$top/tests/tool/Search.java" "$dir" >"$dir/log" 2>&1) &
	echo $! >"$dir/pid"
	i=0
	until [ -s "$dir/port" ]; do
		i=$((i + 1))
		kill -0 "$(cat "$dir/pid")" 2>/dev/null && [ $i -lt 1800 ] || exit 1
		sleep 0.1
	done
	echo "SEARCH_DIR='$dir' SEARCH=http://127.0.0.1:$(cat "$dir/port")"
	;;
stop)
	kill -KILL "$(cat "$2/pid")" 2>/dev/null || :
	rm -rf "$2"
	;;
*)
	echo 'usage: search.sh get | start | stop DIR' >&2
	exit 64
	;;
esac
