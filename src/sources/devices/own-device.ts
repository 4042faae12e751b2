import path from 'node:path'
import {isSince} from '../../domain/release.ts'
import {readText} from '../files.ts'
import {readDeviceStore} from './reader.ts'

const ownId = (stateDir: string): string | null => {
  try {
    const text = readText(path.join(stateDir, 'identity', 'device.json'))
    return /"deviceId":\s*"([0-9a-f]+)"/.exec(text)?.[1] ?? null
  } catch {
    return null
  }
}

/** For what the command line of this account is paired already, with the release that pairs it; empty where it is not. */
export const commandScopes = async (stateDir: string, release: string | null): Promise<readonly string[]> => {
  const own = ownId(stateDir)
  const {store} = await readDeviceStore(stateDir, release)
  return store?.paired.find(({deviceId}) => deviceId === own)?.scopes ?? []
}

const reads = /^operator\.(?:read|write|admin)$/
const administers = /^operator\.admin$/

/**
 * Whether the command line of this account is paired already with what it asks for: then signing in by it pairs nobody. Before
 * 2026.4.15 it always asks to administer, and is given that.
 */
export const isCommandPaired = async (stateDir: string, release: string | null): Promise<boolean> => {
  const requested = release !== null && isSince(release, '2026.4.15') ? reads : administers
  return (await commandScopes(stateDir, release)).some(scope => requested.test(scope))
}
