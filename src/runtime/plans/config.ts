import fs from 'node:fs'
import path from 'node:path'
import type {ConfigFacts} from '../../domain/plans/facts.ts'
import {secretKeys, type TokenCopy, type TokenSetup} from '../../domain/token/copy.ts'
import {textIfReadable} from '../../sources/files.ts'
import {openHasher} from '../../sources/plans/digest.ts'
import {makePlaces} from '../../sources/plans/journals-folder.ts'
import type {PlanContext} from './context.ts'

const isStrictJson = (text: string): boolean => {
  try {
    JSON.parse(text)
    return true
  } catch {
    return false
  }
}

const isWritable = (file: string): boolean => {
  try {
    fs.accessSync(file, fs.constants.W_OK)
    fs.accessSync(path.dirname(fs.realpathSync(file)), fs.constants.W_OK)
    return true
  } catch {
    return false
  }
}

const sealed = ({places}: PlanContext, text: string | null): string | null => {
  if (text === null) return null
  try {
    makePlaces(places)
    return openHasher(places.key).digest(text)
  } catch {
    return null
  }
}

/** The token's location: a file, and the path of its key. */
export type Spot = {file: string; at: readonly string[]}

export const spotOf = ({context}: PlanContext, copy: TokenCopy | undefined, {authMode}: TokenSetup): Spot =>
  copy?.spot ? {file: copy.spot.file, at: copy.spot.at} : {file: context.configFile, at: secretKeys(authMode).auth.split('.')}

/** Dotfiles: OpenClaw's own write replaces such a link by a file, and refuses a folder that is one. */
const linkTo = (configFile: string): ConfigFacts['link'] => {
  try {
    const name = [configFile, path.dirname(configFile)].find(one => fs.lstatSync(one).isSymbolicLink())
    return name === undefined ? null : {name, file: fs.realpathSync(configFile)}
  } catch {
    return null
  }
}

export const configFacts = (planContext: PlanContext, setup: TokenSetup, tokenFile: string): ConfigFacts => {
  const text = textIfReadable(tokenFile)
  return {
    ...setup,
    problem:
      setup.problem ??
      (planContext.context.problem === null ? null : (planContext.context.problem.because ?? planContext.context.problem.title)),
    exists: planContext.context.hasConfig,
    seal: sealed(planContext, text),
    comments: text !== null && !isStrictJson(text),
    writable: isWritable(tokenFile),
    link: linkTo(planContext.context.configFile),
  }
}
