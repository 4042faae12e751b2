import type {Refusal} from './fixes-needs.ts'
import {type Plan, type Step, step} from './plan.ts'
import {type LoginAim, type LoginWrite, lifeOf, type RenewalAsks, type RenewalKind} from './renewal.ts'
import {otherKinds, rightKind, unfit} from './renewal-choice.ts'
import type {RenewalFacts} from './renewal-facts.ts'
import {type Act, commandsMs, words} from './renewal-words.ts'

export const loginBackup = (backups: string): string => `${backups}/login.json`
const configBackup = (backups: string): string => `${backups}/openclaw.json`

const no = (title: string, because: string, tryThis: string, unknown = false): Refusal => ({
  refused: {title, because, tryThis, from: 'gateway'},
  unknown,
})

/** The two tracks are kept apart: one thing at a time is changed about who may do what. */
export const trackBusy = ({busy, cutOff}: Pick<RenewalFacts, 'busy' | 'cutOff'>): Refusal | null => {
  if (busy !== null)
    return no(
      busy.fix === 'renew'
        ? 'A login of this gateway is being renewed already'
        : `A plan on the gateway itself is under way (${busy.fix}): provider logins are not touched meanwhile`,
      `${busy.id}, process ${busy.pid}`,
      '`gatecrab journals` shows how it goes',
      true,
    )
  return cutOff === null
    ? null
    : no(
        'A plan on this gateway was cut off: provider logins are not touched before that is settled',
        cutOff,
        '`gatecrab journals --continue` does the one right thing with it',
      )
}

const kindOf = (facts: RenewalFacts): RenewalKind | Refusal => {
  const asked = {
    profile: facts.profile,
    isInactive: facts.credential?.isInactive === true,
    isLeftover: facts.isLeftover,
    now: facts.now,
  }
  if (facts.wanted === null) return rightKind(asked)
  return unfit(facts.wanted, asked) ?? facts.wanted
}

/** Releases without the command ask for the key themselves. */
const inRelease = (kind: RenewalKind, {cli}: RenewalFacts): RenewalKind =>
  kind === 'paste-api-key' && cli?.['paste-api-key'] === null ? 'add' : kind

const aimOf = (kind: RenewalKind, {profile, order, validFor}: RenewalFacts): LoginAim => {
  switch (kind) {
    case 'paste-token':
      return {is: 'saved', type: 'token', forMs: lifeOf(validFor), endsAt: null}
    case 'paste-api-key':
      return {is: 'saved', type: 'api_key', forMs: null, endsAt: null}
    case 'logout':
      return {is: 'gone'}
    case 'order':
      return {is: 'first', order: [profile.profileId, ...order.now.filter(id => id !== profile.profileId)]}
    default:
      return {is: 'signed-in'}
  }
}

const writeOf = (kind: RenewalKind, facts: RenewalFacts): LoginWrite => {
  const {agent, profileId, provider, store} = facts.profile
  return {agent, profileId, provider, store, seal: facts.seal, aim: aimOf(kind, facts)}
}

const asksOf = (kind: RenewalKind, speaks: boolean, {profile, validFor, atRisk}: RenewalFacts): RenewalAsks => {
  const isToken = kind === 'paste-token'
  const takesSecret = !speaks && (isToken || kind === 'paste-api-key')
  return {
    secret: takesSecret
      ? {what: isToken ? 'token' : 'API key', prefix: isToken && profile.provider === 'anthropic' ? 'sk-ant-oat01-' : null}
      : null,
    validFor: isToken ? validFor : null,
    terminal: speaks,
    atRisk,
  }
}

const undoOf = (kind: RenewalKind): string | null =>
  kind === 'paste-token' || kind === 'paste-api-key' || kind === 'order'
    ? '`gatecrab undo` gives OpenClaw back what was there'
    : null

const actStep = (kind: RenewalKind, login: LoginWrite, asks: RenewalAsks, facts: RenewalFacts): Step => {
  const argv = facts.cli?.[kind]?.argv ?? []
  const {doing, change}: Act = words[kind](facts.profile, login)
  const from = kind === 'order' ? facts.order.now.join(', ') : change.from
  const told = {argv, change: {...change, from}, budgetMs: asks.terminal ? null : commandsMs, undo: undoOf(kind)}
  if (asks.terminal) return step('lend', 'run', `${doing} The terminal is lent to it.`, {do: 'lend-terminal', login, argv}, told)
  const secret = asks.secret === null ? 'none' : 'given'
  const stdin = asks.secret === null ? null : `the ${asks.secret.what}, from the masked field`
  return step('save', 'run', doing, {do: 'save-login', login, argv, secret}, {...told, stdin})
}

const lookStep = (login: LoginWrite): Step =>
  step(
    'look',
    'check',
    `See that ${login.profileId} is as it was when this plan was made`,
    {do: 'look-login', login},
    {
      file: login.store.path,
    },
  )

