import {failuresOf, isRefreshFailure, type Profile, type ProviderFailure} from '../../domain/logins/profile.ts'
import type {RenewalKind} from '../../domain/logins/renewal.ts'
import {otherKinds, rightKind} from '../../domain/plans/renewal/choice.ts'
import {providerReasonOf} from '../../domain/reasons/reason.ts'
import type {State} from '../state.ts'
import {ago, clock, day, moment, plural} from '../words.ts'
import {renewalObstacle} from './store-problems.ts'

/** A line of the details; what does not fit goes on below its text. */
export type DetailLine = {label: string; text: string}

const labelled = (label: string, text: string): DetailLine => ({label: label.padEnd(14), text})
const plain = (text: string, indent = 0): DetailLine => ({label: ' '.repeat(indent), text})

const endText = ({expiresAt, state}: Profile, now: number): string => {
  if (expiresAt === null) return state === 'static' ? 'never' : 'not known'
  return `${day(expiresAt)} ${clock(expiresAt)}, ${expiresAt > now ? `in ${ago(now, expiresAt).replace(' ago', '')}` : ago(expiresAt, now)}`
}

const facts = (profile: Profile, {now, profiles}: State): DetailLine[] => {
  const {agent, usedBy, inUseBy, openclawSays, renewsItself, blocked, store, from} = profile
  const users = usedBy.length === 0 ? 'nobody' : usedBy.join(', ')
  return [
    plain(`${profile.profileId}: ${profile.type ?? 'of unknown type'} at ${profile.provider}, kept by agent ${agent}`),
    plain(''),
    labelled('state', `${profile.state}: ${profile.why}`),
    labelled('ends', endText(profile, now)),
    labelled('renewed', renewsItself ? 'by itself, on use' : 'only by a person'),
    labelled('used by', `${users}; in use now by ${inUseBy.length === 0 ? 'nobody' : inUseBy.join(', ')}`),
    ...(blocked && blocked.until > now
      ? [labelled('blocked', `${blocked.kind} until ${moment(blocked.until, now)}: ${blocked.reason ?? 'no reason given'}`)]
      : []),
    labelled('openclaw says', openclawSays ?? 'nothing of it'),
    labelled('kept in', `${store.path ?? store.kind} (${from})${profiles ? `, read ${ago(profiles.at, now)}` : ''}`),
    labelled('in the log', profiles?.logNames.get(profile.profileId) ?? 'under no name'),
  ]
}

const max = 8

const failureText = ({event, line}: ProviderFailure, now: number): DetailLine => {
  const reason = providerReasonOf(event)
  const what = isRefreshFailure(event) ? `renewal failed: ${reason}` : reason
  const whom = event.profile === null ? ' (names the provider only)' : ''
  const status = event.status === null ? '' : ` HTTP ${event.status}`
  return {label: `  ${moment(line.at, now)}  `, text: `${what}${status}${whom}  ${line.from.file}:${line.from.line}`}
}

const history = (profile: Profile, {world, profiles, now}: State): DetailLine[] => {
  const found = failuresOf(world, profile, profiles?.logNames ?? new Map())
  if (found.length === 0) return [plain('The log that was read tells of no failure of it.')]
  const renewals = found.filter(({event}) => isRefreshFailure(event)).length
  return [
    plain(
      `The log tells of ${plural(found.length, 'failure')} of it, ${renewals === 0 ? 'none of them a renewal' : `${plural(renewals, 'renewal')} among them`}:`,
    ),
    ...found.slice(-max).map(failure => failureText(failure, now)),
    ...(found.length > max ? [plain(`and ${found.length - max} before these`, 2)] : []),
  ]
}

const keys: Partial<Record<RenewalKind, readonly [string, string]>> = {
  order: ['o', 'put it first'],
  logout: ['d', 'remove it: it is dead, and nobody would miss it'],
}

const key = (name: string, text: string): DetailLine => ({label: `  ${name.padEnd(3)}`, text})

const fixes = (profile: Profile, {now}: State): DetailLine[] => {
  const obstacle = renewalObstacle(profile, null, now)
  const asked = {profile, isInactive: false, isLeftover: false, now}
  const others = otherKinds(asked).filter(kind => kind !== rightKind(asked))
  return [
    plain('What helps'),
    key('w', obstacle === null ? 'renew it' : `cannot renew it. ${obstacle}`),
    ...others.map(kind => {
      const [name, does] = keys[kind] ?? [':', `renew ${kind}`]
      return key(name, does)
    }),
    ...(profile.todo === null ? [] : [key('', `by hand: ${profile.todo}`)]),
  ]
}

/** Everything about one login: the evidence of its state, its log events, and the advice. */
export const loginLines = (profile: Profile | null, state: State): DetailLine[] =>
  profile === null
    ? [plain('This login is no longer there.')]
    : [...facts(profile, state), plain(''), ...history(profile, state), plain(''), ...fixes(profile, state)]
