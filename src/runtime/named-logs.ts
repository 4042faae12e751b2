import path from 'node:path'
import {type Failure, isFailure} from '../domain/failure.ts'
import type {LogSource} from '../domain/log-source.ts'
import {shellWord} from '../domain/shell.ts'
import type {LogPlace} from '../gateway/paths.ts'
import {filesOf, namedFiles, whyNotRead} from '../sources/log/files.ts'
import {leftOut} from '../sources/log/folder.ts'
import {containerProblem} from './container-problem.ts'
import type {GatewayContext} from './context.ts'
import {isPiped, namedLogs} from './options.ts'

const described = (place: LogPlace): string =>
  place.kind === 'file' ? place.file : place.folders.map(folder => path.join(folder, `${place.stem}-DATE.log`)).join(' and ')

const foundFiles = ({options, places, remote}: GatewayContext): string[] | Failure => {
  if (options.container && places.length === 0) return []
  if (remote)
    return {
      title: 'No gateway log is on this machine',
      because: `by its config it is a client (gateway.mode is remote) of the gateway on ${remote.host}:${remote.port}`,
      tryThis: `\`gatecrab --host USER@${shellWord(remote.host)}\` reads it there; or name one with --log`,
      from: 'gateway',
    }
  const found = places.flatMap(filesOf)
  if (found.length > 0) return found
  const elsewhere = containerProblem(options)
  if (elsewhere) return elsewhere
  const refused = leftOut(places).map(({name, because}) => `; ${name} is ${because}`)
  return {
    title: 'No gateway log was found',
    because: `there is no ${places.map(described).join(', and no ')}${refused.join('')}`,
    tryThis: 'name one with --log',
    from: 'gateway',
  }
}

const allNamed = (named: readonly string[]): string[] | Failure => {
  const files = new Set<string>()
  for (const file of named) {
    const found = namedFiles(file)
    if (isFailure(found)) return found
    for (const one of found) files.add(one)
  }
  return [...files]
}

/** Files in the default folders that are skipped because another account may have written them. */
export const logsLeftOut = ({options, places, remote}: GatewayContext): LogSource[] =>
  options.logs.length > 0 || remote ? [] : leftOut(places)

/** Every file that is to be read once, oldest first. */
export const filesToRead = (context: GatewayContext): string[] | Failure => {
  const named = namedLogs(context.options)
  if (named.length === 0 && isPiped(context.options)) return []
  const files = named.length === 0 ? foundFiles(context) : allNamed(named)
  if (isFailure(files)) return files
  return files.map(whyNotRead).find(isFailure) ?? files
}

const archive = /\.\d+\.\w+$|\.\w+\.\d+$/
const daily = /^(.+)-\d{4}-\d\d-\d\d\.log$/

/** A folder's logs: those with a date in their name are one that takes a new name every day. */
const placesIn = (files: readonly string[]): LogPlace[] => {
  const days = new Map<string, LogPlace>()
  const others: LogPlace[] = []
  for (const file of files) {
    const stem = daily.exec(path.basename(file))?.[1]
    if (archive.test(file)) continue
    if (stem === undefined) others.push({kind: 'file', file})
    else days.set(`${path.dirname(file)}/${stem}`, {kind: 'daily', folders: [path.dirname(file)], stem, owners: null})
  }
  return [...days.values(), ...others]
}

/** The paths to follow. Missing files are waited for. */
export const placesToFollow = ({options, places}: GatewayContext): LogPlace[] => {
  const named = namedLogs(options)
  if (named.length === 0) return isPiped(options) ? [] : places
  return named.flatMap((file): LogPlace[] => {
    const found = namedFiles(file)
    if (isFailure(found) || found[0] === file) return [{kind: 'file', file}]
    return placesIn(found)
  })
}
