import {clean} from '../../domain/clean.ts'
import type {Supervisor} from '../../domain/service/service.ts'

/** What `systemctl show UNIT` says. */
export type UnitState = Pick<
  Supervisor,
  'file' | 'isLoaded' | 'isEnabled' | 'state' | 'isRunning' | 'pid' | 'runs' | 'lastExit' | 'hasFailed' | 'phase' | 'phaseEndsAt'
> & {dropIns: string[]}

export const unitProperties = [
  'LoadState',
  'UnitFileState',
  'ActiveState',
  'SubState',
  'Result',
  'MainPID',
  'NRestarts',
  'ExecMainCode',
  'ExecMainStatus',
  'FragmentPath',
  'DropInPaths',
  'StateChangeTimestampMonotonic',
  'ExecMainStartTimestampMonotonic',
  'TimeoutStartUSec',
  'TimeoutStopUSec',
] as const

type Fields = Partial<Record<string, string>>

const fieldsIn = (printed: string): Fields =>
  Object.fromEntries(
    printed.split('\n').flatMap(line => {
      const at = line.indexOf('=')
      return at > 0 ? [[line.slice(0, at), clean(line.slice(at + 1), 4000)]] : []
    }),
  )

const kinds: Readonly<Record<string, string>> = {'1': 'exited', '2': 'killed by signal', '3': 'dumped core by signal'}

const exitOf = ({
  ExecMainCode: kind = '0',
  ExecMainStatus: status = '0',
  Result: result,
}: Fields): Pick<UnitState, 'lastExit' | 'hasFailed'> => {
  const word = kinds[kind]
  const isBad = result !== undefined && result !== '' && result !== 'success'
  if (word === undefined) return {lastExit: isBad ? result : null, hasFailed: isBad}
  return {
    lastExit: `${word} ${status}${isBad ? ` (${result})` : ''}`,
    hasFailed: isBad || (kind === '1' && status !== '0' && status !== '143'),
  }
}

const enabled = (word: string | undefined): boolean | null => {
  if (word === undefined || word === '') return null
  return /^(?:enabled|linked|static|generated|alias|indirect)/.test(word)
}

const unitMs: Readonly<Record<string, number>> = {us: 0.001, ms: 1, s: 1000, min: 60_000, h: 3_600_000, d: 86_400_000}

/** `1min 30s`; `infinity` is null. */
const lengthOf = (text = ''): number | null => {
  const parts = Array.from(text.matchAll(/(\d+(?:\.\d+)?)\s*(us|ms|s|min|h|d)\b/g))
  return parts.length === 0 ? null : parts.reduce((sum, [, count, unit]) => sum + Number(count) * (unitMs[unit ?? ''] ?? 0), 0)
}

/** The unit counts as active as soon as its process runs, and a gateway needs longer than that to listen. */
const minStartMs = 60_000

/** Starting and ending are transitions for as long as the unit itself allows. */
const phaseOf = (fields: Fields, bootedAt: number | null): Pick<UnitState, 'phase' | 'phaseEndsAt'> => {
  const {ActiveState: active, SubState: sub} = fields
  const at = (name: string): number | null =>
    bootedAt === null || !Number(fields[name]) ? null : bootedAt + Number(fields[name]) / 1000
  const ends = (since: number | null, lengthMs: number | null) => (since === null || lengthMs === null ? null : since + lengthMs)
  if (active === 'deactivating')
    return {phase: 'stopping', phaseEndsAt: ends(at('StateChangeTimestampMonotonic'), lengthOf(fields['TimeoutStopUSec']))}
  const isStarting = active === 'active' || active === 'reloading' || (active === 'activating' && sub !== 'auto-restart')
  if (!isStarting) return {}
  const phaseEndsAt = ends(at('ExecMainStartTimestampMonotonic'), Math.max(minStartMs, lengthOf(fields['TimeoutStartUSec']) ?? 0))
  return phaseEndsAt === null ? {} : {phase: 'starting', phaseEndsAt}
}

/** null where there is no such unit. `bootedAt`: what the clock of the unit counts from. */
export const readUnitState = (printed: string, bootedAt: number | null = null): UnitState | null => {
  const fields = fieldsIn(printed)
  const {LoadState: load, ActiveState: active, SubState: sub, MainPID: pid, NRestarts: restarts, FragmentPath: file} = fields
  if (load === undefined || load === 'not-found') return null
  return {
    file: file || null,
    dropIns: (fields['DropInPaths'] ?? '').split(' ').filter(Boolean),
    isLoaded: load === 'loaded',
    isEnabled: enabled(fields['UnitFileState']),
    state: active === undefined ? null : `${active}${sub ? ` (${sub})` : ''}`,
    isRunning: active === 'active' || active === 'reloading',
    pid: Number(pid) > 0 ? Number(pid) : null,
    runs: restarts === undefined || restarts === '' ? null : Number(restarts),
    ...exitOf(fields),
    ...phaseOf(fields, bootedAt),
  }
}

/** `Failed to connect to bus`: no session of this user, a container, another init. */
export const hasNoBus = (output: string): boolean =>
  /failed to connect to .*bus|not been booted with systemd|no medium found/i.test(output)
