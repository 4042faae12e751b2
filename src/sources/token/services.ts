import fs from 'node:fs/promises'
import path from 'node:path'
import {Secret} from '../../domain/secret.ts'
import {type HostEnv, type LocationOverrides, launchdLabel, systemdUnit} from '../../gateway/paths.ts'
import {readPlist, readUnit, tokenFlag, type Unit, type UnitPart, unitParts} from '../../gateway/service/files.ts'
import {stdoutOf} from '../run-process.ts'
import {launchdPlaces} from '../service/launchd-places.ts'
import {composeCopies} from './compose.ts'
import {envFileCopies} from './env-files.ts'
import {isFileContent, namesIn, readWhole} from './file.ts'
import {createFound, type FoundToken} from './found.ts'

/** Whose service, where its files are, and which variables are looked for. */
export type Service = {overrides: LocationOverrides; hostEnv: HostEnv; stateDir: string; names: readonly string[]}

const plistCopies = async (file: string, {hostEnv, names}: Service): Promise<{copies: FoundToken[]; args: string[]}> => {
  const seen = await readWhole(file)
  if (!isFileContent(seen))
    return {copies: seen.missing ? [] : [createFound('launchd-plist', file, '', {unreadable: seen.because})], args: []}
  const converted = await stdoutOf(['plutil', '-convert', 'json', '-o', '-', file], hostEnv)
  const plist = (converted === null ? null : readPlist(converted)) ?? readPlist(seen.text)
  if (plist === null)
    return {copies: [createFound('launchd-plist', file, '', {unreadable: 'it is no plist that can be read'})], args: []}
  const set = names.flatMap(name => {
    const value = plist.variables.get(name)
    return value === undefined ? [] : [createFound('launchd-plist', file, name, {value, file: seen, at: [name]})]
  })
  const flag = tokenFlag(plist.args)
  const pin = flag === null ? [] : [createFound('start-command', file, '--token', {value: flag, file: seen})]
  return {copies: [...set, ...pin], args: plist.args}
}

const setenvCopies = async ({hostEnv, names}: Service): Promise<FoundToken[]> => {
  const output = await Promise.all(
    names.map(async name => ({name, value: await stdoutOf(['launchctl', 'getenv', name], hostEnv)})),
  )
  return output.flatMap(({name, value}) =>
    value === null || value.trim() === ''
      ? []
      : [createFound('launchctl', 'launchctl', name, {value: new Secret(value.replace(/\n$/, ''))})],
  )
}

/** launchd: the plist of the account or of the machine, the file its wrapper script sources, and `launchctl setenv`. */
export const launchdCopies = async (service: Service): Promise<FoundToken[]> => {
  const label = launchdLabel(service.overrides, service.hostEnv)
  const folders = [...new Set(launchdPlaces(service.hostEnv).map(({folder}) => folder))]
  const plists = await Promise.all(folders.map(folder => plistCopies(path.join(folder, `${label}.plist`), service)))
  const sourced = plists.flatMap(({args}) => args).find(arg => /\/service-env\/[^/]+\.env$/.test(arg))
  const file = sourced ?? path.join(service.stateDir, 'service-env', `${label}.env`)
  const [inFile, inSession] = await Promise.all([
    envFileCopies({place: 'service-env', file}, service.names),
    setenvCopies(service),
  ])
  return [...plists.flatMap(({copies}) => copies), ...inFile, ...inSession]
}

const dropIns = async (folder: string): Promise<string[]> =>
  (await namesIn(folder)).filter(name => name.endsWith('.conf')).map(name => path.join(folder, name))

/** Where systemd is not there to be asked: the files it would read, for the user first, then for the machine. */
const partsOnDisk = async (name: string, file: string): Promise<UnitPart[]> => {
  const folders = [path.dirname(file), '/etc/systemd/user', '/etc/systemd/system']
  const units = folders.map(folder => path.join(folder, name))
  const texts = await Promise.all(units.map(unit => readWhole(unit)))
  const at = texts.findIndex(isFileContent)
  const unit = texts[at]
  if (unit === undefined || !isFileContent(unit)) return []
  const more = await Promise.all((await dropIns(`${units[at]}.d`)).map(part => readWhole(part)))
  return [unit, ...more.filter(isFileContent)].map(({path: where, text}) => ({path: where, text}))
}

const partsOf = async (name: string, file: string, hostEnv: HostEnv): Promise<UnitPart[]> => {
  for (const scope of [['--user'], []]) {
    const printed = await stdoutOf(['systemctl', ...scope, 'cat', name], hostEnv)
    const parts = unitParts(printed ?? '')
    if (parts.length > 0) return parts
  }
  return partsOnDisk(name, file)
}

const unitCopies = async ({variables, args, argsPath}: Unit, names: readonly string[]): Promise<FoundToken[]> => {
  const flag = tokenFlag(args)
  const set = variables.filter(({key}) => names.includes(key))
  const files = new Map(
    await Promise.all([...set, {path: argsPath}].map(async one => [one.path, await readWhole(one.path)] as const)),
  )
  const seen = (file: string) => {
    const read = files.get(file)
    return read && isFileContent(read) ? read : null
  }
  const own = set.map(({key, value, path: file}) => createFound('systemd-unit', file, key, {value, file: seen(file), at: [key]}))
  return flag === null ? own : [...own, createFound('start-command', argsPath, '--token', {value: flag, file: seen(argsPath)})]
}

const globbed = async (pattern: string): Promise<string[]> => {
  if (!/[*?[]/.test(pattern)) return [pattern]
  const files: string[] = []
  try {
    for await (const file of fs.glob(pattern)) files.push(file)
  } catch {}
  return files.toSorted()
}

/** systemd: the unit with its drop-ins, the environment files they name, and the compose project in its working directory. */
export const systemdCopies = async (service: Service): Promise<FoundToken[]> => {
  const {overrides, hostEnv, names} = service
  const unit = systemdUnit(overrides, hostEnv)
  const parts = await partsOf(unit.name, unit.file, hostEnv)
  const read = readUnit(parts, hostEnv.home)
  const envFiles = (await Promise.all(read.envFiles.map(globbed))).flat()
  const inFiles = await Promise.all(
    envFiles.map(file => envFileCopies({place: 'systemd-env-file', file, dialect: 'systemd'}, names)),
  )
  const inCompose = read.folder !== null && path.isAbsolute(read.folder) ? await composeCopies(read.folder, names, hostEnv) : []
  return [...(await unitCopies(read, names)), ...inFiles.flat(), ...inCompose]
}
