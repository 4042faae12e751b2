import type {ListenerVerdict} from '../live/listener.ts'
import type {TokenCopy, TokenSetup} from '../token/copy.ts'
import type {PlanFix, RestartForm, Target} from './plan.ts'

/** How a release takes a new token, and what its restart command does. */
export type ReleaseRules = {
  /** The first release this rule is verified for. */
  since: string
  /** False where the installed release is unknown or newer than the verified ones. */
  isKnown: boolean
  writes: 'patch-stdin' | 'batch-file' | 'edit'
  follows: 'hot' | 'self-restart' | 'new-process'
  budgetMs: number
  /** For a while neither the old nor the new token works. */
  bothRefused: boolean
  /** A service holds a copy of the token, which only a new installation replaces. */
  reinstalls: boolean
  /** It can be asked to look up its secrets again, and does so at once. */
  reloadsSecrets: boolean
  /** The command writes into the file that holds the whole gateway section. */
  writesInclude: boolean
  /** Its commands pair themselves with the gateway for what they need just then, and any other has to be approved afterwards. */
  pairsItself: boolean
  /** What its restart command does with a gateway that no service runs. */
  restartsForeground: 'signals' | 'nothing' | 'fails'
  restartBudgetMs: number
  outage: string
}

/** Argument lists of the OpenClaw command, ready to run. */
export type Cli = {
  /** The command runs elsewhere, as in a container: files named on its command line are not ours. */
  elsewhere: boolean
  /** That elsewhere is this gateway's own container: which config it means can be seen. */
  isInContainer?: boolean
  patch: readonly string[]
  tryPatch: readonly string[]
  batch: (file: string) => readonly string[]
  storeSet: (name: string, more?: readonly string[]) => readonly string[]
  install: readonly string[]
  /** Null where it would pair itself with the gateway, for less than its user may need later. */
  health: readonly string[] | null
  devices: readonly string[] | null
  /** Prints which config the command means; null where the release has no such command. */
  configFile: readonly string[] | null
}

type SupervisorKind = 'launchd' | 'systemd' | 'container' | 'none'

/** Who starts the gateway, and who holds its port. */
export type PlanSupervisor = {
  kind: SupervisorKind
  /** The launchd label or systemd unit. */
  name: string | null
  /** Of launchd: where the job is or would be loaded, and its plist. */
  domain?: string | null
  file?: string | null
  loaded: boolean | null
  pid: number | null
  /** The process that listens on the port. */
  holder: {pid: number; command: string} | null
  /** A supervisor of another kind that runs the same gateway. */
  second: string | null
  /** launchd refuses a session without a login at the console. */
  overSsh: boolean
}

export type ConfigFacts = TokenSetup & {
  exists: boolean
  /** A keyed hash of the file that holds the token, as it was when the plan was made. */
  seal: string | null
  comments: boolean
  writable: boolean
  /** The config, or the folder it is in, is a link: the name that leads there, and the file that it leads to. */
  link?: {name: string; file: string} | null | undefined
}

/** What the gateway said to the token of the config, and to the others that were found. */
export type TokenAnswer = {
  answer: 'ours' | 'another' | 'none' | 'anything' | 'no-answer' | 'not-ready'
  because: string | null
  /** The copy that holds the accepted token. */
  copy: TokenCopy | null
}

/** All inputs of a plan: collected beforehand, so that making a plan does no I/O. */
export type Facts = {
  id: string
  target: Target
  config: ConfigFacts
  /** Who has the port of the gateway; null where nobody looked. */
  listener: ListenerVerdict | null
  /** The copy that the gateway is to take its token from. */
  winner: {copy: TokenCopy | null; because: string}
  accepted: TokenAnswer
  copies: readonly TokenCopy[]
  rules: ReleaseRules
  cli: Cli | null
  restart: RestartForm | null
  /** What makes the gateway's container again; null where it is in none, or compose did not make it. */
  recreate?: {argv: readonly string[]; folder: string; name: string} | null
  supervisor: PlanSupervisor
  /** The config that the process on the port runs with, where that can be seen. */
  processConfig: string | null
  /** Who is connected now, in words. */
  clients: readonly string[]
  /** What another plan on this gateway is doing. */
  busy: {id: string; fix: string; pid: number} | null
  /** A plan that was cut off. */
  cutOff: string | null
  /** The config cannot be parsed, and a plan of ours that failed has the whole file of before. */
  restorable: {id: string; backup: string} | null
  backups: string
  /** Other machines that are to have the token, and how each is reached. */
  remotes: readonly {host: string; argv: readonly string[]}[]
  /** The plan that is to be taken back, or brought to its end. */
  previous: PreviousPlan | null
  /** The id by which a person named the plan to take back. */
  requestedPlan?: string | null
  leftovers: Leftovers
  /** Null where the config has its secret itself. */
  reference?: ReferenceFacts | null
  /** Tokens that backups hold and the config does not, the best to put back first. */
  backedUp?: readonly BackedUpToken[]
  /** The file that a person named to put its token back. */
  requestedBackup?: string | null
}

/** What gateway.auth.token points to, where a plan changes that and leaves the config alone. */
export type ReferenceFacts = {
  source: 'file' | 'store' | 'env'
  /** Where the secret stands, in words. */
  words: string
  /** What makes the gateway take another value. */
  takesOver: 'reload' | 'recreate' | 'restart' | 'person'
  restart: RestartForm | null
  /** Why it is not changed from here. */
  refused: {because: string; tryThis: string} | null
}

export type BackedUpToken = {
  file: string
  fingerprint: string
  savedAt: number
  /** The gateway takes it now. */
  isAccepted: boolean
  isRequested: boolean
  /** The plan of ours that replaced it, which may have been for good reason. */
  replacedBy: string | null
}

/** What an earlier plan left to restore, and its state now. */
export type PreviousPlan = {
  id: string
  fix: PlanFix
  backups: string
  /** It wrote the gateway's token. */
  token: {
    before: string | null
    after: string | null
    mark: string
    /** There was none in force before. */
    isFirst?: boolean
    /** Only a restart by a person makes the gateway take it. */
    needsPerson?: boolean
    now: 'before' | 'after' | 'other' | 'unreadable' | 'broken'
  } | null
  /** It wrote other files. */
  files: readonly PreviousFile[]
  /** It gave the token to these machines. */
  remotes: readonly string[]
}

export type PreviousFile = {
  what: string
  file: string
  backup: string
  seal: string
  /** The fingerprints of the token that it held before the plan, and since. */
  from?: string | null
  to?: string | null
  now: 'before' | 'after' | 'other' | 'unreadable'
}

/** Old tokens that lie about: in the backups OpenClaw makes, in its audit log, in the backups of our own plans. */
export type Leftovers = {backups: readonly TokenCopy[]; audits: readonly string[]; own: readonly {folder: string; plan: string}[]}
