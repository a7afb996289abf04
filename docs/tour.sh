# The main job from one end to the other, on the graph of this checkout: what `make run` does.
# Every line that begins with $ is a command that you can type yourself once .venv/bin is on your PATH.
set -eu
milieu=${BIN:-.venv/bin}/milieu
out=$(mktemp -d)
trap 'rm -rf "$out"' EXIT

say() { printf '\n%s\n' "$*"; }
show() { printf '\n$ milieu %s\n' "$*"; }

say 'Milieu: build the graph (load → reason → validate → store)'
show build
"$milieu" build

say 'What is in it'
show query what-is-in-it --format table "| head -14"
"$milieu" query what-is-in-it --format table | head -14

say '1. Run a stored query'
show query cities-by-field --field "'Crafts and Folk Art'" --country Japan --format table
"$milieu" query cities-by-field --field 'Crafts and Folk Art' --country Japan --format table

say '2. Export linked data'
show export -o milieu.ttl
(cd "$out" && "$OLDPWD/$milieu" export -o milieu.ttl)
ls -l "$out/milieu.ttl" | awk '{ printf "milieu.ttl: %d bytes of Turtle\n", $5 }'

say '3. Validate new triples'
show validate docs/examples/nishijin.ttl
"$milieu" validate docs/examples/nishijin.ttl
show validate docs/examples/mistakes.ttl
status=0
"$milieu" validate docs/examples/mistakes.ttl || status=$?
test "$status" -eq 1 || exit 2
echo "(exit status 1: this one may not join the graph)"

say 'Next: .venv/bin/milieu query lists the questions that are stored; docs/ tells more of each job.'
