import {minuteMs} from '../domain/durations.ts'
import {gatewayStatusOf} from './gateway-status-words.ts'
import type {Message} from './message.ts'
import type {State} from './state.ts'

const quietAfterMs = minuteMs
const drawnEveryMs = 30_000

/** Messages from periodic polling: drawn when they arrive, but not a sign of activity. */
const ofItself: readonly Message['type'][] = [
  'ticked',
  'observed',
  'sockets-read',
  'listener-judged',
  'sources-changed',
  'service-read',
  'profiles-read',
  'copies-read',
  'devices-read',
  'changes-read',
]

export const isActivity = ({type}: Message): boolean => !ofItself.includes(type)

const healthyStates: readonly string[] = ['up', 'unknown']

/** Idle: no connection attempts, no key presses, and no seconds shown. */
export const isIdle = (state: State, at: number): boolean =>
  state.kind === 'live' &&
  state.plan === null &&
  state.notice === null &&
  Math.abs(at - state.lastActivityAt) >= quietAfterMs &&
  healthyStates.includes(gatewayStatusOf(state).is)

/** Whether the screen would show something new at that time; a frame costs more than all that it is drawn from. */
export const isTickDue = (state: State, at: number): boolean =>
  !isIdle(state, at) || Math.abs(at - state.now) >= drawnEveryMs || Math.floor(at / minuteMs) !== Math.floor(state.now / minuteMs)
