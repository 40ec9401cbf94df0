# Completion of hd and `git hd` for bash 4.4 and newer: source this file, or put it as "hd" into
# ~/.local/share/bash-completion/completions.

# What hd answers for the words behind the command, the last being the one to complete: the kind in
# __hd_kind, the words in __hd_found. Words come from tickets that anybody may have written: they
# are data throughout, and quoted before they reach the command line.
__hd_ask() {
    local line
    __hd_kind='' __hd_found=()
    while IFS= read -r line; do
        if [[ -z $__hd_kind ]]; then
            __hd_kind=$line
            [[ $line == words || $line == files || $line == folders ]] || return
        else
            __hd_found+=("${line%%$'\t'*}")
        fi
    done < <(_HD_COMPLETE=1 "${__hd_program[@]}" "$@" 2>/dev/null </dev/null)
}

# The line up to the cursor as words in __hd_words. bash also cuts at : and =; what stands together
# on the line belongs together.
__hd_split() {
    local line=${COMP_LINE:0:COMP_POINT} word index
    __hd_words=()
    for ((index = 0; index <= COMP_CWORD; index++)); do
        word=${COMP_WORDS[index]}
        if [[ $line == [[:space:]]* || $index -eq 0 ]]; then
            __hd_words+=('')
            line=${line#"${line%%[![:space:]]*}"}
        fi
        [[ $line == "$word"* ]] || word=$line
        __hd_words[-1]+=$word
        line=${line#"$word"}
    done
}

# A word without its quotes and backslashes.
__hd_unquote() {
    local rest=$1 quote='' letter
    __hd_plain=''
    while [[ -n $rest ]]; do
        letter=${rest:0:1} rest=${rest:1}
        if [[ $letter == '\' && $quote != "'" ]]; then
            __hd_plain+=${rest:0:1} rest=${rest:1}
        elif [[ -n $quote && $letter == "$quote" ]]; then
            quote=''
        elif [[ -z $quote && ($letter == "'" || $letter == '"') ]]; then
            quote=$letter
        else
            __hd_plain+=$letter
        fi
    done
    __hd_quote=$quote
}

# Completes the last of the words given, which are as typed.
__hd_complete() {
    local __hd_kind __hd_plain __hd_quote word
    local -a __hd_found plain=()
    for word; do
        __hd_unquote "$word"
        plain+=("$__hd_plain")
    done
    __hd_ask "${plain[@]}"
    COMPREPLY=()
    compopt +o default +o bashdefault -o nospace -o nosort 2>/dev/null
    case $__hd_kind in
        files) compopt -o filenames -o default +o nospace 2>/dev/null ;;
        folders) compopt -o filenames -o dirnames +o nospace 2>/dev/null ;;
        words) __hd_offer ;;
    esac
}

# Offers the words found, quoted as the word typed is, without what bash has cut off in front of it.
__hd_offer() {
    local word cut='' end
    [[ -n $__hd_quote ]] || cut=${__hd_plain%"${__hd_plain##*["$COMP_WORDBREAKS"]}"}
    for word in "${__hd_found[@]}"; do
        word=${word#"$cut"}
        end=''
        case $__hd_quote in
            "'") [[ $word == *\'* ]] && continue ;;
            '"') [[ $word == *[\"\$\`\\!]* ]] && continue ;;
            *)
                [[ $word == *[:=] ]] || end=' '
                [[ $word != *[^[:alnum:]_@%+=:,./-]* ]] || printf -v word %q "$word"
                ;;
        esac
        COMPREPLY+=("$word$end")
    done
}

_hd() {
    local -a __hd_program __hd_words
    __hd_program=("$(type -P -- "${1/#\~/$HOME}" || echo hd)")
    __hd_split
    __hd_complete "${__hd_words[@]:1}"
}

# git's own completion calls this with its words, cword, cur and __git_cmd_idx.
_git_hd() {
    local -a __hd_program=(git "${__git_C_args[@]}" hd)
    # shellcheck disable=SC2154
    __hd_complete "${words[@]:__git_cmd_idx+1:cword-__git_cmd_idx-1}" "$cur"
}

complete -F _hd hd git-hd
