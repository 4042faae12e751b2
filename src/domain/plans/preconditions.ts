import type {Failure} from '../failure.ts'
import {isMachine} from '../live/gateway-names.ts'
import {type ListenerVerdict, listenerAdvice} from '../live/listener.ts'
import {shellWord} from '../shell.ts'
import {isAuthKey, type TokenCopy} from '../token/copy.ts'
import {manualStepFor} from '../token/places.ts'
import {asksForSecret, whenNothing} from '../token/winner.ts'
import type {Facts} from './facts.ts'

/** Why no plan was made. `unknown`: not because something is wrong, but because it could not be found out; `usage`: what was typed names nothing. */
export type Refusal = {refused: Failure; unknown: boolean; usage?: true}

type Precondition = (facts: Facts) => Refusal | null

export const refuse = (title: string, because: string, tryThis: string): Refusal => ({
  refused: {title, because, tryThis, from: 'gateway'},
  unknown: false,
})

/** It could not be found out, or has to be waited for. */
export const refuseForNow = (title: string, because: string, tryThis: string): Refusal => ({
  ...refuse(title, because, tryThis),
  unknown: true,
})

export const withoutCommand = refuseForNow(
  'No openclaw command was found',
  'it is neither named by the service nor on the PATH',
  'name it with --openclaw',
)

/** One plan at a time, whatever it is about: `titleOf` says what is left alone meanwhile. */
export const refuseWhileBusy = (
  busy: Facts['busy'],
  titleOf = (fix: string): string => `Another plan is running on this gateway: ${fix}`,
): Refusal | null =>
  busy && refuseForNow(titleOf(busy.fix), `${busy.id}, process ${busy.pid}`, '`gatecrab journals` shows how it goes')

export const refuseWhileCutOff = (cutOff: Facts['cutOff'], title = 'A plan on this gateway was cut off'): Refusal | null =>
  cutOff === null ? null : refuse(title, cutOff, `\`gatecrab journals --continue ${cutOff}\` finishes it or takes it back`)

const otherModes: Readonly<Record<string, string>> = {
  none: 'nobody is asked for anything: set gateway.auth.mode to "token" first',
  'trusted-proxy': 'the proxy in front of it signs clients in: change the secret there',
}

const atItsSource = 'A command gets the token of this gateway, and gatecrab cannot change what it gets'

/** Where it leads is changed instead, if that can be done from here. */
const reference = ({key, pointsTo, reference}: TokenCopy, {reference: facts = null}: Facts): Refusal | null => {
  if (reference?.source === 'exec')
    return refuse(
      atItsSource,
      `${key} points to ${pointsTo ?? 'a command'}`,
      'change it where that command gets it, then `gatecrab verify`; a gateway that still takes the old one reloads by `openclaw secrets reload`',
    )
  if (facts?.refused === null) return null
  const {because, tryThis} = facts?.refused ?? {because: 'where that leads is not known here', tryThis: 'change it there'}
  return refuse(
    'The token of this gateway is a reference, and what it leads to is not changed from here',
    `${key} points to ${pointsTo ?? 'another place'}; ${because}`,
    tryThis,
  )
}

export const configured = ({copies}: Facts): TokenCopy | null =>
  copies.find(copy => (copy.place === 'config' || copy.place === 'include') && isAuthKey(copy.key) && !copy.shadowed) ?? null

/** It makes up a token at each start, and nobody knows it: the config can be given its first one. */
export const lacksToken = (facts: Facts): boolean => {
  const {accepted, winner, config, target, rules, supervisor} = facts
  const isUnset = (configured(facts)?.kind ?? 'unset') === 'unset'
  const isUnknown = accepted.copy === null && (accepted.answer === 'none' || accepted.answer === 'ours')
  const isEphemeral = whenNothing(target.release).does === 'ephemeral'
  const canAdd = config.include === 'none' && target.way.by === 'patch-stdin'
  // The token that it has made up beats the config until it begins again, and whoever signs in to ask for that is refused.
  const canRestart = rules.isKnown && rules.follows === 'hot' && supervisor.kind !== 'container' && supervisor.holder !== null
  return config.authMode !== 'password' && isUnset && isUnknown && winner.copy === null && isEphemeral && canAdd && canRestart
}

const named = ({place, path}: TokenCopy): string => `${place} ${path}`

export const elsewhere = (facts: Facts, copy: TokenCopy): Refusal =>
  refuse(
    'The gateway takes its token from another place than its config',
    `it accepts the one in ${named(copy)}; ${facts.winner.because}`,
    manualStepFor(copy),
  )

