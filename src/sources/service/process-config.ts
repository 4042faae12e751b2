import fs from 'node:fs/promises'
import type {Surroundings} from '../../gateway/paths.ts'
import {readGatewayLock} from '../../gateway/service/lock-file.ts'
import {withSystemTools} from '../mac-tools.ts'
import {printedBy} from '../token/token-program.ts'

/** A running gateway holds a file open that says which config it is for. */
const lockName = /\/gateway\.(?:[0-9a-f]{8}|state)\.lock$/

const openFiles = async (pid: number, around: Surroundings): Promise<string[]> => {
  if (around.platform !== 'linux') {
    const tools = {...around, env: withSystemTools(around.env)}
    const told = await printedBy('lsof', ['-w', '-nP', '-a', '-p', String(pid), '-Fn'], tools)
    return Array.from((told ?? '').matchAll(/^n(.*)$/gm), ([, name = '']) => name)
  }
  const folder = `/proc/${pid}/fd`
  const fds = await fs.readdir(folder).catch((): string[] => [])
  return Promise.all(fds.map(fd => fs.readlink(`${folder}/${fd}`).catch(() => '')))
}

/** The config that a gateway's process runs with; null where that cannot be seen, as of another account or in a container. */
export const configOfProcess = async (pid: number, around: Surroundings): Promise<string | null> => {
  const locks = new Set((await openFiles(pid, around)).filter(file => lockName.test(file)))
  for (const lock of locks) {
    const found = readGatewayLock(await fs.readFile(lock, 'utf8').catch(() => ''))
    if (found?.pid === pid) return found.configFile
  }
  return null
}
