import fs from 'node:fs'
import path from 'node:path'
import {bundle} from '../e2e/built.ts'
import type {Room} from './gatecrab.ts'

/**
 * An `ssh` that runs the command here, in a home that stands for the other machine. Each call is noted with its arguments
 * and its process.
 */
export type Distances = {
  env: NodeJS.ProcessEnv
  /** The other machine's home, with a log of its own. */
  machine: (host: string) => {home: string; log: string}
  /** From now on that is what ssh does when it is to go there, instead of going. */
  behave: (host: string, script: string) => void
  calls: () => {host: string; pid: number; argv: string[]}[]
}

const quoted = (text: string): string => `'${text}'`

export const distances = (room: Room): Distances => {
  const bin = path.join(room.folder, 'bin')
  const there = path.join(room.folder, 'there')
  const machines = path.join(room.folder, 'machines')
  const calls = path.join(room.folder, 'ssh-calls')
  for (const folder of [bin, there, machines]) fs.mkdirSync(folder, {recursive: true})
  const program = (file: string, script: string) => fs.writeFileSync(file, `#!/bin/sh\n${script}\n`, {mode: 0o755})
  program(path.join(there, 'gatecrab'), `exec ${quoted(process.execPath)} ${quoted(bundle)} "$@"`)
  program(
    path.join(bin, 'ssh'),
    `
call=$(printf '%s\\t' "$$" "$@" | tr '\\n' ' ')
printf '%s\\n' "$call" >>${quoted(calls)}
while [ "$1" != -- ]; do shift; done
host=$2
command=$3
export HOME=${quoted(machines)}/"$host"
export OPENCLAW_CONFIG_PATH="$HOME/openclaw.json"
export PATH=${quoted(there)}:/usr/bin:/bin
if [ -e "$HOME/behaves" ]; then . "$HOME/behaves"; fi
exec sh -c "$command"`,
  )
  const homeOf = (host: string): string => {
    const home = path.join(machines, host)
    fs.mkdirSync(home, {recursive: true})
    return home
  }
  return {
    env: {PATH: `${bin}:/usr/bin:/bin`},
    machine: host => {
      const home = homeOf(host)
      const log = path.join(home, 'gw.jsonl')
      fs.writeFileSync(log, '')
      fs.writeFileSync(path.join(home, 'openclaw.json'), JSON.stringify({gateway: {port: 1}, logging: {file: log}}))
      return {home, log}
    },
    behave: (host, script) => fs.writeFileSync(path.join(homeOf(host), 'behaves'), script),
    calls: () =>
      (fs.existsSync(calls) ? fs.readFileSync(calls, 'utf8') : '')
        .split('\n')
        .filter(Boolean)
        .map(line => {
          const [pid = '', ...argv] = line.split('\t')
          return {host: argv[argv.indexOf('--') + 1] ?? '', pid: Number(pid), argv}
        }),
  }
}