export const pinned = refuse(
  'The gateway accepts neither the token in its config nor any other that was found',
  'it was started with --token, or it has not taken its config over (gateway.reload.mode off, or a process from before the last change)',
  'look for --token in the plist, the unit, the compose file or the start script; if there is none, `gatecrab restart`',
)

export const refuseForeign = (verdict: ListenerVerdict): Refusal | null =>
  verdict.is === 'foreign'
    ? refuse(
        "Another program has the gateway's port",
        `${verdict.because}; nothing secret is sent to it`,
        listenerAdvice(verdict),
      )
    : null

/** How a person names the gateway with this config. */
const flagsTo = (configFile: string): string => {
  const folder = /^.*\/\.openclaw(?:-([\w-]+))?\/openclaw\.json$/.exec(configFile)
  if (folder === null) return `--config ${configFile}`
  return `--profile ${folder[1] ?? 'default'}`
}

const mend = ({restorable}: Facts, otherwise: string): string =>
  restorable === null
    ? otherwise
    : `\`gatecrab undo ${restorable.id}\` puts the whole file of before that plan back; it lies at ${restorable.backup}`

const ofRoot = ({kind, domain, name, file}: Facts['supervisor']): Refusal | null =>
  kind === 'launchd' && domain === 'system'
    ? refuse(
        'A LaunchDaemon runs this gateway, which only root may restart',
        `${name} is loaded from ${file ?? '/Library/LaunchDaemons'}, and the restart command of OpenClaw refuses a gateway that a LaunchDaemon owns`,
        `\`sudo launchctl kickstart -k ${shellWord(`system/${name}`)}\`; nothing else has to be started`,
      )
    : null

