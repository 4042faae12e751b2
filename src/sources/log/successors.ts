import {archivesAfter, archivesOf, byBirth, identityOf, statIfThere} from './archives.ts'
import {isMissing} from './follow-events.ts'
import {closeGeneration, type Generation} from './generation.ts'

type Named = {file: string; identity: string}

const tries = 5

/** The files younger than `generation`, oldest first, the one that bears the name now last. */
const namedAfter = async (file: string, generation: Generation): Promise<Named[]> => {
  const now = await statIfThere(file)
  if (!now || identityOf(now) === generation.identity) return []
  const archives = archivesAfter(await generation.handle.stat({bigint: true}), await archivesOf(file))
  const named = archives.map(archive => ({file: archive.file, identity: identityOf(archive.stats)}))
  return [...named, {file, identity: identityOf(now)}]
}

const areSame = (a: readonly Named[], b: readonly Named[]): boolean =>
  a.length === b.length && a.every((named, index) => named.file === b[index]?.file && named.identity === b[index].identity)

const openAll = async (named: readonly Named[], open: (file: string) => Promise<Generation>): Promise<Generation[]> => {
  const opened: Generation[] = []
  try {
    for (const {file} of named) opened.push(await open(file))
    return opened
  } catch (error) {
    await Promise.all(opened.map(closeGeneration))
    if (isMissing(error)) return []
    throw error
  }
}

type Open = (file: string) => Promise<Generation>

/** A rotation may go on while we look: the names must lead to the same files before and after the opening, else it is done again. */
const openNamed = async (named: () => Promise<Named[]>, open: Open): Promise<Generation[]> => {
  for (let left = tries; left > 0; left -= 1) {
    const before = await named()
    if (before.length === 0) return []
    const opened = await openAll(before, open)
    if (opened.length > 0 && areSame(before, opened) && areSame(before, await named())) return opened
    await Promise.all(opened.map(closeGeneration))
  }
  return []
}

/** All generations after `generation`, already opened, so that no later rotation can remove them. */
export const openSuccessors = (file: string, generation: Generation, open: Open): Promise<Generation[]> =>
  openNamed(() => namedAfter(file, generation), open)

/** Which archives there are, by identity. */
export const archivesThere = async (file: string): Promise<ReadonlySet<string>> => {
  try {
    return new Set((await archivesOf(file)).map(({stats}) => identityOf(stats)))
  } catch (error) {
    if (isMissing(error)) return new Set()
    throw error
  }
}

/** The file of a name that was not there, and before it whatever bore that name since and has been archived meanwhile. */
export const openArrivals = (file: string, before: ReadonlySet<string>, open: Open): Promise<Generation[]> =>
  openNamed(async () => {
    const now = await statIfThere(file)
    if (!now) return []
    const others = (await archivesOf(file)).filter(({stats}) => !before.has(identityOf(stats))).sort(byBirth)
    const archived = others.map(archive => ({file: archive.file, identity: identityOf(archive.stats)}))
    return [...archived.filter(({identity}) => identity !== identityOf(now)), {file, identity: identityOf(now)}]
  }, open)
