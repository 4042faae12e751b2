import type {GatewayContainer} from '../container.ts'
import type {DeviceAction, DeviceChange} from '../devices/change.ts'
import type {LoginWrite, RenewalAsks} from '../logins/renewal.ts'
import type {PlaceId, SecretKeys} from '../token/copy.ts'

/** What is done about the gateway and its token; logins at model providers are renewed on a track of their own. */
export type GatewayFix = 'rotate' | 'put-back' | 'restart' | 'propagate' | 'verify' | 'undo' | 'clean-up'
export type DeviceFix = `${DeviceAction}-device`
export type PlanFix = GatewayFix | 'renew' | DeviceFix

type StepKind = 'check' | 'back-up' | 'write' | 'run' | 'wait' | 'prove' | 'tell'

/** What a step changes, by fingerprint; a value that is only made while the plan runs is said in words. */
export type StepChange = {what: string; from: string | null; to: string}

/** A copy as another process finds it again. */
type CopyRef = {place: PlaceId; path: string; key: string}

/** How a release is given a new token. */
export type TokenWay =
  | {by: 'patch-stdin'; argv: readonly string[]}
  | {by: 'batch-file'; argv: readonly string[]; batchFile: string}
  | {by: 'edit'}
  /** A value of OpenClaw's own store is set by its command, on standard input. */
  | {by: 'store'; argv: readonly string[]}

/** How a file holds the secret, where that is no string of a JSON5 text. */
export type SecretForm =
  | {is: 'whole'}
  | {is: 'env-line'; key: string; dialect: 'dotenv' | 'systemd'}
  | {is: 'store'; name: string}

/** What the runner does in a step; data, and none of it secret. `from` and `as` are files of a backup; null: a new token is made. */
export type Act =
  | {do: 'look-unchanged'; file: string; seal: string}
  | {do: 'look-written'; mark: string}
  /** argv prints which config the command means; null where the release has no such command. */
  | {do: 'check-command'; argv: readonly string[] | null}
  /** `isFirst`: as of the plan that is taken up. */
  | {do: 'take-up'; before: string; isFirst?: boolean}
  /** The whole backup, where the file cannot be parsed any more. */
  | {do: 'restore'; file: string; from: string}
  | {do: 'roll-back'}
  | {do: 'ask-accepted'}
  | {do: 'back-up'; file: string; as: string}
  | {do: 'try-write'; argv: readonly string[]}
  /** `isFirst`: the config had no token in force before, so the whole file of before is what is put back. */
  | {do: 'write-token'; way: TokenWay; from: string | null; isFirst?: boolean; withMode?: boolean}
  /** The gateway is asked, with the secret that it takes now, to look up what its references lead to. */
  | {do: 'reload-secrets'}
  | {do: 'reinstall'; argv: readonly string[]}
  | {do: 'wait-accepted'; budgetMs: number; bothRefused: boolean}
  | {do: 'prove-token'; tries: WrongTries}
  | {do: 'ask-health'; argv: readonly string[]}
  | {do: 'list-devices'; argv: readonly string[] | null}
  | {do: 'note-life'}
  | {do: 'restart'; form: RestartForm}
  | {do: 'wait-restarted'; budgetMs: number}
  /** Compose recreates the container where its settings have changed. */
  | {do: 'recreate'; argv: readonly string[]}
  /** The environment of the container is the one that compose is to give it. */
  | {do: 'prove-container'}
  | {do: 'write-copy'; copy: CopyRef; meant: string | null; backup: string}
  | {do: 'write-remote'; host: string; argv: readonly string[]}
  | {do: 'put-back'; file: string; from: string; seal: string}
  | {do: 'renew-backup'; file: string}
  | {do: 'blank-leaks'; file: string}
  | {do: 'drop-backups'; folders: readonly string[]}
  /** `changed`: what was cut off had written some of what it was to write. */
  | {do: 'sweep'; files: readonly string[]; backups: string; changed: boolean}
  | {do: 'look-login'; login: LoginWrite}
  | {do: 'back-up-login'; login: LoginWrite; as: string}
  | {do: 'save-login'; login: LoginWrite; argv: readonly string[]; secret: 'given' | 'none' | {from: string}}
  | {do: 'lend-terminal'; login: LoginWrite; argv: readonly string[]}
  | {do: 'prove-login'; login: LoginWrite}
  | {do: 'prove-others'; login: LoginWrite}
  /** `list`: what prints the devices where the store of the gateway cannot be read. */
  | {do: 'look-device'; change: DeviceChange; list: readonly string[]}
  | {do: 'change-device'; change: DeviceChange; argv: readonly string[]; list: readonly string[]}
  | {do: 'prove-device'; change: DeviceChange; list: readonly string[]}
  | {do: 'watch-device'; deviceId: string; budgetMs: number}
  | {do: 'tell'}

/** Wrong tokens are tried once each; from another host only one at all, since there they count towards a lock-out. */
export type WrongTries = {old: boolean; random: boolean}

export type Step = {
  id: string
  kind: StepKind
  words: string
  argv: readonly string[] | null
  /** What is fed to the command, in words. */
  stdin: string | null
  file: string | null
  change: StepChange | null
  budgetMs: number | null
  /** How it is undone; null where there is nothing to undo. */
  undo: string | null
  /** What becomes of the plan when this step fails; `note`: it is done all the same, and a person is told. */
  otherwise: 'stop' | 'roll-back' | 'go-on' | 'note'
  act: Act
}

