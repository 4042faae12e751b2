import os from 'node:os'
import type {HostEnv} from '../../gateway/paths.ts'

export const readHostEnv = (): HostEnv => ({
  platform: process.platform,
  home: process.env['HOME'] ?? os.homedir(),
  tmp: os.tmpdir(),
  uid: process.getuid?.() ?? null,
  env: process.env,
})
