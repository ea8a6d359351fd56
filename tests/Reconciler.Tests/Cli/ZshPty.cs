namespace Reconciler.Tests.Cli;

/// <summary>Asks zsh what it would offer behind a line.</summary>
internal static class ZshPty
{
    /// <summary>Runs a shell on a pseudo-terminal, types the line and the tabulator key, and prints what is offered, one a line.</summary>
    public const string Script = """
        zmodload zsh/zpty || exit 1
        zpty asked zsh -f -i
        say() { zpty -w asked "$1"; }
        until_is() { local piece all=''; while zpty -r asked piece; do all+=$piece; [[ $all == *$1* ]] && return; done; }
        say 'PROMPT= PS2= RPS1= ; unsetopt zle_bracketed_paste; stty -echo; HISTFILE= '
        say 'autoload -Uz compinit && compinit -u -D; source ./reconciler.zsh; setopt rcquotes'
        say 'zstyle ":completion:*" list-colors "no=:"; bindkey -e'
        say 'compadd() {
          if [[ ${@[1,(i)(-|--)]} == *-(O|A|D)\ * ]]; then builtin compadd "$@"; return $?; fi
          typeset -a __hits; builtin compadd -A __hits "$@"; local __hit
          for __hit in "${__hits[@]}"; do print -r -- "hit:${__hit}:tih"; done >> ./hits
          builtin compadd "$@"
        }'
        say 'done-now() { print over > ./over; zle kill-buffer; zle accept-line }; zle -N done-now; bindkey "^X^X" done-now; bindkey "^I" complete-word'
        say 'echo rea""dy'
        until_is ready
        : > ./hits
        zpty -n -w asked "$1"$'\t'
        zpty -n -w asked $'\C-X\C-X'
        zmodload zsh/zselect
        repeat 400; do [[ -e ./over ]] && break; zselect -t 5; done
        zpty -d asked
        while read -r line; do line=${line#hit:}; print -r -- ${line%:tih}; done < ./hits
        """;
}
