# Completion of the ceph command for bash: asks the cluster which commands there are. Installed as share/bash-completion/completions/ceph, or sourced by hand.

_ceph() {
  local cur=${COMP_WORDS[COMP_CWORD]} line IFS=$'\n'
  local -a options=() words=()
  local i word
  COMPREPLY=()
  # What says which cluster it is goes along; the other options of the command do not matter here.
  for ((i = 1; i <= COMP_CWORD; i++)); do
    word=${COMP_WORDS[i]}
    case $word in
      -c | --conf | -m | --mon-host | -n | --name | --id | --user | -k | --keyring | --cluster)
        if ((i == COMP_CWORD)); then return; fi
        if [[ ${COMP_WORDS[i + 1]} == '=' ]]; then ((i++)); fi
        options+=("$word" "${COMP_WORDS[++i]}")
        if ((i >= COMP_CWORD)); then
          COMPREPLY=($(compgen -f -- "$cur"))
          return
        fi
        ;;
      -*) ;;
      *) words+=("$word") ;;
    esac
  done
  if [[ $cur == -* ]]; then
    COMPREPLY=($(compgen -W $'--help\n--version\n--status\n--watch\n--format\n--conf\n--name\n--id\n--keyring\n--in-file\n--out-file\n--connect-timeout\n--admin-daemon' -- "$cur"))
    return
  fi
  while read -r line; do
    case $line in
      '#'* | '') ;; # help for the eye, not for the line
      *) COMPREPLY+=("$line") ;;
    esac
  done < <("${COMP_WORDS[0]}" "${options[@]}" --connect-timeout 5 --completion -- "${words[@]}" 2>/dev/null)
}

complete -F _ceph ceph
