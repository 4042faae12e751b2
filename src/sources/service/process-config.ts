import fs from 'node:fs/promises'
import type {HostEnv} from '../../gateway/paths.ts'
import {readGatewayLock} from '../../gateway/service/lock-file.ts'
import {stdoutOf, withSystemTools} from '../run-process.ts'

/** A running gateway holds a file open that says which config it is for. */
const lockName = /\/gateway\.(?:[0-9a-f]{8}|state)\.lock$/

const openFiles = async (pid: number, hostEnv: HostEnv): Promise<string[]> => {
  if (hostEnv.platform !== 'linux') {
    const tools = {...hostEnv, env: withSystemTools(hostEnv.env)}
    const details = await stdoutOf(['lsof', '-w', '-nP', '-a', '-p', String(pid), '-Fn'], tools)
    return Array.from((details ?? '').matchAll(/^n(.*)$/gm), ([, name = '']) => name)
  }
  const folder = `/proc/${pid}/fd`
  const fds = await fs.readdir(folder).catch((): string[] => [])
  return Promise.all(fds.map(fd => fs.readlink(`${folder}/${fd}`).catch(() => '')))
}

/** The config that a gateway's process runs with; null where that cannot be seen, as of another account or in a container. */
export const configOfProcess = async (pid: number, hostEnv: HostEnv): Promise<string | null> => {
  const locks = new Set((await openFiles(pid, hostEnv)).filter(file => lockName.test(file)))
  for (const lock of locks) {
    const found = readGatewayLock(await fs.readFile(lock, 'utf8').catch(() => ''))
    if (found?.pid === pid) return found.configFile
  }
  return null
}
