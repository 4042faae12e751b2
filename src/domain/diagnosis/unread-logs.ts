import type {LineRef} from '../attempts/event.ts'
import {inWords, type LogSource} from '../log-source.ts'
import type {LogInputs, Problem} from './problem.ts'

const isRead = ({state, misread}: LogSource): boolean =>
  (state === 'reading' || state === 'ended') && misread?.isMajority !== true

/** A log that is not there yet matters where no other is read. */
const isUnread = (source: LogSource, others: readonly LogSource[]): boolean =>
  source.state === 'unreadable' || source.misread?.isMajority === true || (source.state === 'missing' && !others.some(isRead))

const firstOf = ({name, misread}: LogSource): LineRef[] => (misread ? [{file: name, line: misread.first}] : [])

/** What a log does not say, it may say in words that are not understood: nothing is concluded from its silence. */
export const unreadableLog = ({sources, now}: LogInputs): Problem[] =>
  sources
    .filter(source => isUnread(source, sources))
    .map(source => ({
      about: source.name,
      id: 'log-unreadable',
      layer: 'client' as const,
      harm: 'soon' as const,
      title: source.misread ? `${source.name} is not understood` : `${source.name} cannot be read`,
      because: `${source.because ?? (source.misread ? inWords(source.name, source.misread) : 'The system refused it')}.`.replace(
        /\.\.$/,
        '.',
      ),
      tryThis: source.misread
        ? 'Name the log of the gateway with --log. If this is it, OpenClaw may be newer than this gatecrab: look for a newer one.'
        : (source.tryThis ?? "Run gatecrab as the gateway's user."),
      since: now,
      count: 1,
      sure: 'certain' as const,
      evidence: firstOf(source),
    }))

/** Some of its lines, while the rest is understood. */
export const misreadLog = ({sources, now}: LogInputs): Problem[] =>
  sources.flatMap(source =>
    !source.misread || isUnread(source, sources)
      ? []
      : {
          id: 'log-lines-unknown',
          layer: 'client' as const,
          harm: 'note' as const,
          title: `${source.name} has lines that are not understood`,
          because: `${inWords(source.name, source.misread)}. What they tell is not counted.`,
          tryThis: 'Look at the first of them. OpenClaw may be newer than this gatecrab: look for a newer one.',
          since: now,
          count: source.misread.count,
          sure: 'certain' as const,
          evidence: firstOf(source),
        },
  )

/** An unreadable log: it may be an attack, and it explains missing entries. */
export const leftOutLog = ({sources, now}: LogInputs): Problem[] =>
  sources
    .filter(source => source.state === 'left-out')
    .map(({name, because}) => ({
      id: 'log-left-out',
      layer: 'client' as const,
      harm: 'note' as const,
      title: `The log folder ${name} is not read`,
      because: `${because ?? 'left out'}.`,
      tryThis: 'Nothing, while another log of this gateway is read. If it is the right one all the same, name it with --log.',
      since: now,
      count: 1,
      sure: 'certain' as const,
      evidence: [],
    }))

/** Its silence, and what it tells, is about somebody else. */
export const logOfAnother = ({sources, now}: LogInputs): Problem[] =>
  sources
    .filter(source => source.state === 'of-another')
    .map(({name, because, tryThis}) => ({
      id: 'log-of-another',
      layer: 'client' as const,
      harm: 'soon' as const,
      title: `${name} is not the log of this gateway`,
      because: `${because ?? 'Another gateway wrote it'}. So nobody knows from it who is refused here.`.replace(/^./, first =>
        first.toUpperCase(),
      ),
      tryThis: tryThis ?? "Name this gateway's own log with --log.",
      since: now,
      count: 1,
      sure: 'likely' as const,
      evidence: [],
    }))
