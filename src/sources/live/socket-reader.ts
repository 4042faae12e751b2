import {macReader} from './sockets-mac.ts'
import {type Env, lsofReader, procReader, type SocketReader} from './sockets-read.ts'

export const socketReader = (platform: NodeJS.Platform, env: Env = process.env): SocketReader | null => {
  if (platform === 'linux') return procReader()
  if (platform === 'win32') return null
  return platform === 'darwin' ? macReader(env) : lsofReader(env)
}
