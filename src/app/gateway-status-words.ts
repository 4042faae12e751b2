import {type GatewayNow, gatewayNow} from '../domain/live/gateway-now.ts'
import {listenerInShort} from '../domain/live/listener.ts'
import type {Cell, Role} from './rows/rows.ts'
import type {State} from './state.ts'
import {length} from './words.ts'

export const gatewayStatusOf = ({world, live, now, reach}: State): GatewayNow => gatewayNow(world.life, live, now, reach)

type StatusText = {role: Role; says: (age: string) => string; problemText?: string}

const words: Record<GatewayNow['is'], StatusText> = {
  up: {role: 'good', says: age => `up${age}`},
  busy: {role: 'warn', says: age => `up${age}, too busy`},
  foreign: {
    role: 'bad',
    says: age => `ANOTHER PROGRAM HAS ITS PORT${age === '' ? '' : `,${age}`}`,
    problemText: "another program has the gateway's port",
  },
  frozen: {role: 'bad', says: age => `FROZEN${age}`, problemText: 'the gateway is frozen: it answers no request'},
  starting: {role: 'warn', says: age => `starting${age}`},
  restarting: {role: 'warn', says: age => `restarting${age}`},
  stopping: {role: 'warn', says: age => `stopping${age}`},
  stopped: {
    role: 'bad',
    says: age => (age === '' ? 'stopped' : `stopped${age} ago`),
    problemText: 'the gateway has stopped',
  },
  killed: {
    role: 'bad',
    says: age => (age === '' ? 'GONE' : `GONE${age} ago`),
    problemText: 'the gateway is gone: killed or crashed',
  },
  unreachable: {role: 'bad', says: age => `no answer${age}`, problemText: 'the gateway does not answer'},
  unknown: {role: 'plain', says: () => 'state unknown (the log has no start-up line)'},
}

export const statusCell = ({is, since}: GatewayNow, now: number): Cell => {
  const {role, says} = words[is]
  return {text: says(since === null ? '' : ` ${length(now - since)}`), role}
}

/** What is wrong with the gateway as a whole, in one line. */
export const gatewayProblemText = ({is, silent}: GatewayNow): string | null =>
  silent && !silent.isProven
    ? `${listenerInShort(silent.listener)} has the gateway's port and answers no request`
    : (words[is].problemText ?? null)