/** What must hold before a plan is made, each with what to do instead where it does not. */
const preconditions = {
  free: ({busy}) =>
    refuseWhileBusy(
      busy,
      busy?.fix === 'renew'
        ? () => "A login at a model provider is being renewed: the gateway's token is not touched meanwhile"
        : undefined,
    ),
  whole: ({cutOff}) => refuseWhileCutOff(cutOff),
  config: facts => {
    const {config, target} = facts
    if (!config.exists)
      return refuseForNow(
        'There is no config of a gateway',
        `no ${target.configFile}`,
        mend(facts, 'name it with --config, --state-dir or --profile'),
      )
    if (config.problem === null) return null
    return refuse(
      'The config is not valid',
      config.problem,
      `${mend(facts, '`openclaw config validate` says where')}; nothing was changed`,
    )
  },
  proven: ({listener}) => listener && refuseForeign(listener),
  sound: facts =>
    facts.config.problem === null
      ? null
      : refuse(
          'The config cannot be read',
          facts.config.problem,
          `${mend(facts, 'mend it first, `openclaw config validate` says where')}: a gateway that starts with it refuses to run, or puts an older copy back`,
        ),
  'token-mode': ({config: {authMode}}) =>
    asksForSecret(authMode)
      ? null
      : refuse(
          'This gateway asks for neither a token nor a password',
          `gateway.auth.mode is "${authMode}"`,
          otherModes[authMode ?? ''] ?? 'set gateway.auth.mode to "token"',
        ),
  here: ({config, target}) =>
    config.gatewayMode === 'remote'
      ? refuse(
          'This machine is a client of a gateway elsewhere',
          `gateway.mode is "remote" in ${target.configFile}`,
          'run gatecrab on the host of the gateway, as by `ssh HOST gatecrab`',
        )
      : null,
  /** Two gateways on one host: what is written, restarted and asked must be one of them. */
  'one-gateway': ({processConfig, supervisor: {holder}, target}) => {
    if (processConfig === null || holder === null || processConfig === target.configFile) return null
    return refuse(
      `Another gateway listens on ${target.host}:${target.port}`,
      `process ${holder.pid} there runs with ${processConfig}, not with ${target.configFile}`,
      `for that one add ${flagsTo(processConfig)}; for this one name its address with --url`,
    )
  },
  answers: ({accepted, target}) => {
    const at = `${target.host}:${target.port}`
    if (accepted.answer === 'no-answer')
      return refuseForNow(
        `No gateway answers on ${at}`,
        accepted.because ?? 'nothing listens there',
        'start it, or name it with --url',
      )
    if (accepted.answer !== 'not-ready') return null
    return refuseForNow(`The gateway on ${at} is not ready`, accepted.because ?? 'it is starting', 'try again in a moment')
  },
  'auth-on': ({accepted}) =>
    accepted.answer === 'anything'
      ? refuse(
          'AUTHENTICATION IS OFF: the gateway accepts any token',
          'a random token was accepted',
          'set gateway.auth.mode to "token", then restart',
        )
      : null,
  include: ({config, rules, target}) => {
    if (config.include === 'mixed')
      return refuse(
        'The gateway section mixes keys of its own with $include',
        'writing it would flatten the included file into the config',
        `change gateway.auth.token by hand, in the file where it stands (${target.tokenFile})`,
      )
    if (config.include === 'none' || rules.writesInclude) return null
    return refuse(
      'The token stands in an included file',
      `how ${target.release ?? 'this release'} takes over a change there is not known`,
      `change gateway.auth.token in ${target.tokenFile}, then \`gatecrab restart\``,
    )
  },
  literal: facts => {
    const copy = configured(facts)
    if (copy?.kind === 'reference') return reference(copy, facts)
    if (copy?.kind === 'literal' || copy?.kind === 'placeholder') return null
    const {copy: other} = facts.accepted
    if (other) return elsewhere(facts, other)
    if (lacksToken(facts)) return null
    const [backup] = facts.backedUp ?? []
    return refuse(
      'The config has no token',
      facts.winner.because,
      backup
        ? `\`gatecrab put-back\` puts back the one that clients know, ${backup.fingerprint} in ${backup.file}`
        : 'run `openclaw doctor --generate-gateway-token`, which fills in a missing one, then `gatecrab restart`',
    )
  },
  ours: facts => {
    const {answer, copy} = facts.accepted
    if (facts.winner.copy?.place === 'start-command' && facts.winner.copy !== configured(facts))
      return elsewhere(facts, facts.winner.copy)
    if (answer === 'another' && copy) return elsewhere(facts, copy)
    return answer === 'none' && !lacksToken(facts) ? pinned : null
  },
  known: ({accepted}) => (accepted.copy === null && accepted.answer === 'none' ? pinned : null),
  writable: ({config, target}) =>
    config.writable
      ? null
      : refuse(
          'The config cannot be written',
          `${target.tokenFile} is read-only for this user`,
          "run gatecrab as the gateway's user",
        ),
  /** OpenClaw's command restarts agents of the account; a daemon of the machine is root's. */
  'own-service': ({supervisor}) => ofRoot(supervisor),
  'takes-over': ({config, restart, supervisor}) => {
    if (config.reloadMode !== 'off') return null
    const refused = ofRoot(supervisor)
    if (refused) return refused
    const title = 'The gateway takes nothing over while it runs'
    const because = 'gateway.reload.mode is "off"'
    if (restart === null)
      return refuse(title, `${because}, and no openclaw command was found to restart it`, 'name it with --openclaw')
    if (supervisor.kind !== 'none') return null
    return refuse(
      title,
      `${because}, and no service runs it that could restart it; the restart command signs in with the token of the config, which the gateway refuses until it has restarted`,
      'set gateway.reload.mode to "hybrid" and start the gateway again in its terminal, then rotate; or change gateway.auth.token by hand and start it again there',
    )
  },
  /** A restart command without a service restarts what runs, and here nothing does. */
  startable: ({supervisor, listener, restart, target}) =>
    supervisor.kind !== 'none' || supervisor.holder !== null || listener?.is !== 'none'
      ? null
      : refuse(
          'The gateway does not run, and no service would start it',
          `nothing listens on ${target.host}:${target.port}, and no service of this gateway was found: a restart command restarts nothing then`,
          `start it as it was started before. ${restart?.byHand ?? ''}`.trim(),
        ),
  machines: ({remotes}) => {
    const wrong = remotes.find(({host}) => !isMachine(host))
    return wrong === undefined
      ? null
      : refuse(
          `${JSON.stringify(wrong.host)} is no name of a machine`,
          'ssh would take it for something else',
          'name it as user@host',
        )
  },
  command: ({restart}) => (restart === null ? withoutCommand : null),
} as const satisfies Record<string, Precondition>

export type PreconditionId = keyof typeof preconditions

export const firstFailed = (facts: Facts, ids: readonly PreconditionId[]): Refusal | null => {
  for (const id of ids) {
    const refusal: Refusal | null = preconditions[id](facts)
    if (refusal) return refusal
  }
  return null
}
