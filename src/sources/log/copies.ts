import {open} from 'node:fs/promises'
import {type Archive, archivesOf, byBirth, identityOf} from './archives.ts'
import {type FollowListener, isSystemError} from './follow-events.ts'
import {closeGeneration, type Generation, holdsWhatWasRead, openGeneration} from './generation.ts'

const isCopyOf = async (generation: Generation, {file, stats}: Archive): Promise<boolean> => {
  if (stats.size < generation.position || identityOf(stats) === generation.identity) return false
  const handle = await open(file, 'r')
  try {
    return await holdsWhatWasRead(handle, generation)
  } finally {
    await handle.close()
  }
}

const newestFirst = (a: Archive, b: Archive): number => Number(b.stats.mtimeNs - a.stats.mtimeNs)

/** Oldest first: the copy that was made of what `generation` held, and those that were made later. */
const copiesOf = async (generation: Generation): Promise<Archive[]> => {
  const archives = (await archivesOf(generation.file)).sort(newestFirst)
  for (const archive of archives) {
    if (!(await isCopyOf(generation, archive))) continue
    const later = archives.filter(
      ({scheme, age, stats}) => scheme === archive.scheme && age < archive.age && stats.mtimeNs >= archive.stats.mtimeNs,
    )
    return [archive, ...later.sort(byBirth)]
  }
  return []
}

/**
 * `copytruncate` copies a log to its archive and empties it: what had not been read yet stands in the copy, behind the place
 * that had been reached. The first is opened there, at the line in hand, and later ones at their start.
 */
export async function openCopies(
  generation: Generation,
  tell: FollowListener['onState'],
  signal: AbortSignal,
): Promise<Generation[]> {
  const opened: Generation[] = []
  try {
    for (const {file} of await copiesOf(generation)) {
      const copy = await openGeneration(
        file,
        opened.length === 0 ? generation.lines.place() : 'start',
        generation.owners,
        tell,
        signal,
      )
      opened.push(copy)
      // The name may have passed on to a younger copy meanwhile.
      if (opened.length === 1 && !(await holdsWhatWasRead(copy.handle, generation)))
        throw Object.assign(new Error('replaced'), {code: 'ENOENT'})
    }
    return opened
  } catch (error) {
    await Promise.all(opened.map(closeGeneration))
    if (isSystemError(error)) return []
    throw error
  }
}
