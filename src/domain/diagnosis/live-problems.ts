import type {GatewayNow} from '../live/gateway-now.ts'
import {listenerAdvice} from '../live/listener.ts'
import type {LiveNow} from '../live/live-state.ts'
import type {World} from '../world/world.ts'
import type {Problem} from './problem.ts'

type LiveInputs = {world: World; live: LiveNow | null; now: number; gateway: GatewayNow; system?: 'launchd' | 'systemd' | null}

type ProblemText = Pick<Problem, 'id' | 'harm' | 'title' | 'tryThis'>

const restart = 'Look at the last lines of its log and of the service; then gatecrab restart.'

const lookHere = 'See whether the system killed it for memory (the log of its kernel, the console log).'
const lookOnLinux = 'See whether the system killed it for memory (journalctl -k, the console log).'
const lookOnMac =
  'See whether macOS killed it for memory (a JetsamEvent in /Library/Logs/DiagnosticReports) or it crashed (~/Library/Logs/DiagnosticReports); `log show --last 10m --predicate \'process == "kernel"\'` tells more.'

const looks = {launchd: lookOnMac, systemd: lookOnLinux} as const

const texts: Partial<Record<GatewayNow['is'], ProblemText>> = {
  stopped: {id: 'gateway-stopped', harm: 'broken', title: 'The gateway has stopped', tryThis: 'gatecrab restart'},
  killed: {
    id: 'gateway-killed',
    harm: 'broken',
    title: 'The gateway exited without a shutdown message (killed or crashed)',
    tryThis: `${lookHere} ${restart}`,
  },
  frozen: {
    id: 'gateway-frozen',
    harm: 'broken',
    title: 'The gateway is frozen: it takes connections and says nothing',
    tryThis: 'See whether it was stopped (Ctrl-Z, a debugger) or waits for its disk; a restart frees it.',
  },
  unreachable: {
    id: 'gateway-unreachable',
    harm: 'broken',
    title: 'The gateway does not answer',
    tryThis: 'See whether its address and port are right, and what stands between here and there.',
  },
}

/** It was never proven to be the gateway. */
const silentProgram: Pick<ProblemText, 'title' | 'tryThis'> = {
  title: "What has the gateway's port takes connections and says nothing",
  tryThis:
    'See whether that program is the gateway. If it is, it was paused (Ctrl-Z, a debugger) or waits for its disk: a restart frees it. If not, end it or give it another port, then start the gateway.',
}

const notUp: ProblemText = {
  id: 'gateway-down',
  harm: 'broken',
  title: 'The gateway does not answer',
  tryThis: 'gatecrab restart, or the service that runs it; then look at the last lines of its log.',
}

const notYetUp: ProblemText = {
  id: 'gateway-starting',
  harm: 'note',
  title: 'The gateway is not up yet',
  tryThis: 'Nothing, if it comes up within a minute; else look at the last lines of its log.',
}

/** It said that it stops, to its log or to us. */
const hasAnnouncedStop = ({world: {life}, live}: LiveInputs): boolean => {
  const how = live?.observed?.lastEnd?.how
  return life.state === 'down' || life.state === 'stopping' || how === 'stopped' || how === 'restarting'
}

/** By the answer of the port alone; where the process is known, `listener` tells more. */
const foreign: ProblemText = {
  id: 'foreign-listener',
  harm: 'broken',
  title: "Another program has the gateway's port",
  tryThis: 'End that program or give it another port, then start the gateway by the service that runs it.',
}

const wordsFor = (inputs: LiveInputs): ProblemText | undefined => {
  const {is} = inputs.gateway
  if (is === 'foreign') return inputs.live?.listener?.is === 'foreign' ? undefined : foreign
  if (is === 'stopped' && !hasAnnouncedStop(inputs)) return notUp
  return is === 'starting' && inputs.live === null ? notYetUp : texts[is]
}

