#!/bin/sh
# upload.sh - a batch of records to the audience API: members to add and members to
# remove, each as one request. Exit statuses tell rudder what happened to the batch:
# 0 taken, 65 refused, 69 and 75 nothing was taken and it may be tried again.
set -eu
records=$(mktemp)
trap 'rm -f "$records"' EXIT
cat >"$records"
post() { # METHOD ACTION ...: the members with one of these actions
	method=$1
	shift
	body=$(jq -cs --args '[.[] | select(.action as $a | $ARGS.positional | index($a)) | .identifiers.email] | {schema: "EMAIL_SHA256", data: .}' "$@" <"$records")
	[ "$(printf %s "$body" | jq '.data | length')" != 0 ] || return 0
	code=$(printf %s "$body" | curl -s -o answer -w '%{http_code}' -X "$method" -H 'Content-Type: application/json' \
		--data-binary @- "$AUDIENCE_URL/audiences/42/users") || exit 69
	case $code in
	200) ;;
	429 | 5*) exit 75 ;;
	*) exit 65 ;;
	esac
}
post POST insert update
post DELETE delete
