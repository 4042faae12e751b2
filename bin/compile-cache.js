import fs from 'node:fs'
import module from 'node:module'
import os from 'node:os'
import path from 'node:path'

const sticky = 0o1000

/** Whether only this account and root can change what the path leads to: each folder on the way is one's own or root's. */
const isGuarded = (folder, uid) => {
  const parent = path.dirname(folder)
  if (parent !== folder && !isGuarded(parent, uid)) return false
  const found = fs.lstatSync(folder)
  // Some systems have /home as a link of root's. A link of anybody else is not followed.
  if (found.isSymbolicLink()) return found.uid === 0 && isGuarded(fs.realpathSync(folder), uid)
  if (!found.isDirectory() || (found.uid !== uid && found.uid !== 0)) return false
  return (found.mode & 0o022) === 0 || (found.uid === 0 && (found.mode & sticky) !== 0)
}

/** Makes the folder where it is missing; what is there already stays as it is. */
const makeFolder = folder => {
  try {
    fs.mkdirSync(folder, {mode: 0o700})
  } catch (error) {
    if (error.code !== 'EEXIST') throw error
  }
}

const cacheHome = env => {
  const named = env.XDG_CACHE_HOME ?? ''
  return path.isAbsolute(named) ? path.normalize(named) : path.join(os.homedir(), '.cache')
}

/**
 * Where Node may keep our byte code, or null. Node runs what it finds there without comparing it with the source, so the folder must be
 * this account's alone. Node's default is a shared name in the temporary folder that any account can make first.
 */
export const compileCacheFolder = (env = process.env, uid = process.geteuid?.()) => {
  if (uid === undefined) return null
  try {
    const home = cacheHome(env)
    if (!path.isAbsolute(home) || !isGuarded(path.dirname(home), uid)) return null
    makeFolder(home)
    if (!isGuarded(home, uid)) return null
    const folder = path.join(home, 'gatecrab')
    makeFolder(folder)
    const found = fs.lstatSync(folder)
    return found.isDirectory() && found.uid === uid && (found.mode & 0o077) === 0 ? folder : null
  } catch {
    return null
  }
}

/** NODE_COMPILE_CACHE and NODE_DISABLE_COMPILE_CACHE are the operator's own word to every Node program: Node has heeded them already. */
export const enableCompileCache = () => {
  if (process.env.NODE_COMPILE_CACHE || process.env.NODE_DISABLE_COMPILE_CACHE) return
  const folder = compileCacheFolder()
  if (folder !== null) module.enableCompileCache?.(folder)
}