export type RestartForm = {
  /** The engine of a container restarts that, or the service manager its job; everything else is asked of OpenClaw. */
  by?: 'openclaw' | 'engine' | 'manager'
  argv: readonly string[]
  /** What launchd needs once more when it took the service out and did not put it back. */
  bootstrap: readonly string[] | null
  bootstrapAfterMs: number
  /** Prints the job, with its pid once it runs: whoever bootstrapped it. */
  look?: readonly string[] | null
  /** What a person types where none of this helped. */
  byHand: string
  /** The same where a LaunchDaemon has the gateway. */
  byRoot?: string
}

/** The gateway a plan is about, and everything the runner needs to know about it. */
export type Target = {
  /** Which gateway: no two plans run on the same. */
  key: string
  configFile: string
  /** The file in which the token stands: the config, or what it includes. */
  tokenFile: string
  /** The keys that lead to it in that file. */
  tokenAt: readonly string[]
  /** What clients are asked for; a token where it is left out. */
  secret?: SecretKeys['is']
  form?: SecretForm | null
  /** Who may own the file that holds the secret, beside root, where the config only refers to it. */
  trusted?: readonly number[] | null
  /** It looks up its references again when it is asked to. */
  reloadsSecrets?: boolean
  stateDir: string
  profile: string | null
  host: string
  port: number
  /** It speaks TLS; by the certificate in that file, where it lies here. */
  tls?: {certFile: string | null} | null
  /** Why it could not be proven that the gateway listens there: a person confirms it at the terminal, and its answers have to do. */
  unproven?: string | null
  /** Folders that may hold a compose file. */
  compose: readonly string[]
  /** It runs in this container. */
  container?: GatewayContainer | null
  release: string | null
  /** For the commands of OpenClaw: which gateway they are about. Never a secret. */
  env: Readonly<Record<string, string>>
  /** The copy that holds the token in force. */
  source: CopyRef
  way: TokenWay
  restart: RestartForm | null
  /** gateway.reload.mode is off: nothing is taken over until it restarts. */
  needsRestart?: boolean
}

export type Plan = {
  id: string
  fix: PlanFix
  title: string
  because: string
  risk: string
  gateway: Target
  interrupts: readonly string[]
  cannotUndo: readonly string[]
  /** The word to type; empty where nothing is changed. */
  confirm: string
  /** What is worth knowing before it runs. */
  notes: readonly string[]
  steps: readonly Step[]
  /** What is left for a person. */
  cards: readonly string[]
  /** The plan that was cut off and is brought to its end by this one. */
  continues: string | null
  /** The plan that this one takes back. */
  undoes: string | null
  /** Where the backups of the plan lie. */
  backups: string
  /** What a login's renewal wants of the person who runs it. */
  asks?: RenewalAsks
}

/** The same plan by another id, also wherever the names of its files hold it. */
export const withId = (plan: Plan, id: string): Plan => JSON.parse(JSON.stringify(plan).replaceAll(plan.id, id)) as Plan

type StepDetails = Partial<Omit<Step, 'id' | 'kind' | 'words' | 'act'>>

export const step = (id: string, kind: StepKind, words: string, act: Act, details: StepDetails = {}): Step => ({
  id,
  kind,
  words,
  argv: null,
  stdin: null,
  file: null,
  change: null,
  budgetMs: null,
  undo: null,
  otherwise: 'stop',
  act,
  ...details,
})

/** The plan gave the config a token where it had none in force. */
export const isFirstToken = ({steps}: Plan): boolean =>
  steps.some(({act}) => (act.do === 'write-token' || act.do === 'take-up') && act.isFirst === true)

/** The whole file of before, which a plan that is taken up has from the one that was cut off. */
export const fileBefore = ({steps, backups}: Plan): string => {
  const taken = steps.find(({act}) => act.do === 'take-up')?.act
  return taken?.do === 'take-up' ? taken.before : configBackup(backups)
}

export const configBackup = (folder: string): string => `${folder}/config`

/** The files that a plan replaces: while it does, there is one beside each that has no name yet. */
export const filesWrittenBy = ({gateway, steps}: Plan): readonly string[] => [
  ...new Set(
    steps.flatMap(({act}) => {
      if (act.do === 'write-token' || act.do === 'roll-back') return [gateway.tokenFile]
      if (act.do === 'write-copy') return [act.copy.path]
      return act.do === 'put-back' || act.do === 'renew-backup' || act.do === 'restore' ? [act.file] : []
    }),
  ),
]

/** What each fix does, in the words that its plan, its command and its key share. */
export const fixTitles: Readonly<Record<GatewayFix, string>> = {
  rotate: 'Replace the gateway token',
  'put-back': 'Put back the token of a backup',
  restart: 'Restart the gateway',
  propagate: 'Update all reachable copies to the current token',
  verify: 'Ask the gateway which token it takes',
  undo: 'Undo what a plan wrote',
  'clean-up': 'Take old tokens out of backups and logs',
}

/** The title where it goes on in a sentence. */
export const fixAbout = (fix: GatewayFix): string => fixTitles[fix].replace(/^./, first => first.toLowerCase())
