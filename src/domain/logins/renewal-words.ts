import {dayMs, hourMs, minuteMs} from '../durations.ts'
import type {Change} from '../plans/plan.ts'
import type {Profile} from './credential-profile.ts'
import type {LoginWrite, RenewalKind} from './renewal.ts'

/** The command of OpenClaw takes 5 to 10 seconds, and minutes where it looks for a plugin without a network. */
export const commandsMs = 180_000

export type Act = {title: string; doing: string; change: Change; notes: readonly string[]; cards: readonly string[]}

const days = (ms: number | null): string => {
  if (ms === null) return 'as it was'
  if (ms % dayMs === 0) return `${ms / dayMs} d`
  return ms % hourMs === 0 ? `${ms / hourMs} h` : `${Math.round(ms / minuteMs)} min`
}

const changeOf = ({profileId}: LoginWrite, {state}: Pick<Profile, 'why' | 'state' | 'hidesShared'>, to: string): Change => ({
  what: profileId,
  from: state,
  to,
})

const lifeIn = ({aim}: LoginWrite): string => (aim.is === 'saved' ? days(aim.forMs) : '')

const act = (found: Pick<Act, 'title' | 'doing' | 'change'> & Partial<Act>): Act => ({notes: [], cards: [], ...found})

type Words = (profile: Pick<Profile, 'why' | 'state' | 'hidesShared'>, login: LoginWrite) => Act

/** What each renewal is called, does, and leaves for a person. */
export const words: Readonly<Record<RenewalKind, Words>> = {
  'paste-token': (profile, login) =>
    act({
      title: `Save a new token for ${login.profileId}`,
      doing: 'Let OpenClaw save the token, with its end.',
      change: changeOf(login, profile, `a new token, good for ${lifeIn(login)}`),
      notes:
        login.provider === 'anthropic'
          ? ['`claude setup-token`, on any machine with a browser, makes one that is good for a year.']
          : [],
    }),
  'paste-api-key': (profile, login) =>
    act({
      title: `Save a new API key for ${login.profileId}`,
      doing: 'Let OpenClaw save the key.',
      change: changeOf(login, profile, 'a new key'),
      notes: [],
      cards: [`Delete the old key at ${login.provider}, once nothing uses it.`],
    }),
  login: (profile, login) =>
    act({
      title: `Sign in again at ${login.provider} for ${login.profileId}`,
      doing: 'Let OpenClaw sign in.',
      change: changeOf(login, profile, 'a new login'),
      notes: ['It may show an address to open in a browser, on any machine; the network must be up.'],
    }),
  'setup-token': (profile, login) =>
    act({
      title: `Make and save a token for ${login.provider}`,
      doing: 'Let OpenClaw make a token.',
      change: changeOf(login, profile, 'a new token'),
      notes: ['It saves under the name it chooses, which need not be this one.'],
    }),
  copilot: (profile, login) =>
    act({
      title: `Sign in again at GitHub Copilot for ${login.profileId}`,
      doing: 'Let OpenClaw sign in.',
      change: changeOf(login, profile, 'a new login'),
      notes: ['It shows a code to type at github.com, in a browser on any machine; the network must be up.'],
    }),
  add: (profile, login) =>
    act({
      title: `Save a new API key for ${login.profileId}`,
      doing: 'Let OpenClaw ask for it.',
      change: changeOf(login, profile, 'a new key'),
      notes: [`This release asks for everything itself: name the provider ${login.provider} and the profile ${login.profileId}.`],
    }),
  activate: (profile, login) =>
    act({
      title: `Switch ${login.profileId} on`,
      doing: 'Let OpenClaw try the saved sign-in and switch it on.',
      change: changeOf(login, profile, 'switched on'),
      notes: ['OpenClaw asks the provider one real question with it, which may cost a little.'],
    }),
  order: (profile, login) =>
    act({
      title: `Put ${login.profileId} first at ${login.provider}`,
      doing: `Let OpenClaw try it before the others, for agent ${login.agent}.`,
      change: {
        what: `order of ${login.provider}`,
        from: null,
        to: login.aim.is === 'first' && login.aim.order !== null ? login.aim.order.join(', ') : 'none of its own',
      },
      notes: [profile.why],
    }),
  logout: (profile, login) =>
    act({
      title: profile.hidesShared
        ? `Remove the dead ${login.profileId} of agent ${login.agent}, so that it sees the shared one`
        : `Remove the dead spare ${login.profileId}`,
      doing: 'Let OpenClaw remove it from the store and from its config.',
      change: changeOf(login, profile, 'gone'),
      notes: [
        profile.hidesShared ? 'The agent works with the shared login of that name from then on.' : 'No agent uses it now.',
        'At the provider it is not ended: it is dead there, or ended by hand.',
      ],
    }),
}
