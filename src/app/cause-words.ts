import type {Cause} from '../domain/diagnosis/cause.ts'
import {clock, moment} from './words.ts'

const whoText = ({wrote}: Cause): string => {
  if (wrote === null) return ''
  if (wrote.by === 'unrecorded') return ' outside OpenClaw (no audit record)'
  return ` by ${wrote.by === 'gatecrab' ? 'gatecrab' : (wrote.who ?? 'OpenClaw')}`
}

/** The event behind the refusals, in one line. */
export const causeText = (cause: Cause, now: number): string => {
  const {id, at, loadedAt} = cause
  if (id === 'gateway-started') return `the gateway started ${moment(at, now)}; the refusals began with it`
  const loaded = loadedAt === at ? '' : `; loaded ${clock(loadedAt)}`
  return `token changed ${moment(at, now)}${whoText(cause)}${loaded}`
}
