# Completion of hd for fish: put this file into ~/.config/fish/completions or a folder of
# $fish_complete_path. fish quotes what it inserts.

function __hd_complete
    set -l words (commandline -opc | string replace --regex -- '^~/' $HOME/)
    set -l word (commandline -ct)
    if string match --quiet --regex -- '^[\'"]' "$word"
        set word (string sub --start 2 -- $word)
    else
        set word (string unescape -- $word)
    end
    set -l answer (_HD_COMPLETE=1 $words "$word" 2>/dev/null </dev/null)
    switch "$answer[1]"
        case words
            string join \n -- $answer[2..]
        case files folders
            set -l start (string match --regex --groups-only -- '^(--[^=]*=)' "$word")
            set -l rest (string replace --regex -- '^--[^=]*=' '' "$word")
            if test $answer[1] = files
                __fish_complete_path "$rest" | string replace --regex -- '^' "$start"
            else
                __fish_complete_directories "$rest" '' | string replace --regex -- '^' "$start"
            end
    end
end

complete -c hd -f -k -a '(__hd_complete)'
complete -c git -f -k -n '__fish_git_using_command hd' -a '(__hd_complete)'
