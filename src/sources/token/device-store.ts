import fs from 'node:fs'
import path from 'node:path'
import {isSince} from '../../domain/release.ts'
import {type PairedDevice, readDeviceStore} from '../../gateway/cli-output.ts'

const textOf = (file: string): string | null => {
  try {
    return fs.readFileSync(file, 'utf8')
  } catch {
    return null
  }
}

/** Who is paired, by the file that releases before 2026.7.35 keep; null where there is none. Reading it pairs nobody. */
export const storedDevices = (stateDir: string): readonly PairedDevice[] | null => {
  const text = textOf(path.join(stateDir, 'devices', 'paired.json'))
  return text === null ? null : readDeviceStore(text)
}

const reads = /^operator\.(?:read|write|admin)$/
const administers = /^operator\.admin$/

/**
 * Whether the command line of this account is paired already with what it asks for: then signing in by it pairs nobody. Before
 * 2026.4.15 it always asks to administer, and is given that.
 */
export const isCommandPaired = (stateDir: string, release: string | null): boolean => {
  const own = /"deviceId":\s*"([0-9a-f]+)"/.exec(textOf(path.join(stateDir, 'identity', 'device.json')) ?? '')?.[1]
  const device = (storedDevices(stateDir) ?? []).find(({id}) => id === own)
  const requested = release !== null && isSince(release, '2026.4.15') ? reads : administers
  return device?.scopes.some(scope => requested.test(scope)) ?? false
}
