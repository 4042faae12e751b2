import type {LoginWrite, RenewalAsks, RenewalKind} from '../../logins/renewal.ts'
import {isSince} from '../../release.ts'
import {shellWord} from '../../shell.ts'
import {otherKinds} from './choice.ts'
import {type RenewalFacts, renewalQuestion} from './facts.ts'
import {renewalTexts} from './words.ts'

export const notUndone: Readonly<Record<RenewalKind, readonly string[]>> = {
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

export const risky = ({atRisk}: RenewalFacts): string[] =>
  atRisk.map(
    id =>
      `${id} is past its end: this release may renew it on the way, and loses it for good where its provider cannot be reached`,
  )

/** OpenClaw advises a restart after each save; seen with 2026.9.6, the gateway has it within seconds. */
const takeOverSentence = ({release}: RenewalFacts): string =>
  release === null || !isSince(release, '2026.7.1')
    ? 'A gateway of this release may go on with the old one for a while: `gatecrab restart` ends that.'
    : 'A running gateway takes it over by itself within seconds, whatever OpenClaw says of a restart.'

export const notesOf = (kind: RenewalKind, login: LoginWrite, asks: RenewalAsks, facts: RenewalFacts): string[] => {
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