const stateProblems = (inputs: LiveInputs): Problem[] => {
  const {gateway, now, system = null} = inputs
  const {is, since, because, by, silent} = gateway
  const words = wordsFor(inputs)
  if (words === undefined || by === 'log') return []
  return [
    {
      ...words,
      ...(silent && !silent.isProven ? silentProgram : {}),
      ...(is === 'killed' && system !== null ? {tryThis: `${looks[system]} ${restart}`} : {}),
      layer: 'lifecycle',
      because: because ?? '',
      since: since ?? now,
      count: 1,
      sure: 'certain',
      evidence: [],
    },
  ]
}

const timedOut = ({world}: LiveInputs): number =>
  world.ledger.refusals.reduce((sum, {reason, count}) => sum + (reason === 'handshake-timeout' ? count : 0), 0)

/** Who waits in vain for an answer says that it was refused, or cannot reach the gateway. */
const busy = (inputs: LiveInputs): Problem[] => {
  const {live, now, gateway} = inputs
  const {is} = gateway
  const loop = live?.observed?.health?.eventLoop
  if (is !== 'busy' || !loop) return []
  const delay = loop.delayMaxMs === null ? '' : ` It was held up for ${Math.round(loop.delayMaxMs)} ms.`
  const count = timedOut(inputs)
  const seen =
    count === 0
      ? ''
      : ` ${count === 1 ? 'A handshake' : `${count} handshakes`} timed out, which looks like a refused sign-in and is none.`
  return [
    {
      id: 'event-loop-busy',
      layer: 'lifecycle',
      harm: 'soon',
      title: 'The gateway is too busy to answer in time',
      because: `It says so itself: ${loop.reasons.join(', ') || 'its event loop is held up'}.${delay}${seen}`,
      tryThis: 'Leave the tokens alone. See which agent, plugin or backup keeps it busy; openclaw health tells more.',
      since: live?.observed?.health?.at ?? now,
      count: Math.max(1, count),
      sure: 'certain',
      evidence: [],
    },
  ]
}

/** Of the shared token; the token of a device has codes of its own. */
const tokenCodes: ReadonlySet<string | null> = new Set([
  'AUTH_TOKEN_MISMATCH',
  'AUTH_TOKEN_MISSING',
  'AUTH_UNAUTHORIZED',
  'UNAUTHORIZED',
])

/** What the gateway says to us it says to every client that holds the same. */
const refusesGatecrab = ({live, now}: LiveInputs): Problem[] => {
  const observed = live?.observed ?? null
  if (observed?.state !== 'refused') return []
  const isToken = tokenCodes.has(observed.refusal?.code ?? null)
  return [
    {
      id: isToken ? 'token-here-refused' : 'gatecrab-refused',
      layer: isToken ? 'gateway' : 'client',
      harm: isToken ? 'soon' : 'note',
      title: isToken
        ? 'The token that is set on this host is not the one the gateway takes'
        : "The gateway refused gatecrab's own connection",
      because: observed.because,
      tryThis: isToken
        ? 'gatecrab copies shows which copy is in force, and gatecrab verify proves it.'
        : 'The rest of gatecrab works without it.',
      since: observed.refusal?.at ?? observed.since ?? now,
      count: 1,
      sure: 'certain',
      evidence: [],
    },
  ]
}

/** Who listens has not shown that it is the gateway. */
const listener = ({live, now}: LiveInputs): Problem[] => {
  const verdict = live?.listener ?? null
  if (verdict?.is !== 'foreign' && verdict?.is !== 'unproven') return []
  const isForeign = verdict.is === 'foreign'
  return [
    {
      id: isForeign ? 'foreign-listener' : 'listener-unproven',
      layer: 'lifecycle',
      harm: isForeign ? 'broken' : 'note',
      title: isForeign ? "Another program has the gateway's port" : 'It is not proven that the gateway has its port',
      because: `${verdict.because}; nothing secret is sent to it`,
      tryThis: listenerAdvice(verdict),
      since: (isForeign ? verdict.listener?.since : null) ?? now,
      count: 1,
      sure: 'certain',
      evidence: [],
    },
  ]
}

export const liveProblems = (inputs: LiveInputs): Problem[] => [
  ...listener(inputs),
  ...stateProblems(inputs),
  ...busy(inputs),
  ...refusesGatecrab(inputs),
]
