import fs from 'node:fs'
import path from 'node:path'
import type {HostEnv} from '../../gateway/paths.ts'

/** The machines that hold a copy of the token, one a line, as ssh names them. */
const remotesFile = ({env, home}: HostEnv): string => {
  const xdg = env['XDG_CONFIG_HOME']?.trim()
  return path.join(xdg && path.isAbsolute(xdg) ? xdg : path.join(home, '.config'), 'gatecrab', 'remotes')
}

/** Blank lines and what follows a # say nothing. */
export const listedRemotes = (hostEnv: HostEnv): string[] => {
  try {
    const lines = fs.readFileSync(remotesFile(hostEnv), 'utf8').split('\n')
    return [...new Set(lines.map(line => line.replace(/#.*/, '').trim()).filter(line => line !== ''))]
  } catch {
    return []
  }
}
