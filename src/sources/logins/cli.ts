import {minuteMs} from '../../domain/durations.ts'
import type {Failure} from '../../domain/failure.ts'
import type {CliStatus} from '../../domain/logins/reading.ts'
import {cleanEnv} from '../../gateway/cli.ts'
import {jsonIn} from '../../gateway/json.ts'
import {statusOf} from '../../gateway/logins/status.ts'
import type {HostEnv} from '../../gateway/paths.ts'
import {runProcess} from '../run-process.ts'

/** `env`: what binds the command to the gateway whose logins these are. */
export type CliTarget = {command: readonly string[]; hostEnv: HostEnv; env: Readonly<Record<string, string>>}

const timeoutMs = minuteMs

const failed = (because: string): Failure => ({
  title: 'OpenClaw could not be asked about its profiles either',
  because,
  tryThis: 'run `openclaw models status --json` and see what it says',
  from: 'gateway',
})

const exitOf = (code: number | null): 0 | 1 | 2 => (code === 0 || code === 2 ? code : 1)

/**
 * Only with --json, and nothing but this command: the text form, `status --usage` and the gateway's own
 * models.authStatus may renew a login on the way, and lose it for good if the network is down.
 */
const statusArgs = (agent: string | null): string[] => [
  'models',
  'status',
  '--json',
  '--check',
  ...(agent === null ? [] : ['--agent', agent]),
]

/** What OpenClaw says of one agent's profiles; null asks for the only agent there is. */
export const askOpenclaw = async (target: CliTarget, agent: string, isOnly: boolean): Promise<CliStatus | Failure> => {
  const ran = await runProcess([...target.command, ...statusArgs(isOnly ? null : agent)], {
    env: cleanEnv(target.hostEnv.env, target.env),
    timeoutMs,
  })
  if (ran.problem !== null) return failed(ran.problem)
  const status = statusOf(jsonIn(ran.stdout))
  if (status === null) return failed(`it ended with ${ran.code ?? 'a signal'} and printed nothing that gatecrab can read`)
  if ('refused' in status) return failed(status.refused)
  return {agent, path: status.storePath, exit: exitOf(ran.code), profiles: status.profiles}
}
