import os from 'node:os'
import type {Surroundings} from '../../gateway/paths.ts'

export const surroundings = (): Surroundings => ({
  platform: process.platform,
  home: process.env['HOME'] ?? os.homedir(),
  tmp: os.tmpdir(),
  uid: process.getuid?.() ?? null,
  env: process.env,
})
