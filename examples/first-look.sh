#!/bin/sh
# A first look at hd: examples/first-look.sh [DIR [FILE [IMPORT-OPTION...]]]
# Makes a desk in DIR (else ./desk), imports FILE (else october.jsonl, a month's requests), lists,
# queries, escalates one ticket, and reads that in git's own log and on its level branch.
set -eu

here=$(cd "$(dirname "$0")" && pwd)
desk=${1:-desk}
file=${2:-$here/october.jsonl}
[ $# -lt 2 ] || shift
[ $# -eq 0 ] || shift
[ ! -x "$here/../.venv/bin/hd" ] || PATH=$(cd "$here/../.venv/bin" && pwd):$PATH
export PAGER=cat GIT_PAGER=cat

case $(hd --version 2>/dev/null) in
    hd\ *) ;;
    *) echo 'install hd first: python3 -m venv .venv && .venv/bin/pip install .' >&2; exit 1 ;;
esac
if [ -e "$desk" ]; then
    echo "$desk is there already: remove it, or name another folder" >&2
    exit 1
fi
case $file in
    /*) ;;
    *) file=$PWD/$file ;;
esac
# The author of commits is who git says you are; where it does not know, somebody stands in.
if [ -z "${GIT_AUTHOR_EMAIL:-}" ] && ! git config user.email >/dev/null; then
    export GIT_AUTHOR_NAME='Sam Taylor' GIT_AUTHOR_EMAIL=sam@example.org
    export GIT_COMMITTER_NAME='Sam Taylor' GIT_COMMITTER_EMAIL=sam@example.org
fi

run() {
    printf '\n$ %s\n' "$1"
    eval "$1" 2>&1
}

run "hd init '$desk' --name 'First look'"
cd "$desk"
printf '\n$ hd import %s\n' "$(basename "$file")${*:+ $*}"
hd import "$file" "$@" || echo 'Some records were refused, as it says above; go on with the others.'
run 'hd list --limit 8'
run 'hd list --count is:unassigned'
run 'hd list password --limit 5'
id=$(hd list -q --limit 1 category:network)
[ -n "$id" ] || id=$(hd list -q --limit 1)
run "hd escalate $id -m 'Tried all that level 1 knows: it needs a specialist'"
run 'git log --oneline -3'
run "git branch --list 'l*/*'"
run "git log -1 l2/$id"
run "hd show $id"
printf '\nThe desk is in %s. Go there and try: hd, hd list, hd take %s, hd new "what is wrong".\n' \
    "$desk" "$id"
