#!/bin/sh
# A FIFO or a link in the place of a file of the state is refused at once.
. "$TOP/tests/tool/lib.sh"

new() {
	rm -rf st
	printf '{"id":1,"v":1}\n' | rows | rudder-diff -k id -s st >a
	[ "$1" = snapshot ] || return 0
	ack accepted <a | rudder-diff --commit -s st
}

for file in lock pending receipts snapshot cursor snapshot.tmp pending.tmp; do
	for what in fifo link; do
		new "${file%.tmp}"
		[ ! -e st/$file ] || mv st/$file moved
		case $what in
		fifo) mkfifo st/$file ;;
		link) ln -s "$PWD/moved" st/$file ;;
		esac
		for command in '-s st' '-s st --status' '--commit -s st'; do
			got=0
			case $command in
			'-s st') printf '{"id":1,"v":2}\n' | rows >in ;;
			*) ack accepted <a >in ;;
			esac
			# shellcheck disable=SC2086 # several words
			timeout -s KILL 20 rudder-diff $command <in >out 2>err || got=$?
			[ $got != 137 ] || fail "$command hangs with a $what as $file"
			[ $got -lt 128 ] || fail "$command with a $what as $file: status $got"
		done
	done
done
