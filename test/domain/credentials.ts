import type {Credential} from '../../src/domain/logins/credential.ts'

/** A saved token without an end, as the store holds it. */
export const credential = (profileId: string, more: Partial<Credential> = {}): Credential => ({
  profileId,
  provider: profileId.split(':')[0] ?? '',
  type: 'token',
  spelling: 'plain',
  secret: 'set',
  hasRefresh: false,
  reference: null,
  hasSidecar: false,
  expires: {kind: 'none'},
  hasStrayExpiry: false,
  fence: null,
  isInactive: false,
  isExternal: false,
  ignored: null,
  ...more,
})
