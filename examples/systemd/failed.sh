#!/bin/sh
# failed.sh SYNC: what OnFailure= starts. Replace the last line by a mail or a
# message to a chat.
set -eu
{
	rudder status "state/$1"
	rudder log -n 1 "state/$1"
} >"failed-$1.txt"
