import type {NamedCommand} from '../command.ts'
import type {Flag, Flags} from '../options.ts'
import {commonOf, valueFlags, valueKind, wordsAt} from './words.ts'

const quoted = (text: string): string => `'${text.replaceAll("'", String.raw`'\''`)}'`

/** `_describe` takes name and description, with a colon between. */
const described = (name: string, about: string): string => quoted(`${name}:${about}`)

const flagItems = (flags: Flags): string =>
  Object.entries(flags)
    .map(([name, {about}]) => described(`--${name}`, about))
    .join(' ')

const valueCase = (name: string, {value = '', words = []}: Flag): string => {
  const form = {
    file: '_files',
    folder: '_files -/',
    words: `compadd -- ${words.join(' ')}`,
    other: `_message ${quoted(value)}`,
  }[valueKind(value, words.length > 0 ? words : undefined)]
  return `    --${name}) ${form}; return ;;`
}

export const zshCompletion = (all: readonly NamedCommand[], topics: readonly string[]): string =>
  [
    '#compdef gatecrab',
    '# zsh completion of gatecrab: source <(gatecrab completion zsh), after compinit; or a file _gatecrab in a folder of $fpath',
    '_gatecrab() {',
    '  local command= wanted= at=0 i',
    '  local -a items',
    '  case $words[CURRENT-1] in',
    ...valueFlags(all).map(([name, flag]) => valueCase(name, flag)),
    '  esac',
    '  for ((i = 2; i < CURRENT; i++)); do',
    '    case $words[i] in',
    `      ${valueFlags(all)
      .map(([name]) => `--${name}`)
      .join('|')}) ((i++)) ;;`,
    '      -*) ;;',
    '      *) if [[ -z $command ]]; then command=$words[i]; else ((at++)); fi ;;',
    '    esac',
    '  done',
    '  wanted=$command',
    '  [[ -n $wanted ]] || wanted=watch',
    '  if [[ $PREFIX == -* ]]; then',
    '    case $wanted in',
    ...all.map(one => `      ${one.name}) items=(${flagItems({...one.flags, ...commonOf(one)})}) ;;`),
    '    esac',
    "    _describe -o 'flag' items",
    '  elif [[ -z $command ]]; then',
    `    items=(${[...all.map(({name, about}) => described(name, about)), described('help', 'the flags of a command'), described('version', 'the version')].join(' ')})`,
    "    _describe 'command' items",
    '  else',
    '    case $command:$at in',
    `      help:0) compadd -- ${all.map(({name}) => name).join(' ')} ${topics.join(' ')} ;;`,
    '      replay:*) _files ;;',
    ...all.flatMap(one =>
      wordsAt(one).flatMap((words, i) =>
        words.length === 0 ? [] : [`      ${one.name}:${i}) compadd -- ${words.join(' ')} ;;`],
      ),
    ),
    '    esac',
    '  fi',
    '}',
    'if [[ $funcstack[1] == _gatecrab ]]; then _gatecrab "$@"; else compdef _gatecrab gatecrab; fi',
    '',
  ].join('\n')
