import fs from 'node:fs/promises'
import path from 'node:path'
import {releaseIn} from '../../gateway/service/files.ts'

const levelsUp = 6

/** The release of the package that a file belongs to: read, for starting it would take a second. */
export const versionOf = async (file: string): Promise<string | null> => {
  const real = await fs.realpath(file).catch(() => null)
  if (real === null) return null
  for (let folder = path.dirname(real), up = 0; up < levelsUp; folder = path.dirname(folder), up += 1) {
    const release = releaseIn(await fs.readFile(path.join(folder, 'package.json'), 'utf8').catch(() => ''))
    if (release !== null) return release
  }
  return null
}

/** The `openclaw` that a shell with this search path starts. */
export const shellCommand = async (searchPath: string): Promise<{path: string; version: string | null} | null> => {
  for (const folder of searchPath.split(path.delimiter).filter(Boolean)) {
    const file = path.join(folder, 'openclaw')
    const isThere = await fs.access(file, fs.constants.X_OK).then(
      () => true,
      () => false,
    )
    if (isThere) return {path: file, version: await versionOf(file)}
  }
  return null
}
