import type {Failure} from '../domain/failure.ts'
import {inWords, type LogSource, type LogTally, misreadOf, type Tallies} from '../domain/log-source.ts'
import {whyFormless} from '../sources/log/encoding.ts'

const isUnderstood = ({lines, formless}: LogTally): boolean => lines > formless

const emptyLog = ([first]: readonly LogTally[]): LogSource[] =>
  first
    ? [
        {
          name: first.file === '-' ? 'standard input' : first.file,
          state: 'unreadable',
          because: 'it is empty',
          tryThis: 'Name the file that the gateway writes with --log.',
          lastLineAt: null,
        },
      ]
    : []

/** How the logs that were read fared: what of them was not understood. Of several, one that is understood speaks for the others. */
export const logStates = (tallies: Tallies, named: readonly string[]): LogSource[] => {
  const all = [...tallies.values()]
  if (all.every(({lines}) => lines === 0)) return emptyLog(all)
  const isAnyUnderstood = all.some(isUnderstood)
  return all.flatMap((tally): LogSource[] => {
    const misread = misreadOf(tally)
    if (misread === null) return []
    const {file} = tally
    const why = isUnderstood(tally) || file === '-' ? null : whyFormless(file)
    if (why && (!isAnyUnderstood || named.includes(file))) return [{name: file, state: 'unreadable', ...why, lastLineAt: null}]
    const isMajority = misread.isMajority && (isUnderstood(tally) || !isAnyUnderstood)
    return [{name: file, state: 'reading', because: null, lastLineAt: null, misread: {...misread, isMajority}}]
  })
}

/** The same for those who list and do not judge. A pipe through which nothing came needs no word. */
export const misreadProblems = (sources: readonly LogSource[]): Failure[] =>
  sources
    .filter(({name}) => name !== 'standard input')
    .map(({name, because, tryThis = '', misread}) => ({
      title: misread ? inWords(name, misread) : `${name} cannot be read`,
      because: because ?? '',
      tryThis,
      from: 'gateway',
    }))

/** The log has lines, and none could be parsed. */
export const isNothingUnderstood = (tallies: Tallies): boolean =>
  [...tallies.values()].some(({lines}) => lines > 0) && ![...tallies.values()].some(isUnderstood)
