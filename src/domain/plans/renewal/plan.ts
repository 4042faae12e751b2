import {type LoginAim, type LoginWrite, parseLifetime, type RenewalAsks, type RenewalKind} from '../../logins/renewal.ts'
import {isSince} from '../../release.ts'
import {shellWord} from '../../shell.ts'
import type {Plan} from '../plan.ts'
import {type Refusal, refuse, refuseWhileBusy, refuseWhileCutOff, withoutCommand} from '../preconditions.ts'
import {otherKinds, rightKind, whyUnfit} from './choice.ts'
import {type RenewalFacts, renewalQuestion} from './facts.ts'
import {renewalSteps} from './steps.ts'
import {renewalTexts} from './words.ts'

const notUndone: Readonly<Record<RenewalKind, readonly string[]>> = {
  'paste-token': [],
  'paste-api-key': [],
  add: ['What it replaces stays in the backup of this plan, and OpenClaw has no command that takes it from there.'],
  login: ['A login that is replaced does not come back: the provider ends it.'],
  'setup-token': ['What it replaces stays in the backup of this plan only.'],
  copilot: ['A login that is replaced does not come back.'],
  activate: ['A login that was switched on stays so.'],
  order: [],
  logout: ['A login that was removed is only in the backup of this plan; somebody has to sign in again to have it again.'],
}

const risky = ({atRisk}: RenewalFacts): string[] =>
  atRisk.map(
    id =>
      `${id} is past its end: this release may renew it on the way, and loses it for good where its provider cannot be reached`,
  )

/** OpenClaw advises a restart after each save; seen with 2026.9.6, the gateway has it within seconds. */
const takeOverSentence = ({release}: RenewalFacts): string =>
  release === null || !isSince(release, '2026.7.1')
    ? 'A gateway of this release may go on with the old one for a while: `gatecrab restart` ends that.'
    : 'A running gateway takes it over by itself within seconds, whatever OpenClaw says of a restart.'

const notesOf = (kind: RenewalKind, login: LoginWrite, asks: RenewalAsks, facts: RenewalFacts): string[] => {
  const others =
    kind === 'logout' || kind === 'order'
      ? []
      : otherKinds(renewalQuestion(facts)).filter(other => other !== kind && facts.cli?.[other] !== null)
  return [
    ...renewalTexts[kind](facts.profile, login).notes,
    ...(kind === 'paste-token' && asks.terminal
      ? [
          'This release shows in clear text what is piped to it, and does not save it: so it asks for the token itself, and shows it while it is typed.',
        ]
      : []),
    takeOverSentence(facts),
    ...(facts.profile.usedBy.length > 1 ? [`${facts.profile.usedBy.join(', ')} work with it.`] : []),
    ...others.map(other => `Or: \`gatecrab renew ${shellWord(facts.profile.profileId)} --by ${other}\``),
  ]
}

/** The two tracks are kept apart: one thing at a time is changed about who may do what. */
export const trackBusy = ({busy, cutOff}: Pick<RenewalFacts, 'busy' | 'cutOff'>): Refusal | null =>
  refuseWhileBusy(busy, fix =>
    fix === 'renew'
      ? 'A login of this gateway is being renewed already'
      : `A plan on the gateway itself is under way (${fix}): provider logins are not touched meanwhile`,
  ) ?? refuseWhileCutOff(cutOff, 'A plan on this gateway was cut off: provider logins are not touched before that is settled')

const kindOf = (facts: RenewalFacts): RenewalKind | Refusal => {
  const question = renewalQuestion(facts)
  if (facts.requestedKind === null) return rightKind(question)
  return whyUnfit(facts.requestedKind, question) ?? facts.requestedKind
}

/** Releases without the command ask for the key themselves. */
const inRelease = (kind: RenewalKind, {cli}: RenewalFacts): RenewalKind =>
  kind === 'paste-api-key' && cli?.['paste-api-key'] === null ? 'add' : kind

const aimOf = (kind: RenewalKind, {profile, order, validFor}: RenewalFacts): LoginAim => {
  switch (kind) {
    case 'paste-token':
      return {is: 'saved', type: 'token', forMs: parseLifetime(validFor), endsAt: null}
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

export const renewalPlanOf = (kind: RenewalKind, facts: RenewalFacts): Plan => {
  const {profile, target, atRisk, backups} = facts
  const asks = asksOf(kind, facts.cli?.[kind]?.speaks === true, facts)
  const login = writeOf(kind, facts)
  return {
    id: facts.id,
    fix: 'renew',
    title: renewalTexts[kind](profile, login).title,
    because: profile.why,
    risk:
      atRisk.length > 0
        ? 'may cost another login, see below'
        : 'one login at a model provider; no client is cut off from the gateway',
    gateway: target,
    interrupts: risky(facts),
    cannotUndo: notUndone[kind],
    confirm: atRisk.length > 0 ? 'risk' : kind === 'logout' ? 'remove' : 'renew',
    notes: notesOf(kind, login, asks, facts),
    steps: renewalSteps(kind, login, asks, facts),
    cards: renewalTexts[kind](profile, login).manualSteps,
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
  if (facts.cli === null) return withoutCommand
  const chosen = kindOf(facts)
  if (typeof chosen !== 'string') return chosen
  const kind = inRelease(chosen, facts)
  const command = facts.cli[kind]
  if (command === null)
    return refuse(
      `OpenClaw ${facts.release ?? 'of this release'} has no command for that`,
      `models auth ${kind} came later`,
      'update OpenClaw',
    )
  if (kind === 'paste-token' && parseLifetime(facts.validFor) === null)
    return refuse(
      'Unknown length of life',
      `OpenClaw saves nothing for --expires-in ${facts.validFor}`,
      'such as 365d, 12h or 30m',
    )
  return renewalPlanOf(kind, facts)
}
