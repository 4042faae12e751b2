import fs from 'node:fs'
import path from 'node:path'
import type {Failure} from '../../domain/failure.ts'
import {emptyConfig, type GatewayConfig, type ReadIncluded, readConfig, withIncludes} from '../../gateway/config.ts'
import {parseJson5} from '../../gateway/json5.ts'
import {releaseIn} from '../../gateway/service/files.ts'
import {errorWords, isMachineError} from '../error-words.ts'
import {readText} from '../files.ts'

const readIncluded: ReadIncluded = (name, from) => {
  const file = path.resolve(path.dirname(from), name)
  try {
    const parsed = parseJson5(readText(file))
    return 'problem' in parsed ? null : {tree: parsed.value, file}
  } catch {
    return null
  }
}

/** Merges what a config includes; names in it lead from the file itself, also where the config is a link. */
export const includesOf =
  (file: string) =>
  (tree: unknown): unknown =>
    withIncludes(tree, file, readIncluded)

const understood = (file: string): GatewayConfig | null => {
  try {
    const found = readConfig(readText(file), includesOf(file))
    return 'problem' in found ? null : found
  } catch {
    return null
  }
}

/** Who broke the file did not move the gateway: its port and its log are where the last good copy says. */
const lastGood = (file: string): GatewayConfig => understood(`${file}.last-good`) ?? understood(`${file}.bak`) ?? emptyConfig

type ConfigFound = {
  config: GatewayConfig
  exists: boolean
  /** Who owns the file: the account of the gateway, as far as files can say. */
  uid: number | null
  problem: Failure | null
}

/** The config of the gateway on this host; a missing file is no problem, an unreadable one is told. */
export const configAt = (file: string): ConfigFound => {
  const uid = process.getuid ? (fs.statSync(file, {throwIfNoEntry: false})?.uid ?? null) : null
  let text: string
  try {
    text = readText(file)
  } catch (error) {
    const code = (error as NodeJS.ErrnoException).code
    if (code === 'ENOENT' || code === 'ENOTDIR') return {config: emptyConfig, exists: false, uid: null, problem: null}
    return {
      config: emptyConfig,
      exists: true,
      uid,
      problem: {
        title: `Cannot read ${file}`,
        because: isMachineError(error) || code === 'EINVAL' ? errorWords(error) : String(code),
        tryThis: isMachineError(error)
          ? 'raise `ulimit -n`, or end what holds so many files'
          : "run gatecrab as the gateway's user",
        from: 'you',
      },
    }
  }
  const found = readConfig(text, includesOf(file))
  if (!('problem' in found)) return {config: found, exists: true, uid, problem: null}
  return {
    config: lastGood(file),
    exists: true,
    uid,
    problem: {
      title: `Cannot understand ${file}`,
      because: found.problem,
      tryThis: '`openclaw config validate` says where',
      from: 'gateway',
    },
  }
}

const nearestPackage = (file: string): string | null => {
  for (let folder = path.dirname(file), up = 0; up < 6; folder = path.dirname(folder), up += 1) {
    try {
      const release = releaseIn(readText(path.join(folder, 'package.json')))
      if (release !== null) return release
    } catch {}
  }
  return null
}

/** The release of the `openclaw` on the PATH, read from its package: starting it would take a second. */
export const installedRelease = (searchPath: string): string | null => {
  for (const folder of searchPath.split(path.delimiter)) {
    try {
      const found = nearestPackage(fs.realpathSync(path.join(folder, 'openclaw')))
      if (found !== null) return found
    } catch {}
  }
  return null
}
