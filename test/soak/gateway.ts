import {execFileSync, fork} from 'node:child_process'
import {once} from 'node:events'
import fs from 'node:fs'
import os from 'node:os'
import path from 'node:path'
import {parseEnv} from 'node:util'

/** A gateway to look at: which it is, what finds it, and how it ends. */
export type Watched = {name: string; args: readonly string[]; env: Record<string, string>; stop: () => void}

const root = path.join(import.meta.dirname, '../..')

/** As in test/real: a command that starts a real gateway in a home of its own and prints where it is. */
const startReal = (tool: string): Watched => {
  const {HOME_OF_GATEWAY: home = '', BIN: bin = ''} = parseEnv(execFileSync(tool, ['start'], {encoding: 'utf8'}))
  const PATH = [bin, '/usr/local/bin', '/usr/bin', '/bin'].join(':')
  return {
    name: 'a real gateway',
    args: [],
    env: {HOME: home, PATH, OPENCLAW_DISABLE_BONJOUR: '1'},
    stop: () => void execFileSync(tool, ['stop', home]),
  }
}

const startDemo = async (): Promise<Watched> => {
  const folder = fs.mkdtempSync(path.join(os.tmpdir(), 'gatecrab-soak-gateway-'))
  const child = fork(path.join(root, 'test/fixtures/stubs/gateway.ts'), [folder], {stdio: ['ignore', 'pipe', 'inherit', 'ipc']})
  if (child.stdout) await once(child.stdout, 'data')
  return {
    name: 'a gateway of the demo',
    args: ['--state-dir', folder, '--config', path.join(folder, 'openclaw.json')],
    env: {},
    stop: () => {
      child.once('exit', () => fs.rmSync(folder, {recursive: true, force: true}))
      child.kill()
    },
  }
}

export const startGateway = async (): Promise<Watched> => {
  const tool = process.env['GATECRAB_REAL_TOOL']
  return tool ? startReal(tool) : startDemo()
}
