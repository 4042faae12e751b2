import {clean} from '../../domain/clean.ts'
import type {Supervisor} from '../../domain/service/service.ts'

/** What `systemctl show UNIT` says. */
export type UnitState = Pick<
  Supervisor,
  'file' | 'isLoaded' | 'isEnabled' | 'state' | 'isRunning' | 'pid' | 'runs' | 'lastExit' | 'hasFailed'
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

/** null where there is no such unit. */
export const readUnitState = (printed: string): UnitState | null => {
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
  }
}

/** `Failed to connect to bus`: no session of this user, a container, another init. */
export const hasNoBus = (said: string): boolean =>
  /failed to connect to .*bus|not been booted with systemd|no medium found/i.test(said)
