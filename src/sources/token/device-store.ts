import fs from 'node:fs'
import path from 'node:path'
import type {PairedDevice} from '../../gateway/cli-said.ts'
import {readDeviceStore} from '../../gateway/device-store.ts'

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

/** Whether the command line of this account is paired already, and may read: then asking the gateway by it asks for nothing new. */
export const isCommandPaired = (stateDir: string): boolean => {
  const own = /"deviceId":\s*"([0-9a-f]+)"/.exec(textOf(path.join(stateDir, 'identity', 'device.json')) ?? '')?.[1]
  const device = (storedDevices(stateDir) ?? []).find(({id}) => id === own)
  return device?.scopes.some(scope => /^operator\.(?:read|write|admin)$/.test(scope)) ?? false
}
