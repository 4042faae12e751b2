import type {Cause} from '../domain/diagnosis/cause.ts'
import {clock, moment} from './words.ts'

const whoText = ({wrote}: Cause, isShort: boolean): string => {
  if (wrote === null) return ''
  if (wrote.by === 'unrecorded') return ` outside OpenClaw${isShort ? '' : ' (no audit record)'}`
  return ` by ${wrote.by === 'gatecrab' ? 'gatecrab' : (wrote.who ?? 'OpenClaw')}`
}

const textOf = (cause: Cause, now: number, isShort: boolean): string => {
  const {id, at, loadedAt} = cause
  if (id === 'gateway-started') return `the gateway started ${moment(at, now)}; the refusals began with it`
  const loaded = loadedAt === at ? '' : `; loaded ${clock(loadedAt)}`
  return `token changed ${moment(at, now)}${whoText(cause, isShort)}${loaded}`
}

/** The event behind the refusals, in one line of so many characters, if it can be said in them. */
export const causeText = (cause: Cause, now: number, room = Infinity): string => {
  const whole = textOf(cause, now, false)
  return whole.length <= room ? whole : textOf(cause, now, true)
}
