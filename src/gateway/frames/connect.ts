import {ownInstance} from '../../domain/live/connected-client.ts'
import {isUpTo} from '../../domain/release.ts'
import type {Secret} from '../../domain/secret.ts'

export type ConnectOptions = {token: Secret; version: string; platform: string; release: string | null}

/** Until here the list of who is there goes to everybody who is let in; later it takes the scope to read. */
const lastOpenPresence = '2026.7.35'

/**
 * The lightest client that every release lets in by the shared token alone and keeps off its list of who is there. Without
 * the scope to read it is spared every conversation, too.
 */
export const connectFrame = ({token, version, platform, release}: ConnectOptions): string =>
  JSON.stringify({
    type: 'req',
    id: 'connect',
    method: 'connect',
    params: {
      minProtocol: 3,
      maxProtocol: 4,
      client: {id: 'cli', displayName: 'gatecrab', version, platform, mode: 'cli', instanceId: ownInstance},
      role: 'operator',
      scopes: isUpTo(release, lastOpenPresence) ? [] : ['operator.read'],
      caps: [],
      auth: {token: token.reveal()},
    },
  })

export const connectId = 'connect'
