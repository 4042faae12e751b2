import type {NamedCommand} from '../command.ts'
import type {Flag, Flags} from '../options.ts'
import {commonOf, valueFlags, valueKind, wordsAt} from './words.ts'

const quoted = (text: string): string => `'${text.replaceAll('\\', '\\\\').replaceAll("'", "\\'")}'`

const valuePart = ({value, words}: Flag): string => {
  if (value === undefined) return ''
  return {
    file: ' -r -F',
    folder: " -x -a '(__fish_complete_directories)'",
    words: ` -x -a ${quoted((words ?? []).join(' '))}`,
    other: ' -x',
  }[valueKind(value, words)]
}

const flagLines = (condition: string, flags: Flags): string[] =>
  Object.entries(flags).map(
    ([name, flag]) => `complete -c gatecrab -n ${quoted(condition)} -l ${name}${valuePart(flag)} -d ${quoted(flag.about)}`,
  )

const wordLines = (one: NamedCommand): string[] =>
  wordsAt(one).flatMap((words, i) =>
    words.length === 0
      ? []
      : [`complete -c gatecrab -n ${quoted(`__gatecrab_at ${one.name} ${i}`)} -a ${quoted(words.join(' '))}`],
  )

/** Which command is typed, and how many words after it. */
const functions = (withValue: readonly string[]): string => `function __gatecrab_words
    set -l skips false
    for word in (commandline -opc)[2..]
        if test $skips = true
            set skips false
        else if contains -- $word ${withValue.join(' ')}
            set skips true
        else if not string match -q -- '-*' $word
            echo $word
        end
    end
end
function __gatecrab_is
    set -l words (__gatecrab_words)
    contains -- "$words[1]" $argv
end
function __gatecrab_at
    set -l words (__gatecrab_words)
    test "$words[1]" = $argv[1]; and test (count $words) -eq (math $argv[2] + 1)
end`

export const fishCompletion = (all: readonly NamedCommand[], topics: readonly string[]): string =>
  [
    '# fish completion of gatecrab: gatecrab completion fish | source',
    functions(valueFlags(all).map(([name]) => `--${name}`)),
    'complete -c gatecrab -f',
    ...[...all, {name: 'help', about: 'the flags of a command'}, {name: 'version', about: 'the version'}].map(
      ({name, about}) => `complete -c gatecrab -n 'test -z "$(__gatecrab_words)"' -a ${name} -d ${quoted(about)}`,
    ),
    `complete -c gatecrab -n '__gatecrab_at help 0' -a ${quoted(`${all.map(({name}) => name).join(' ')} ${topics.join(' ')}`)}`,
    "complete -c gatecrab -n '__gatecrab_is replay' -F",
    ...all.flatMap(wordLines),
    ...all.flatMap(one =>
      flagLines(one.name === 'watch' ? `__gatecrab_is watch ''` : `__gatecrab_is ${one.name}`, {...one.flags, ...commonOf(one)}),
    ),
    '',
  ].join('\n')
