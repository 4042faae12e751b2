import {dayMs, hourMs, minuteMs} from '../../durations.ts'
import type {Profile} from '../../logins/profile.ts'
import type {LoginWrite, RenewalKind} from '../../logins/renewal.ts'
import type {StepChange} from '../plan.ts'

/** The command of OpenClaw takes 5 to 10 seconds, and minutes where it looks for a plugin without a network. */
export const commandsMs = 180_000

export type RenewalTexts = {
  title: string
  doing: string
  change: StepChange
  notes: readonly string[]
  manualSteps: readonly string[]
}

const days = (ms: number | null): string => {
  if (ms === null) return 'as it was'
  if (ms % dayMs === 0) return `${ms / dayMs} d`
  return ms % hourMs === 0 ? `${ms / hourMs} h` : `${Math.round(ms / minuteMs)} min`
}

const changeOf = ({profileId}: LoginWrite, {state}: Pick<Profile, 'why' | 'state' | 'hidesShared'>, to: string): StepChange => ({
  what: profileId,
  from: state,
  to,
})

const lifetimeText = ({aim}: LoginWrite): string => (aim.is === 'saved' ? days(aim.forMs) : '')

const texts = (found: Pick<RenewalTexts, 'title' | 'doing' | 'change'> & Partial<RenewalTexts>): RenewalTexts => ({
  notes: [],
  manualSteps: [],
  ...found,
})

type RenewalTextsFor = (profile: Pick<Profile, 'why' | 'state' | 'hidesShared'>, login: LoginWrite) => RenewalTexts

/** What each renewal is called, does, and leaves for a person. */
export const renewalTexts: Readonly<Record<RenewalKind, RenewalTextsFor>> = {
  'paste-token': (profile, login) =>
    texts({
      title: `Save a new token for ${login.profileId}`,
      doing: 'Let OpenClaw save the token, with its end.',
      change: changeOf(login, profile, `a new token, good for ${lifetimeText(login)}`),
      notes:
        login.provider === 'anthropic'
          ? ['`claude setup-token`, on any machine with a browser, makes one that is good for a year.']
          : [],
    }),
  'paste-api-key': (profile, login) =>
    texts({
      title: `Save a new API key for ${login.profileId}`,
      doing: 'Let OpenClaw save the key.',
      change: changeOf(login, profile, 'a new key'),
      notes: [],
      manualSteps: [`Delete the old key at ${login.provider}, once nothing uses it.`],
    }),
  login: (profile, login) =>
    texts({
      title: `Sign in again at ${login.provider} for ${login.profileId}`,
      doing: 'Let OpenClaw sign in.',
      change: changeOf(login, profile, 'a new login'),
      notes: ['It may show an address to open in a browser, on any machine; the network must be up.'],
    }),
  'setup-token': (profile, login) =>
    texts({
      title: `Make and save a token for ${login.provider}`,
      doing: 'Let OpenClaw make a token.',
      change: changeOf(login, profile, 'a new token'),
      notes: ['It saves under the name it chooses, which need not be this one.'],
    }),
  copilot: (profile, login) =>
    texts({
      title: `Sign in again at GitHub Copilot for ${login.profileId}`,
      doing: 'Let OpenClaw sign in.',
      change: changeOf(login, profile, 'a new login'),
      notes: ['It shows a code to type at github.com, in a browser on any machine; the network must be up.'],
    }),
  add: (profile, login) =>
    texts({
      title: `Save a new API key for ${login.profileId}`,
      doing: 'Let OpenClaw ask for it.',
      change: changeOf(login, profile, 'a new key'),
      notes: [`This release asks for everything itself: name the provider ${login.provider} and the profile ${login.profileId}.`],
    }),
  activate: (profile, login) =>
    texts({
      title: `Switch ${login.profileId} on`,
      doing: 'Let OpenClaw try the saved sign-in and switch it on.',
      change: changeOf(login, profile, 'switched on'),
      notes: ['OpenClaw asks the provider one real question with it, which may cost a little.'],
    }),
  order: (profile, login) =>
    texts({
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
    texts({
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
