import {boundCommand, boundEnv} from '../../gateway/bound-command.ts'
import {cleanEnv, versionArgv, wordsOf} from '../../gateway/cli.ts'
import {readVersion} from '../../gateway/cli-said.ts'
import type {Surroundings} from '../../gateway/paths.ts'
import {type StatePlaces, statePlaces} from '../../sources/plans/journals-place.ts'
import {runProcess} from '../../sources/run-process.ts'
import {openclawOf} from '../../sources/service/supervisor-command.ts'
import {composeFolders} from '../../sources/token/compose-folders.ts'
import {listedRemotes} from '../../sources/token/remotes.ts'
import {type CopiesRead, readCopies} from '../../sources/token/token-places.ts'
import type {Given} from '../flags.ts'
import {gatewayAddress} from '../known/address.ts'
import {type Where, whereOf} from '../known/where.ts'

const versionMs = 15_000

/** What a plan is about, before anything is asked of the gateway. */
export type Ground = {
  given: Given
  where: Where
  places: StatePlaces
  /** The words of its command, bound to this gateway. */
  openclaw: readonly string[] | null
  release: string | null
  host: string
  port: number
  /** Folders that hold a compose file of this gateway. */
  compose: readonly string[]
}

/** The release that its own command says; asking takes a tenth of a second. */
const askedRelease = async (openclaw: readonly string[] | null, {wanted, around}: Where): Promise<string | null> => {
  if (openclaw === null) return null
  const env = cleanEnv(around.env, boundEnv(wanted, around, null))
  const ran = await runProcess(versionArgv(openclaw), {env, timeoutMs: versionMs})
  return readVersion(ran.stdout)
}

export const groundOf = async (given: Given): Promise<Ground> => {
  const where = whereOf(given)
  const named = given.text('openclaw')
  const found = named === null ? openclawOf(where.wanted, where.around) : wordsOf(named)
  const openclaw = found && boundCommand(found, where.wanted)
  const release = given.text('release') ?? (await askedRelease(openclaw, where)) ?? where.release
  const address = gatewayAddress(given, where)
  const compose = composeFolders(given.text('compose'), given.container ?? null)
  return {given, where, places: statePlaces(where.around), openclaw, release, ...address, compose}
}

/** The machines that were named, here or in the operator's list. */
export const remotesOf = (given: Given, around: Surroundings): string[] => [
  ...new Set([...given.list('remote'), ...listedRemotes(around)]),
]

export const readGround = ({where, release, host, port, compose}: Ground): Promise<CopiesRead> => {
  return readCopies({wanted: where.wanted, around: where.around, release, host, port, compose})
}
