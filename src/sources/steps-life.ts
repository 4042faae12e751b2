import http from 'node:http'
import type {Target} from '../domain/plan.ts'
import type {Surroundings} from '../gateway/paths.ts'
import {holderOf} from './token-holder.ts'

/** Which process listens, and when the gateway in it began: a restart may keep the process. */
export type Life = {pid: number | null; startedAt: number | null; ready: boolean | null}

type Readyz = {uptimeMs: number | null; ready: boolean}

const mostBytes = 64 * 1024

/** `/readyz` is public: asking costs nothing and proves no token. Old releases answer with a page. */
const readyz = ({host, port}: Pick<Target, 'host' | 'port'>): Promise<Readyz | null> =>
  new Promise(resolve => {
    const request = http.get({host, port, path: '/readyz', agent: false, timeout: 2000}, response => {
      let text = ''
      response.setEncoding('utf8')
      response.on('data', (chunk: string) => {
        text = (text + chunk).slice(0, mostBytes)
      })
      response.on('error', () => resolve(null))
      response.on('end', () => resolve(asReadyz(text)))
    })
    request.on('timeout', () => request.destroy())
    request.on('error', () => resolve(null))
  })

const asReadyz = (text: string): Readyz | null => {
  try {
    const {uptimeMs, ready} = JSON.parse(text) as {uptimeMs?: unknown; ready?: unknown}
    return {uptimeMs: typeof uptimeMs === 'number' ? uptimeMs : null, ready: ready === true}
  } catch {
    return null
  }
}

export const lifeOf = async (target: Target, around: Surroundings): Promise<Life> => {
  const [holder, told] = await Promise.all([holderOf(target.port, around), readyz(target)])
  return {
    pid: holder?.pid ?? null,
    startedAt: told?.uptimeMs == null ? null : Date.now() - told.uptimeMs,
    ready: told?.ready ?? null,
  }
}

/** An uptime is told to the millisecond, and asked for over a socket. */
const slackMs = 1000

export const isAnother = (before: Life, now: Life): boolean => {
  if (now.pid === null && now.startedAt === null) return false
  if (before.pid !== null && now.pid !== null && before.pid !== now.pid) return true
  return before.startedAt !== null && now.startedAt !== null && now.startedAt - before.startedAt > slackMs
}

export const lifeInWords = ({pid, startedAt}: Life): string =>
  [pid === null ? null : `process ${pid}`, startedAt === null ? null : `up since ${new Date(startedAt).toISOString()}`]
    .filter(part => part !== null)
    .join(', ') || 'nothing listens'
