import path from 'node:path'
import {type HostEnv, ownConfigFolder} from '../../gateway/paths.ts'
import {readText} from '../files.ts'

/** The machines that hold a copy of the token, one a line, as ssh names them. */
const remotesFile = (hostEnv: HostEnv): string => path.join(ownConfigFolder(hostEnv), 'remotes')

/** Blank lines and what follows a # say nothing. */
export const listedRemotes = (hostEnv: HostEnv): string[] => {
  try {
    const lines = readText(remotesFile(hostEnv)).split('\n')
    return [...new Set(lines.map(line => line.replace(/#.*/, '').trim()).filter(line => line !== ''))]
  } catch {
    return []
  }
}
