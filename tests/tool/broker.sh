#!/bin/sh
# broker.sh - a Kafka broker of its own for tests: on free ports of the loopback,
# in a new folder, and gone afterwards. It needs Java and the jars of Kafka,
# which Debian does not have.
#
#   tests/tool/broker.sh get            fetches the jars by Maven into
#                                       build/kafka, where they are kept
#   eval "$(tests/tool/broker.sh start)"
#                                       sets BROKER_DIR, BROKER_PID, BROKER (its
#                                       address), BROKER_SASL (the same for
#                                       those with a name: bob, password bobpw,
#                                       who may do nothing; by OAUTHBEARER anna,
#                                       who may do all), BROKER_TLS (the same by
#                                       TLS, of the authority BROKER_DIR/ca, with
#                                       alice, password alicepw); exits 77 without
#                                       jars in RUDDER_KAFKA_JARS or build/kafka
#   eval "$(tests/tool/broker.sh again "$BROKER_DIR")"
#                                       starts it once more, after a kill
#   tests/tool/broker.sh stop "$BROKER_DIR"
#
# It makes no topics by itself: kafkamock -b does.
set -eu
top=$(cd "$(dirname "$0")/../.." && pwd)
jars=${RUDDER_KAFKA_JARS:-$top/build/kafka/jars}
version=3.9.1

skip() {
	echo "echo 'skipped: $1'; exit 77"
	exit 0
}

# COMMAND OF KAFKA ...
kafka() {
	exec java -Xmx256m -XX:+UseSerialGC -XX:TieredStopAtLevel=1 \
		"-Dlog4j.configuration=file:$dir/log4j" -cp "$jars/*" "$@"
}

write_config() { # PORT OF THE FIRST OF FOUR
	sasl=$(($1 + 1)) control=$(($1 + 2)) tls=$(($1 + 3))
	plain=org.apache.kafka.common.security.plain.PlainLoginModule
	oauth=org.apache.kafka.common.security.oauthbearer.OAuthBearerLoginModule
	cat >"$dir/config" <<-X
		process.roles=broker,controller
		node.id=1
		controller.quorum.voters=1@127.0.0.1:$control
		controller.listener.names=CONTROL
		listeners=PLAIN://127.0.0.1:$1,SASL://127.0.0.1:$sasl,TLS://127.0.0.1:$tls,CONTROL://127.0.0.1:$control
		advertised.listeners=PLAIN://127.0.0.1:$1,SASL://127.0.0.1:$sasl,TLS://127.0.0.1:$tls
		listener.security.protocol.map=PLAIN:PLAINTEXT,CONTROL:PLAINTEXT,SASL:SASL_PLAINTEXT,TLS:SASL_SSL
		inter.broker.listener.name=PLAIN
		sasl.enabled.mechanisms=PLAIN,OAUTHBEARER
		listener.name.sasl.plain.sasl.jaas.config=$plain required user_bob="bobpw";
		listener.name.sasl.oauthbearer.sasl.jaas.config=$oauth required unsecuredLoginStringClaim_sub="broker";
		listener.name.tls.plain.sasl.jaas.config=$plain required user_alice="alicepw" user_bob="bobpw";
		listener.name.tls.oauthbearer.sasl.jaas.config=$oauth required unsecuredLoginStringClaim_sub="broker";
		ssl.keystore.type=PEM
		ssl.keystore.location=$dir/keystore
		authorizer.class.name=org.apache.kafka.metadata.authorizer.StandardAuthorizer
		super.users=User:ANONYMOUS;User:alice;User:anna
		auto.create.topics.enable=false
		offsets.topic.replication.factor=1
		offsets.topic.num.partitions=1
		transaction.state.log.replication.factor=1
		transaction.state.log.min.isr=1
		log.dirs=$dir/data
	X
	cat >"$dir/log4j" <<-X
		log4j.rootLogger=WARN, out
		log4j.appender.out=org.apache.log4j.ConsoleAppender
		log4j.appender.out.layout=org.apache.log4j.SimpleLayout
	X
	echo "127.0.0.1:$1" >"$dir/address"
	echo "127.0.0.1:$sasl" >"$dir/sasl"
	echo "127.0.0.1:$tls" >"$dir/tls"
}

# A certificate of its own for 127.0.0.1
write_certificate() {
	openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -days 2 -subj /CN=broker \
		-addext subjectAltName=IP:127.0.0.1 -keyout "$dir/key" -out "$dir/ca" 2>"$dir/log" &&
		cat "$dir/key" "$dir/ca" >"$dir/keystore"
}

# Start it and wait until it answers: 1 when it does not.
run() {
	kafka kafka.Kafka "$dir/config" >>"$dir/log" 2>&1 &
	pid=$!
	echo $pid >"$dir/pid"
	i=0
	while kill -0 $pid 2>/dev/null && [ $i -lt 300 ]; do
		i=$((i + 1))
		if rudder-send -d "kafka://$(cat "$dir/address")/none" --check --timeout 1s 2>&1 |
			grep -q "no topic 'none'"; then return 0; fi
		sleep 0.1
	done
	kill -KILL $pid 2>/dev/null || :
	return 1
}

tell() {
	echo "BROKER_DIR='$dir' BROKER_PID=$pid BROKER=$(cat "$dir/address") BROKER_SASL=$(cat "$dir/sasl") BROKER_TLS=$(cat "$dir/tls")"
}

case ${1:-} in
get)
	[ ! -e "$jars/kafka_2.13-$version.jar" ] || exit 0
	mkdir -p "$top/build/kafka"
	cd "$top/build/kafka"
	dependency() { echo "<dependency><groupId>$1</groupId><artifactId>$2</artifactId><version>$3</version></dependency>"; }
	cat >pom.xml <<-X
		<project xmlns="http://maven.apache.org/POM/4.0.0"><modelVersion>4.0.0</modelVersion>
		<groupId>rudder</groupId><artifactId>tests</artifactId><version>1</version><dependencies>
		$(dependency org.apache.kafka kafka_2.13 $version)
		$(dependency org.slf4j slf4j-reload4j 1.7.36)
		</dependencies></project>
	X
	timeout 600 mvn -q -B dependency:copy-dependencies "-DoutputDirectory=$jars" >log 2>&1 ||
		echo 'broker: no Kafka by Maven, its tests are skipped'
	;;
start)
	command -v java >/dev/null || skip 'no java (package default-jre-headless)'
	[ -n "$(find "$jars" -name 'kafka_2*.jar' 2>/dev/null)" ] ||
		skip 'no jars of Kafka (tests/tool/broker.sh get, or RUDDER_KAFKA_JARS)'
	dir=$(mktemp -d -t rudder-broker.XXXXXX)
	# a server that does not start: eval fails too, and nothing stays
	trap '[ $? = 0 ] || { rm -rf "$dir"; echo "exit 1"; }' EXIT
	n=0
	write_certificate
	until write_config $((20000 + ($$ * 7 + n * 131) % 20000)) &&
		(kafka kafka.tools.StorageTool format -t AAAAAAAAQACAAAAAAAAAAA -c "$dir/config") >"$dir/log" 2>&1 && run; do
		n=$((n + 1))
		if [ $n = 3 ]; then
			cat "$dir/log" >&2
			exit 1
		fi
		rm -rf "$dir/data"
	done
	tell
	;;
again)
	dir=$2
	run
	tell
	;;
stop)
	kill -KILL "$(cat "$2/pid")" 2>/dev/null || :
	rm -rf "$2"
	;;
*)
	echo 'usage: broker.sh get | start | again DIR | stop DIR' >&2
	exit 64
	;;
esac