const backUpSteps = (login: LoginWrite, {target, backups}: RenewalFacts): Step[] => [
  step(
    'back-up',
    'back-up',
    'Copy its row, for this user alone',
    {do: 'back-up-login', login, as: loginBackup(backups)},
    {
      file: loginBackup(backups),
    },
  ),
  step(
    'back-up-config',
    'back-up',
    'Copy the config, in which OpenClaw notes the login',
    {
      do: 'back-up',
      file: target.configFile,
      as: configBackup(backups),
    },
    {file: configBackup(backups), otherwise: 'go-on'},
  ),
]

const proofs: Readonly<Record<LoginAim['is'], string>> = {
  saved: 'Read the store again: what was given stands there, with its end',
  'signed-in': 'Read the store again: a new login stands there and serves',
  gone: 'Read the store again: it is gone',
  first: 'Read the store again: the order is the new one',
}

const proveSteps = (login: LoginWrite): Step[] => [
  step('prove', 'prove', proofs[login.aim.is], {do: 'prove-login', login}, {file: login.store.path}),
  step('others', 'prove', 'See that the other logins are as they were', {do: 'prove-others', login}, {otherwise: 'note'}),
]

const notUndone: Readonly<Record<RenewalKind, readonly string[]>> = {
  'paste-token': [],
  'paste-api-key': [],
  add: ['What it replaces stays in the backup of this plan, and OpenClaw has no command that takes it from there.'],
  login: ['A login that is replaced does not come back: the provider ends it.'],
  'setup-token': ['What it replaces stays in the backup of this plan only.'],
  copilot: ['A login that is replaced does not come back.'],
  activate: ['A login that was switched on stays so.'],
  order: [],
  logout: ['A login that was removed is only in the backup of this plan; somebody has to sign in anew to have it again.'],
}

const risky = ({atRisk}: RenewalFacts): string[] =>
  atRisk.map(
    id =>
      `${id} is past its end: this release may renew it on the way, and loses it for good where its provider cannot be reached`,
  )

const notesOf = (kind: RenewalKind, asks: RenewalAsks, facts: RenewalFacts): string[] => {
  const others = otherKinds({
    profile: facts.profile,
    isInactive: facts.credential?.isInactive === true,
    isLeftover: facts.isLeftover,
    now: facts.now,
  }).filter(other => other !== kind && facts.cli?.[other] !== null)
  return [
    ...words[kind](facts.profile, writeOf(kind, facts)).notes,
    ...(kind === 'paste-token' && asks.terminal
      ? ['This release shows in clear text what is piped to it, and does not save it: so it asks for the token itself.']
      : []),
    ...(facts.profile.usedBy.length > 1 ? [`${facts.profile.usedBy.join(', ')} work with it.`] : []),
    ...others.map(other => `Or: \`gatecrab renew ${facts.profile.profileId} --by ${other}\``),
  ]
}

export const renewalPlanOf = (kind: RenewalKind, facts: RenewalFacts): Plan => {
  const {profile, target, atRisk, backups} = facts
  const asks = asksOf(kind, facts.cli?.[kind]?.speaks === true, facts)
  const login = writeOf(kind, facts)
  return {
    id: facts.id,
    fix: 'renew',
    title: words[kind](profile, login).title,
    because: profile.why,
    risk:
      atRisk.length > 0
        ? 'may cost another login, see below'
        : 'one login at a model provider; nobody is cut off from the gateway',
    gateway: target,
    interrupts: risky(facts),
    cannotUndo: notUndone[kind],
    confirm: atRisk.length > 0 ? 'risk' : kind === 'logout' ? 'remove' : 'renew',
    notes: notesOf(kind, asks, facts),
    steps: [lookStep(login), ...backUpSteps(login, facts), actStep(kind, login, asks, facts), ...proveSteps(login)],
    cards: words[kind](profile, login).cards,
    continues: null,
    undoes: null,
    backups,
    asks,
  }
}

/** The plan for a login, or why there is none. */
export const renewalPlan = (facts: RenewalFacts): Plan | Refusal => {
  const busy = trackBusy(facts)
  if (busy) return busy
  if (facts.cli === null)
    return no(
      'No openclaw command was found',
      'it is neither named by the service nor on the PATH',
      'name it with --openclaw',
      true,
    )
  const chosen = kindOf(facts)
  if (typeof chosen !== 'string') return chosen
  const kind = inRelease(chosen, facts)
  const command = facts.cli[kind]
  if (command === null)
    return no(
      `OpenClaw ${facts.release ?? 'of this release'} has no command for that`,
      `models auth ${kind} came later`,
      'update OpenClaw',
    )
  if (kind === 'paste-token' && lifeOf(facts.validFor) === null)
    return no('Unknown length of life', `OpenClaw saves nothing for --expires-in ${facts.validFor}`, 'such as 365d, 12h or 30m')
  return renewalPlanOf(kind, facts)
}
