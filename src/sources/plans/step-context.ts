import {clean} from '../../domain/clean.ts'
import {whyNotSent} from '../../domain/live/listener.ts'
import type {ProcessIdentity, Written} from '../../domain/plans/journal.ts'
import type {Act, Plan, Step} from '../../domain/plans/plan.ts'
import {fingerprintOf, type Secret} from '../../domain/secret.ts'
import {cleanEnv} from '../../gateway/cli.ts'
import type {HostEnv} from '../../gateway/paths.ts'
import {type GatewayAddress, proveGateway} from '../live/gateway-proof.ts'
import {processIdentityOf} from '../process-start.ts'
import {type Ran, runProcess} from '../run-process.ts'
import {type Answer, tryToken} from '../token/token-probe.ts'
import type {KeyedHasher} from './digest.ts'
import type {ProcessState} from './process-identity.ts'

/** `keep`: it failed in a way that putting things back would not mend. */
export type StepResult = {ok: true; wrote?: Written} | {ok: false; because: string; unknown?: boolean; keep?: boolean}

/** What the steps of a running plan share. The secrets are in memory only. */
export type StepContext = {
  readonly plan: Plan
  readonly hostEnv: HostEnv
  readonly hasher: KeyedHasher
  /** The token that was in force when the plan began, and the one it brings. */
  old: Secret | null
  next: Secret | null
  /** Further secrets that must not be said. */
  extraSecrets: Secret[]
  /** What the person gave with the plan. */
  givenSecret: Secret | null
  /** The rows of a profile store before it was written, each by its seal. */
  logins: ReadonlyMap<string, string> | null
  process: ProcessState | null
  /** Something outside gatecrab's own folder is other than it was. */
  changed: boolean
  /** OpenClaw's command has said that it means the config of this plan. */
  isOurCommand: boolean
  /** The command wrote, but not into the file that we see. */
  wroteElsewhere: boolean
  /** Aborted once gatecrab is asked to end: commands are ended and waits are cut short. A roll-back is not hurried. */
  stop: AbortSignal
  say: (text: string, more?: {child?: ProcessIdentity; mark?: string}) => void
  prove: (what: string, ok: boolean) => void
  recordUndone: (what: string, ok: boolean) => void
}

export type StepHandler<A extends Act['do']> = (
  context: StepContext,
  act: Extract<Act, {do: A}>,
  step: Step,
) => Promise<StepResult>

export const fine: StepResult = {ok: true}
export const failed = (because: string): StepResult => ({ok: false, because})
export const unsure = (because: string): StepResult => ({ok: false, because, unknown: true})

const longWord = /[A-Za-z0-9_-]{40,}/g

/** OpenClaw labels a secret by its first and last eight characters, which is more than anybody should say. */
const labelParts = (value: string): string[] => [value.slice(0, 8), value.slice(-8)]
const labelledFrom = 24

/** What others print, without the tokens we know and without anything that looks like one. */
export const redacted = (text: string, secrets: readonly (Secret | null)[]): string => {
  let cleaned = clean(text)
  for (const secret of secrets) {
    const value = secret?.reveal().trim() ?? ''
    if (!secret || value.length === 0) continue
    cleaned = cleaned.replaceAll(value, fingerprintOf(secret))
    if (value.length >= labelledFrom) for (const part of labelParts(value)) cleaned = cleaned.replaceAll(part, '[hidden]')
  }
  return cleaned.replace(longWord, word => (/\d/.test(word) ? '[hidden]' : word))
}

export const secretsOf = ({old, next, extraSecrets}: StepContext): readonly (Secret | null)[] => [old, next, ...extraSecrets]

/** The gateway of the plan, with all by which it is proven before each secret. */
export const addressOf = ({plan: {gateway}}: StepContext): GatewayAddress => ({
  ...{host: gateway.host, port: gateway.port, tls: gateway.tls ?? null},
  agent: 'gatecrab/plan',
  ownedBy: [gateway.configFile, gateway.stateDir],
  isConfirmed: (gateway.unproven ?? null) !== null,
})

export const probeToken = (context: StepContext, token: Secret): Promise<Answer> => {
  return tryToken(token, addressOf(context))
}

/** `isQuiet`: what it prints is read, and not said. */
type CommandRun = {stdin?: string; timeoutMs: number; isQuiet?: boolean}

/** One command of the plan. That it runs is in the journal before it gets its input, so that it is known should we die. */
export const runStep = (context: StepContext, argv: readonly string[], {isQuiet = false, ...options}: CommandRun): Promise<Ran> =>
  runProcess(argv, {
    ...options,
    signal: context.stop,
    env: cleanEnv(context.hostEnv.env, context.plan.gateway.env),
    onStart: pid => context.say(argv.slice(0, 6).join(' '), {child: processIdentityOf(pid)}),
    onLine: line => (isQuiet ? undefined : context.say(line)),
  })

/** Why no command that signs in may run now. `needsNone`: it does its work, too, where no gateway answers. */
export const whyNotSignIn = async (context: StepContext, needsNone = false): Promise<string | null> => {
  const {proven, verdict} = await proveGateway(addressOf(context))
  if (proven !== null || (needsNone && (verdict.is === 'none' || verdict.is === 'not-ready'))) return null
  return whyNotSent(verdict)
}

type SigningIn = CommandRun & {needsNone?: boolean}

/** A command that signs in to the gateway by itself, with the token that it finds: not while another listens there. */
export const runSigningIn = async (
  context: StepContext,
  argv: readonly string[],
  {needsNone = false, ...options}: SigningIn,
): Promise<Ran> => {
  const problem = await whyNotSignIn(context, needsNone)
  return problem === null ? runStep(context, argv, options) : {code: null, stdout: '', stderr: '', problem}
}

/** Why a command failed, by what it printed last. */
export const complaint = ({problem, stderr, stdout, code}: Ran): string => {
  const cleaned = [...stderr.split('\n'), ...stdout.split('\n')].map(line => line.trim()).filter(line => line !== '')
  return problem ?? (cleaned.slice(0, 3).join(' ') || `it ended with ${code ?? 'a signal'} and printed nothing`)
}
