# fish's git completion asks for git-hd when it sees `git hd`.
complete -c git-hd --wraps hd
