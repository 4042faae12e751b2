import type {Target} from '../../domain/plans/plan.ts'
import {containerNow} from '../container/container-now.ts'
import {callGateway} from '../live/gateway-call.ts'
import {listenerOf} from '../live/gateway-proof.ts'
import {readHostEnv} from '../service/host-env.ts'

/** Which process listens, and when the gateway in it began: a restart may keep the process. */
export type ProcessState = {
  pid: number | null
  began: StartTime | null
  ready: boolean | null
  /** When its container was started, by the engine. */
  container: string | null
}

/** By the clock that never jumps; an answer takes time, so the moment lies between two. */
type StartTime = {after: number; before: number}

type Readyz = {uptimeMs: number | null; ready: boolean}

const maxBytes = 64 * 1024

/** `/readyz` is public: asking costs nothing and proves no token. Old releases answer with a page. */
const readyz = ({host, port, tls}: Pick<Target, 'host' | 'port' | 'tls'>): Promise<Readyz | null> =>
  new Promise(resolve => {
    const request = callGateway(tls ?? null, {host, port, path: '/readyz', agent: false, timeout: 2000}, response => {
      let text = ''
      response.setEncoding('utf8')
      response.on('data', (chunk: string) => {
        text = (text + chunk).slice(0, maxBytes)
      })
      response.on('error', () => resolve(null))
      response.on('end', () => resolve(asReadyz(text)))
    })
    request.on('timeout', () => request.destroy())
    request.on('error', () => resolve(null))
    request.end()
  })

const asReadyz = (text: string): Readyz | null => {
  try {
    const {uptimeMs, ready} = JSON.parse(text) as {uptimeMs?: unknown; ready?: unknown}
    return {uptimeMs: typeof uptimeMs === 'number' ? uptimeMs : null, ready: ready === true}
  } catch {
    return null
  }
}

export const readProcessState = async (target: Target): Promise<ProcessState> => {
  const asked = performance.now()
  const answer = await readyz(target)
  const answered = performance.now()
  const {host, port, configFile, stateDir} = target
  const holder = await listenerOf({host, port, ownedBy: [configFile, stateDir]})
  const uptime = answer?.uptimeMs ?? null
  return {
    pid: holder?.pid ?? null,
    began: uptime === null ? null : {after: asked - uptime, before: answered - uptime},
    ready: answer?.ready ?? null,
    container: await startOfContainer(target),
  }
}

const startOfContainer = async ({container}: Target): Promise<string | null> => {
  const now = container ? await containerNow(container, readHostEnv()) : null
  return now !== null && 'startedAt' in now ? now.startedAt : null
}

/** Two clocks count the same milliseconds, and round them. */
const slackMs = 20

export const isNothingRunning = ({pid, began}: ProcessState): boolean => pid === null && began === null

export const hasRestarted = (before: ProcessState, now: ProcessState): boolean => {
  if (isNothingRunning(now)) return false
  if (before.pid !== null && now.pid !== null && before.pid !== now.pid) return true
  if (before.container !== null && now.container !== null && before.container !== now.container) return true
  return before.began !== null && now.began !== null && now.began.after > before.began.before + slackMs
}

const since = ({before}: StartTime): string => new Date(Date.now() - (performance.now() - before)).toISOString()

export const describeProcess = ({pid, began, container}: ProcessState): string =>
  [
    pid === null ? null : `process ${pid}`,
    began === null ? null : `up since ${since(began)}`,
    container === null ? null : `its container started ${container}`,
  ]
    .filter(part => part !== null)
    .join(', ') || 'nothing listens'
