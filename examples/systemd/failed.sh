#!/bin/sh
# failed.sh SYNC: what OnFailure= starts. Replace the last line by a mail or a
# message to a chat.
set -eu
{
	rudder status "syncs/$1.yaml"
	rudder log -n 1 "syncs/$1.yaml"
} >"failed-$1.txt"
