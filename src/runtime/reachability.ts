import type {State} from '../app/state.ts'
import {type GatewayNow, gatewayNow} from '../domain/live/gateway-now.ts'
import type {Reach} from '../domain/live/listener.ts'
import type {GatewayContext} from './context.ts'
import {probeAddress} from './snapshot.ts'

const states: Record<GatewayNow['is'], Reach['state']> = {
  up: 'up',
  busy: 'up',
  foreign: 'foreign',
  frozen: 'silent',
  starting: 'not-yet',
  restarting: 'not-yet',
  stopping: 'not-yet',
  stopped: 'down',
  killed: 'down',
  unreachable: 'unknown',
  unknown: 'unknown',
}

/** The gateway's own events and the sockets cost nothing; the port is probed only where there is just a log. */
export const currentReach = (state: State, context: GatewayContext): Reach | Promise<Reach> => {
  const {is, by, because} = gatewayNow(state.world.life, state.live, state.now)
  if (by === 'log') return probeAddress(context)
  return {state: states[is], because: because ?? `by the ${by}: ${is}`, tookMs: null}
}
