import fs from 'node:fs/promises'
import path from 'node:path'

const levelsUp = 6

/** The release of the package that a file belongs to: read, for starting it would take a second. */
export const versionOf = async (file: string): Promise<string | null> => {
  const real = await fs.realpath(file).catch(() => null)
  if (real === null) return null
  for (let folder = path.dirname(real), up = 0; up < levelsUp; folder = path.dirname(folder), up += 1) {
    const text = await fs.readFile(path.join(folder, 'package.json'), 'utf8').catch(() => '{}')
    try {
      const {name, version} = JSON.parse(text) as {name?: unknown; version?: unknown}
      if (typeof name === 'string' && typeof version === 'string' && /^(?:openclaw|clawdbot|moltbot)$/.test(name)) return version
    } catch {
      // Somebody else's package.json, half written.
    }
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
