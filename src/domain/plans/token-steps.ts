import type {Cli, Facts, ReferenceFacts} from './facts.ts'
import {configBackup, type Step, type StepChange, step, type Target, type TokenWay} from './plan.ts'
import {recordProcessStep, recreateSteps, restartedByPersonStep, restartedStep, restartStep} from './restart-steps.ts'

/** How the token is to be written, which of the two that is, and from where it comes. */
type Writing = {
  facts: Facts
  token: string
  from: string | null
  change: StepChange
  isFirst?: boolean
  /** gateway.auth.mode is written with it. */
  withMode?: boolean
}

const wayWords: Readonly<Record<TokenWay['by'], string>> = {
  'patch-stdin': 'Write it with the command of OpenClaw, fed on its standard input',
  'batch-file': 'Write it with the command of OpenClaw, from a file that only this user can read and that is deleted afterwards',
  store: "Set it in OpenClaw's secret store, by its command, fed on its standard input",
  edit: 'Replace that one string in the file; comments, `meta` and everything else stay as they are',
}

const stdinOf = ({way, secret = 'token'}: Target, token: string, withMode = false): string | null => {
  if (way.by === 'store') return token
  return way.by === 'patch-stdin' ? `{gateway: {auth: {${withMode ? `mode: "${secret}", ` : ''}${secret}: ${token}}}}` : null
}

const argvOf = (way: TokenWay): readonly string[] | null => (way.by === 'edit' ? null : way.argv)

export const writeStep = ({facts, token, from, change, isFirst = false, withMode = false}: Writing): Step => {
  const {way, tokenFile} = facts.target
  return step(
    'write',
    'write',
    wayWords[way.by],
    {do: 'write-token', way, from, ...(isFirst ? {isFirst} : {}), ...(withMode ? {withMode} : {})},
    {
      argv: argvOf(way),
      stdin: stdinOf(facts.target, token, withMode),
      file: tokenFile,
      change,
      undo: isFirst ? 'put the whole file of before back' : `put ${change.from ?? 'the token of before'} back in the same way`,
      otherwise: 'roll-back',
    },
  )
}

/** Nothing to try where a file is edited: what is written is read again. */
const tryArgv = ({target: {way, form}, cli}: Facts): readonly string[] | null => {
  if (cli === null || way.by === 'edit' || way.by === 'batch-file') return null
  return way.by === 'store' && form?.is === 'store' ? cli.storeSet(form.name, ['--dry-run']) : cli.tryPatch
}

export const tryStep = (facts: Facts, token: string, withMode = false): Step[] => {
  const argv = tryArgv(facts)
  const stdin = stdinOf(facts.target, token, withMode)
  return argv === null ? [] : [step('try', 'check', 'Dry-run the change with OpenClaw', {do: 'try-write', argv}, {argv, stdin})]
}

/** OpenClaw installs an agent of the account: beside a daemon, or an agent of the machine or of another label, that is a second gateway. */
const isInstalledByOpenClaw = ({kind, domain, file}: Facts['supervisor']): boolean =>
  kind === 'systemd' || (kind === 'launchd' && domain !== 'system' && file !== null && file?.startsWith('/Library/') !== true)

const reinstallStep = ({cli, rules, supervisor}: Facts): Step[] =>
  rules.reinstalls && cli !== null && isInstalledByOpenClaw(supervisor)
    ? [
        step(
          'reinstall',
          'run',
          'Install the service again: it holds a copy of the token',
          {do: 'reinstall', argv: cli.install},
          {
            argv: cli.install,
            otherwise: 'roll-back',
          },
        ),
      ]
    : []

export const backUpStep = ({target, backups}: Facts): Step =>
  step(
    'back-up',
    'back-up',
    target.form?.is === 'store' ? 'Keep the value of before (mode 0600)' : 'Back up the file (mode 0600)',
    {
      do: 'back-up',
      file: target.tokenFile,
      as: configBackup(backups),
    },
    {file: configBackup(backups)},
  )

export const batchFile = (folder: string): string => `${folder}/batch.json`

const waitWords: Readonly<Record<Facts['rules']['follows'], string>> = {
  hot: 'Wait until the gateway has taken it over',
  'self-restart': 'Wait until the gateway has restarted itself with it',
  'new-process': 'Wait until the gateway has started again with it; one that ran in a terminal may now run detached',
}

const firstBudgetMs = 60_000

/** No token of before tells that nothing has happened yet, so the new one is asked seldom and for longer. */
export const firstWaitStep = (budgetMs = firstBudgetMs): Step =>
  step(
    'wait',
    'wait',
    'Wait until the gateway has taken it over',
    {do: 'wait-accepted', budgetMs, bothRefused: false},
    {budgetMs, otherwise: 'roll-back'},
  )

const waitStep = ({rules}: Facts): Step => {
  const waitText = rules.bothRefused ? '; meanwhile neither the old nor the new token may work, which is no failure' : ''
  const act = {do: 'wait-accepted', budgetMs: rules.budgetMs, bothRefused: rules.bothRefused} as const
  return step('wait', 'wait', `${waitWords[rules.follows]}${waitText}`, act, {budgetMs: rules.budgetMs, otherwise: 'roll-back'})
}

const isLoopbackHost = (host: string): boolean => host === 'localhost' || host === '::1' || host.startsWith('127.')

/** How the two tokens are called: an undo brings the older one. */
export type TokenNames = {right: string; wrong: string | null}

