# bash-completion loads this for `git hd`; the work is done by what it loads for hd.
# shellcheck source=/dev/null
source "${BASH_SOURCE[0]%/*}/hd"
