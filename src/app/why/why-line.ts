import type {Attempt} from '../../domain/attempts/attempt.ts'
import type {GatewayEvent} from '../../domain/attempts/event.ts'
import {failureAt} from '../../domain/logins/provider-login.ts'
import type {Mark, MarkKind} from '../../domain/mark.ts'
import {triage} from '../logins/login-triage.ts'
import type {ShownLine} from '../rows/log-lines.ts'
import type {State} from '../state.ts'
import {ago} from '../words.ts'
import {attemptFacts, rowFor} from './why-attempt.ts'
import type {Why} from './why-words.ts'

const attemptOf = ({world}: State, {event}: ShownLine): Attempt | undefined => {
  const conn = event !== null && 'facts' in event ? event.conn : null
  return conn === null ? undefined : world.recent.findLast(attempt => attempt.id === conn)
}

/** The whole line, and what it means where it tells of a connection. */
export const ofLine = (state: State, line: ShownLine): Why => {
  const attempt = attemptOf(state, line)
  const facts: Why['facts'] = [
    ['file', `${line.from.file}:${line.from.line}`],
    ['from', line.subsystem || 'a command'],
    ...(attempt ? attemptFacts(attempt) : []),
  ]
  if (!attempt?.reason) return {why: line.text, seen: '', todo: triage(state, line.event) ?? '', facts}
  return {why: rowFor(attempt).means, seen: line.text, todo: rowFor(attempt).todo, facts}
}

const markTodo: Partial<Record<MarkKind, string>> = {
  rotation: 'Panel 1 shows who is turned away since; those clients need the new token.',
  storm: 'Enter shows its lines; panel 1 says what helps.',
  trouble: 'Enter shows the lines around it.',
  sleep: 'While it slept nobody could reach the gateway; clients that were cut off come back by themselves.',
  clock: 'A client whose clock differs is refused for a stale signature: see that both keep the time.',
  disk: 'The gateway drops log lines, and may fail to save: make room.',
  provider: "This is the model provider's answer, not the gateway's: a new gateway token would not help.",
}

const eventAt = ({world}: State, {from}: Mark): GatewayEvent | null => failureAt(world, from)?.event ?? null

export const ofMark = (state: State, mark: Mark): Why => ({
  why: mark.text,
  seen: ago(mark.at, state.now),
  todo: [triage(state, eventAt(state, mark)), markTodo[mark.kind]].filter(Boolean).join(' '),
  facts: mark.from.file === '' ? [] : [['file', `${mark.from.file}:${mark.from.line}`]],
})
