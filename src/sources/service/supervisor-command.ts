import fs from 'node:fs'
import path from 'node:path'
import {type HostEnv, type LocationOverrides, systemdUnit} from '../../gateway/paths.ts'
import {textIfReadable} from '../files.ts'
import {plistsOf, startedBy} from './launchd-places.ts'

const isEntry = (word: string): boolean => /(?:^|\/)openclaw\/(?:dist\/)?(?:index|entry|openclaw)\.m?js$/.test(word)

/** The node and the script of the service: `…/node [--flags] …/openclaw/dist/index.js gateway …`. */
const inWords = (words: readonly string[]): readonly string[] | null => {
  const script = words.findIndex(isEntry)
  const node = words.slice(0, Math.max(0, script)).findLast(word => /(?:^|\/)(?:node|bun)$/.test(word))
  const entry = words[script]
  return node === undefined || entry === undefined || !fs.existsSync(node) || !fs.existsSync(entry) ? null : [node, entry]
}

const ofService = (overrides: LocationOverrides, hostEnv: HostEnv): readonly string[] | null => {
  if (hostEnv.platform === 'darwin') {
    const started = plistsOf(overrides, hostEnv).map(({file}) => inWords(startedBy(file, hostEnv)?.args ?? []))
    return started.find(words => words !== null) ?? null
  }
  const start = /^ExecStart=(.*)$/m.exec(textIfReadable(systemdUnit(overrides, hostEnv).file) ?? '')?.[1] ?? ''
  return inWords(start.split(/\s+/).map(word => word.replace(/^"(.*)"$/, '$1')))
}

const isExecutable = (file: string): boolean => {
  try {
    fs.accessSync(file, fs.constants.X_OK)
    return fs.statSync(file).isFile()
  } catch {
    return false
  }
}

const nvmFolders = (home: string): string[] => {
  const versions = path.join(home, '.nvm/versions/node')
  try {
    return fs
      .readdirSync(versions)
      .toSorted((a, b) => b.localeCompare(a, 'en', {numeric: true}))
      .map(version => path.join(versions, version, 'bin'))
  } catch {
    return []
  }
}

/** A shell that is no login shell, as over SSH, has a short PATH. `~/.openclaw/bin` is where OpenClaw.app installs. */
const usual = (home: string): string[] => [
  '/opt/homebrew/bin',
  '/usr/local/bin',
  path.join(home, '.local/bin'),
  path.join(home, '.npm-global/bin'),
  path.join(home, '.openclaw/bin'),
  path.join(home, '.volta/bin'),
  ...nvmFolders(home),
]

const onPath = ({env, home}: HostEnv): readonly string[] | null => {
  const folders = [...(env['PATH'] ?? '').split(path.delimiter).filter(Boolean), ...usual(home)]
  const found = folders.map(folder => path.join(folder, 'openclaw')).find(isExecutable)
  return found === undefined ? null : [found]
}

/** The OpenClaw command of this gateway: the one its service runs, else the one on the PATH. */
export const openclawOf = (overrides: LocationOverrides, hostEnv: HostEnv): readonly string[] | null =>
  ofService(overrides, hostEnv) ?? onPath(hostEnv)
