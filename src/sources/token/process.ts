import fs from 'node:fs/promises'
import {mayBeGateway} from '../../domain/live/gateway-names.ts'
import {Secret} from '../../domain/secret.ts'
import {gatewayVariable} from '../../domain/token/copy.ts'
import type {HostEnv} from '../../gateway/paths.ts'
import {tokenFlag} from '../../gateway/service/files.ts'
import {stdoutOf} from '../run-process.ts'
import type {Holder} from '../service/port-holder.ts'
import {unread} from './file.ts'
import {createFound, type FoundToken} from './found.ts'

const nonBlank = (value: string | undefined): boolean => value !== undefined && value.trim() !== ''

/** The variables of the shell that started us: what the OpenClaw command line would see. */
export const shellCopies = (names: readonly string[], {env}: HostEnv): FoundToken[] => {
  const set = names.filter(name => nonBlank(env[name]))
  if (set.length === 0) return [createFound('shell-env', 'environment', names[0] ?? gatewayVariable)]
  return set.map(name => createFound('shell-env', 'environment', name, {value: new Secret(env[name] ?? '')}))
}

type Environment = ReadonlyMap<string, Secret> | {unreadable: string; problems?: FoundToken['problems']}

const fromProc = async (pid: number): Promise<Environment> => {
  try {
    const text = await fs.readFile(`/proc/${pid}/environ`, 'utf8')
    return new Map(
      text.split('\0').flatMap(entry => {
        const at = entry.indexOf('=')
        return at > 0 ? [[entry.slice(0, at), new Secret(entry.slice(at + 1))] as const] : []
      }),
    )
  } catch (error) {
    const {missing, because} = unread(error)
    return {unreadable: missing ? 'the process is gone' : because}
  }
}

/**
 * `openclaw gateway run` writes a title over its arguments, and Apple's ps stops reading there, so that nobody is shown the variables
 * behind. A service keeps its arguments.
 */
const isTitle = /^(?:openclaw|clawdbot|moltbot)[\w-]*$/

/** `ps eww` puts the variables behind the arguments, all in one line; of a stranger's process it shows none. */
const fromPs = async (pid: number, names: readonly string[], hostEnv: HostEnv): Promise<Environment> => {
  const output = await stdoutOf(['ps', 'eww', '-o', 'command=', '-p', String(pid)], hostEnv)
  if (isTitle.test(output?.trim() ?? ''))
    return {unreadable: '', problems: [{id: 'not-shown', what: `it calls itself ${output?.trim()}`}]}
  if (output === null || !/\s(?:PATH|HOME|USER)=/.test(output)) return {unreadable: 'ps does not show its environment'}
  return new Map(
    names.flatMap(name => {
      const value = new RegExp(`\\s${name}=(\\S*)`).exec(output)?.[1]
      return value === undefined ? [] : [[name, new Secret(value)] as const]
    }),
  )
}

const argumentsOf = async (pid: number): Promise<string[]> => {
  try {
    return (await fs.readFile(`/proc/${pid}/cmdline`, 'utf8')).split('\0').filter(Boolean)
  } catch {
    return []
  }
}

const maxAncestors = 4

/** The process itself, and what started it: a gateway hides its own arguments behind a title, a shell above it does not. */
const lineage = async (pid: number): Promise<number[]> => {
  const pids: number[] = []
  for (let at = pid; at > 1 && pids.length < maxAncestors; ) {
    pids.push(at)
    const status = await fs.readFile(`/proc/${at}/status`, 'utf8').catch(() => '')
    at = Number(/^PPid:\s+(\d+)/m.exec(status)?.[1] ?? 0)
  }
  return pids
}

const startsGateway = (args: readonly string[]): boolean => args.some(arg => /openclaw|clawdbot/.test(arg))

const shownFlag = async (pid: number): Promise<FoundToken[]> => {
  for (const one of await lineage(pid)) {
    const args = await argumentsOf(one)
    const value = one === pid || startsGateway(args) ? tokenFlag(args) : null
    const shown = [{id: 'shown-by-ps', what: ''}] as const
    if (value !== null) return [createFound('start-command', `pid ${one}`, '--token', {value, problems: shown})]
  }
  return []
}

const childrenOf = async (pid: number): Promise<number[]> => {
  const tasks = await fs.readdir(`/proc/${pid}/task`).catch((): string[] => [])
  const texts = await Promise.all(tasks.map(task => fs.readFile(`/proc/${pid}/task/${task}/children`, 'utf8').catch(() => '')))
  return texts.flatMap(text => text.split(' ').map(Number).filter(Boolean))
}

/** A command that an agent runs may have been given another environment. */
const isWorker = (args: readonly string[]): boolean => args.some(arg => /\/openclaw\/dist\/.*\bworker\.m?js$/.test(arg))

/** A gateway puts the token of its start command into its environment, which its workers inherit. */
const inheritedToken = async (pid: number): Promise<Secret | null> => {
  for (const child of await childrenOf(pid)) {
    if (!isWorker(await argumentsOf(child))) continue
    const environment = await fromProc(child)
    const value = 'unreadable' in environment ? undefined : environment.get(gatewayVariable)
    if (value !== undefined && nonBlank(value.reveal())) return value
  }
  return null
}

const isSame = (a: Secret | undefined, b: Secret): boolean => a?.reveal().trim() === b.reveal().trim()

/**
 * `isInFiles`: a file of the gateway sets the variable too, so what its children inherit may be what that file held when it started,
 * and is not known to be of the start command.
 */
const startCopies = async (pid: number, own: Secret | undefined, isInFiles: boolean): Promise<FoundToken[]> => {
  const shown = await shownFlag(pid)
  if (shown.length > 0) return shown
  const value = await inheritedToken(pid)
  if (value === null || isSame(own, value)) return []
  const where = `pid ${pid}`
  if (!isInFiles) return [createFound('start-command', where, '--token', {value})]
  return own === undefined ? [createFound('process-env', where, gatewayVariable, {value})] : []
}

/** What the running gateway was given. */
export const processCopies = async (
  holder: Holder | null,
  names: readonly string[],
  hostEnv: HostEnv,
  isInFiles: boolean,
): Promise<FoundToken[]> => {
  if (holder === null) return []
  const where = `pid ${holder.pid}`
  const [name = gatewayVariable] = names
  if (!mayBeGateway(holder.command))
    return [
      createFound('process-env', where, name, {
        unreadable: `${holder.command} holds its port: a proxy or a container`,
      }),
    ]
  const environment = hostEnv.platform === 'linux' ? await fromProc(holder.pid) : await fromPs(holder.pid, names, hostEnv)
  if ('unreadable' in environment) return [createFound('process-env', where, name, environment)]
  const set = names.flatMap(one => {
    const value = environment.get(one)
    return value === undefined || !nonBlank(value.reveal()) ? [] : [createFound('process-env', where, one, {value})]
  })
  const own = environment.get(gatewayVariable)
  const started = hostEnv.platform === 'linux' && name === gatewayVariable ? await startCopies(holder.pid, own, isInFiles) : []
  const unset = [...set, ...started].some(({place}) => place === 'process-env') ? [] : [createFound('process-env', where, name)]
  return [...unset, ...set, ...started]
}
