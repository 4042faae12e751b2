import type {NamedCommand} from '../command.ts'
import type {Flag, Flags} from '../options.ts'
import {commonOf, valueFlags, valueKind, wordsAt} from './words.ts'

const flagWords = (flags: Flags): string =>
  Object.keys(flags)
    .map(name => `--${name}`)
    .join(' ')

const valueCase = (name: string, {value = '', words}: Flag): string => {
  const form = {
    file: 'compopt -o filenames 2>/dev/null; COMPREPLY=($(compgen -f -- "$cur"))',
    folder: 'compopt -o filenames 2>/dev/null; COMPREPLY=($(compgen -d -- "$cur"))',
    words: `COMPREPLY=($(compgen -W '${(words ?? []).join(' ')}' -- "$cur"))`,
    other: ':',
  }[valueKind(value, words)]
  return `    --${name}) ${form}; return ;;`
}

const wordLines = (one: NamedCommand): string[] =>
  wordsAt(one).flatMap((words, i) =>
    words.length === 0 ? [] : [`      ${one.name}:${i}) COMPREPLY=($(compgen -W '${words.join(' ')}' -- "$cur")) ;;`],
  )

const lines = (all: readonly string[]): string => all.join('\n')

export const bashCompletion = (all: readonly NamedCommand[], topics: readonly string[]): string => {
  const names = all.map(({name}) => name).join(' ')
  const withValue = valueFlags(all)
  return `# bash completion of gatecrab: source <(gatecrab completion bash)
_gatecrab() {
  local cur=\${COMP_WORDS[COMP_CWORD]} prev=\${COMP_WORDS[COMP_CWORD-1]} command= at=0 i
  COMPREPLY=()
  case $prev in
${lines(withValue.map(([name, flag]) => valueCase(name, flag)))}
  esac
  for ((i = 1; i < COMP_CWORD; i++)); do
    case \${COMP_WORDS[i]} in
      ${withValue.map(([name]) => `--${name}`).join('|')}) ((i++)) ;;
      -*) ;;
      *) if [ -z "$command" ]; then command=\${COMP_WORDS[i]}; else ((at++)); fi ;;
    esac
  done
  if [[ $cur == -* ]]; then
    case \${command:-watch} in
${lines(all.map(one => `      ${one.name}) COMPREPLY=($(compgen -W '${flagWords({...one.flags, ...commonOf(one)})}' -- "$cur")) ;;`))}
    esac
  elif [ -z "$command" ]; then
    COMPREPLY=($(compgen -W '${names} help version' -- "$cur"))
  else
    case $command:$at in
      help:0) COMPREPLY=($(compgen -W '${names} ${topics.join(' ')}' -- "$cur")) ;;
      replay:*) compopt -o filenames 2>/dev/null; COMPREPLY=($(compgen -f -- "$cur")) ;;
${lines(all.flatMap(wordLines))}
    esac
  fi
}
complete -F _gatecrab gatecrab
`
}