const rotating: TokenNames = {right: 'the new token', wrong: 'the old one'}

export const proveStep = ({target}: Facts, {right, wrong}: TokenNames = rotating): Step => {
  const isLocal = isLoopbackHost(target.host)
  const words =
    wrong === null
      ? `Ask the gateway: ${right} accepted, a random token refused, ${right} accepted again`
      : isLocal
        ? `Ask the gateway: ${right} accepted, ${wrong} refused, a random token refused, ${right} accepted again`
        : `Ask the gateway: ${right} accepted, ${wrong} refused once, ${right} accepted again`
  return step(
    'prove',
    'prove',
    words,
    {do: 'prove-token', tries: {old: wrong !== null, random: isLocal || wrong === null}},
    {otherwise: 'roll-back'},
  )
}

/** The command may send another copy than the gateway's own, so its refusal says nothing against the token. */
export const healthStep = ({cli}: Facts, otherwise: Step['otherwise'] = 'note'): Step[] =>
  cli === null || cli.health === null
    ? []
    : [
        step(
          'health',
          'prove',
          'Let the command of OpenClaw sign in with it',
          {do: 'ask-health', argv: cli.health},
          {
            argv: cli.health,
            otherwise,
          },
        ),
      ]

/** Why the command does not sign in. */
export const unaskedWarning = (cli: Facts['cli']): string[] =>
  cli !== null && cli.health === null
    ? ["OpenClaw's command is not asked to sign in: in this release that would pair it with the gateway as a device."]
    : []

/** They are listed, since a rotation evicts none of them. */
export const devicesStep = ({cli}: Facts): Step[] => {
  const argv = cli?.devices ?? null
  const act = {do: 'list-devices', argv} as const
  return cli === null
    ? []
    : [step('devices', 'tell', 'List the paired devices: they keep tokens of their own', act, {argv, otherwise: 'go-on'})]
}

export const acceptedStep = (): Step =>
  step('accepted', 'check', 'Ask the gateway whether it accepts the token that is there now', {do: 'ask-accepted'})

export const unchangedSteps = ({config, target}: Facts): Step[] =>
  config.seal === null
    ? []
    : [
        step(
          'unchanged',
          'check',
          'Check that the file has not changed since this plan was made',
          {
            do: 'look-unchanged',
            file: target.tokenFile,
            seal: config.seal,
          },
          {file: target.tokenFile},
        ),
      ]

/** Before anything is written: the command, the process and the file have to be of one gateway. */
export const commandStep = (cli: Pick<Cli, 'elsewhere' | 'isInContainer' | 'configFile'> | null, configFile: string): Step[] =>
  cli === null || (cli.elsewhere && !cli.isInContainer)
    ? []
    : [
        step(
          'command',
          'check',
          "Check that OpenClaw's command and the process on the port use this gateway's config",
          {do: 'check-command', argv: cli.configFile},
          {argv: cli.configFile, file: configFile},
        ),
      ]

/** For a plan that starts OpenClaw's command for one thing only. */
export const commandStepFor = (steps: readonly Step[], {cli, target}: Facts): Step[] =>
  steps.length === 0 ? [] : commandStep(cli, target.configFile)

export const tellStep = (manualSteps: readonly string[]): Step[] =>
  manualSteps.length === 0 ? [] : [step('tell', 'tell', 'List the manual steps', {do: 'tell'})]

/** Everything from the written file to the gateway that has taken it over. */
export const takeOverSteps = (facts: Facts): Step[] =>
  facts.reference
    ? [...referenceSteps(facts, facts.reference), waitStep(facts)]
    : [...reinstallStep(facts), ...reloadSteps(facts), waitStep(facts)]

const reloadSecretsStep = (): Step =>
  step(
    'reload',
    'run',
    'Ask the gateway, signed in with the token that it takes now, to reload its secrets',
    {do: 'reload-secrets'},
    {otherwise: 'roll-back'},
  )

/** A gateway keeps the value that it looked up when it started; a variable it keeps for as long as its process lives. */
const referenceSteps = (facts: Facts, {takesOver, restart}: ReferenceFacts): Step[] => {
  const {restartBudgetMs} = facts.rules
  if (takesOver === 'reload') return [reloadSecretsStep()]
  const steps: Readonly<Record<'recreate' | 'restart' | 'person', readonly Step[]>> = {
    recreate: recreateSteps(facts),
    restart: restart === null ? [] : [restartStep(restart), restartedStep(restartBudgetMs)],
    person: [restartedByPersonStep(facts.restart?.byHand ?? '')],
  }
  return [recordProcessStep(), ...steps[takesOver]].map(one => ({...one, otherwise: 'roll-back'}))
}

/** With reloading switched off nothing happens until a restart. */
const reloadSteps = ({config, restart, rules}: Facts): Step[] =>
  config.reloadMode !== 'off' || restart === null
    ? []
    : [recordProcessStep(), restartStep(restart), restartedStep(rules.restartBudgetMs)].map(one => ({
        ...one,
        otherwise: 'roll-back',
      }))

const maxNamed = 12

/** Who is cut off, by name, as far as one can read. */
export const cutOffNow = (clients: readonly string[]): string[] => {
  const more = clients.length - maxNamed
  return [
    ...clients.slice(0, maxNamed).map(name => `${name} is connected`),
    ...(more > 0 ? [`and ${more} more ${more === 1 ? 'is' : 'are'} connected`] : []),
  ]
}
