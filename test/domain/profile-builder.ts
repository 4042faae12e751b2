import type {Profile} from '../../src/domain/logins/profile.ts'

/** A saved token of the main agent, without an end unless one is given. */
export const profileOf = (profileId: string, more: Partial<Profile> = {}): Profile => ({
  agent: 'main',
  usedBy: ['main'],
  inUseBy: ['main'],
  profileId,
  provider: profileId.split(':')[0] ?? '',
  type: 'token',
  state: 'ok',
  why: 'It ends.',
  todo: null,
  expiresAt: null,
  remainingMs: null,
  renewsItself: false,
  blocked: null,
  from: 'saved',
  store: {kind: 'sqlite', path: '/s/state/openclaw.sqlite'},
  openclawSays: 'ok',
  hidesShared: false,
  ...more,
})
