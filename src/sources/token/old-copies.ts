import path from 'node:path'
import type {Secret} from '../../domain/secret.ts'
import {type SecretKeys, secretKeys} from '../../domain/token/copy.ts'
import type {HostEnv} from '../../gateway/paths.ts'
import {leakedIn} from '../../gateway/token/audit.ts'
import {readConfigFile, remoteUrlIn} from '../../gateway/token/config.ts'
import type {ConfigFiles} from './config-files.ts'
import {type FileContent, isFileContent, namesIn, readWhole, tokenDigest} from './file.ts'
import {createFound, type FoundToken} from './found.ts'

const isBackup = /^\.(?:bak.*|last-good|clobbered\..+|pre-update.*|backup.*)$/
const maxBackups = 60

const tokensOf = (
  seen: FileContent,
  place: 'backup' | 'profile-config',
  base: readonly string[],
  release: string | null,
  keys: SecretKeys,
): FoundToken[] => {
  const read = readConfigFile(seen.text, {base, release, keys})
  if ('problem' in read) return [createFound(place, seen.path, keys.auth, {unreadable: read.problem, file: seen})]
  return read.tokens.map(({key, at, written, reference}) =>
    createFound(place, seen.path, key, {
      value: written,
      at,
      file: seen,
      reference,
      pointsTo: reference && `${reference.source} ${reference.name}`,
      meant: remoteUrlIn(read.tree, {key}),
    }),
  )
}

const backupsOf = async (
  file: string,
  base: readonly string[],
  release: string | null,
  keys: SecretKeys,
): Promise<FoundToken[]> => {
  const [folder, name] = [path.dirname(file), path.basename(file)]
  const names = (await namesIn(folder)).filter(other => other.startsWith(name) && isBackup.test(other.slice(name.length)))
  const read = await Promise.all(names.slice(-maxBackups).map(other => readWhole(path.join(folder, other))))
  return read.filter(isFileContent).flatMap(seen => tokensOf(seen, 'backup', base, release, keys))
}

/** What OpenClaw keeps of earlier configs, beside the config and beside each file it includes. */
export const backupCopies = async (
  {parts, setup}: ConfigFiles,
  configFile: string,
  release: string | null,
): Promise<FoundToken[]> => {
  const files = parts.length > 0 ? parts.map(({seen, base}) => ({file: seen.path, base})) : [{file: configFile, base: []}]
  return (await Promise.all(files.map(({file, base}) => backupsOf(file, base, release, secretKeys(setup.authMode))))).flat()
}

/** The configs of the other profiles of this account. */
export const profileCopies = async (
  stateDir: string,
  {home}: HostEnv,
  release: string | null,
  keys: SecretKeys,
): Promise<FoundToken[]> => {
  const folders = (await namesIn(home)).filter(name => /^\.openclaw(?:-.+)?$/.test(name)).map(name => path.join(home, name))
  const read = await Promise.all(
    folders.filter(folder => folder !== stateDir).map(folder => readWhole(path.join(folder, 'openclaw.json'))),
  )
  return read.filter(isFileContent).flatMap(seen => tokensOf(seen, 'profile-config', [], release, keys))
}

type Leak = {value: Secret; lines: number[]}

const mayLeak = /token|gateway\.auth/

const linesInWords = (lines: readonly number[]): string => {
  const shown = lines.slice(0, 5).join(', ')
  const more = lines.length > 5 ? ` and ${lines.length - 5} more` : ''
  return `${lines.length === 1 ? 'line' : 'lines'} ${shown}${more}`
}

const leaksIn = (text: string): Leak[] => {
  const leaks = new Map<string, Leak>()
  text.split('\n').forEach((line, i) => {
    if (!mayLeak.test(line)) return
    for (const value of leakedIn(line)) {
      const leak = leaks.get(tokenDigest(value)) ?? {value, lines: []}
      leaks.set(tokenDigest(value), leak)
      if (leak.lines.at(-1) !== i + 1) leak.lines.push(i + 1)
    }
  })
  return [...leaks.values()]
}

const maxAuditBytes = 128 << 20

/** Each token once that `config set` left in the audit log, with the lines that hold it. */
export const auditCopies = async (stateDir: string): Promise<FoundToken[]> => {
  const file = path.join(stateDir, 'logs', 'config-audit.jsonl')
  const seen = await readWhole(file, maxAuditBytes)
  if (!isFileContent(seen)) return seen.missing ? [] : [createFound('audit-log', file, 'lines', {unreadable: seen.because})]
  return leaksIn(seen.text).map(({value, lines}) =>
    createFound('audit-log', file, linesInWords(lines), {value, file: seen, at: lines.map(String)}),
  )
}
