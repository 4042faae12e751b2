import {spawn} from 'node:child_process'
import fs from 'node:fs'
import {setTimeout as wait} from 'node:timers/promises'
import {startGateway, type Watched} from '../soak/gateway.ts'
import {rssMbOf} from '../soak/process-cost.ts'
import {openWatchedScreen} from '../soak/watched-screen.ts'
import {best, type Environment, environmentIn, runOurs, runPeer} from './measure.ts'
import type {Group} from './rows.ts'

/** Ours, and OpenClaw's own command for the same. All of them only read; the home is thrown away afterwards. */
const pairs: readonly {ours: readonly string[]; theirs: readonly string[]; reach: {times: number} | null}[] = [
  {ours: ['check', '--json'], theirs: ['gateway', 'status', '--json'], reach: {times: 0.2}},
  {ours: ['profiles', '--json'], theirs: ['models', 'status', '--json'], reach: null},
]

/** A command says by its exit code what it found: only what cannot have looked is a failure. */
const looked = [0, 1, 2, 3]

const childrenOf = (pid: number): number[] =>
  fs.readFileSync(`/proc/${pid}/task/${pid}/children`, 'utf8').split(' ').filter(Boolean).map(Number)

const treeMbOf = (pid: number): number => rssMbOf(pid) + childrenOf(pid).reduce((sum, child) => sum + treeMbOf(child), 0)

const settleMs = 10_000

const compareMemory = async (gateway: Watched, env: Environment): Promise<{ours: number; theirs: number}> => {
  const peer = spawn('openclaw', ['logs', '--follow'], {env, cwd: env['HOME'], stdio: 'ignore'})
  const screen = await openWatchedScreen(gateway.args, {...gateway.env})
  try {
    await wait(settleMs)
    return {ours: treeMbOf(screen.pid), theirs: treeMbOf(peer.pid ?? 0)}
  } finally {
    peer.kill()
    await screen.leave()
  }
}

/** On a real gateway, where GATECRAB_REAL_TOOL says how one is started. */
export const openclaw: Group = async ({isQuick, folder}, add) => {
  const gateway = process.env['GATECRAB_REAL_TOOL'] ? await startGateway() : null
  try {
    const env = {...environmentIn(folder), ...gateway?.env}
    for (const {ours, theirs, reach} of pairs) {
      const times: {ours: number; theirs: number | null}[] = []
      for (let round = 0; gateway && round < (isQuick ? 2 : 5); round += 1)
        times.push({ours: runOurs(ours, env, looked).ms, theirs: runPeer('openclaw', theirs, env)})
      const ms = best(times.map(run => run.ours)) ?? runOurs([...ours, '--state-dir', folder], env, looked).ms
      add({
        ...{what: ours.join(' '), unit: 'ms', ours: ms, peer: `openclaw ${theirs.join(' ')}`, reach},
        theirs: best(times.map(run => run.theirs)),
      })
    }
    if (!gateway) return
    const {ours, theirs} = await compareMemory(gateway, env)
    add({what: 'the screen: memory', unit: 'MB', ours, peer: 'openclaw logs --follow', theirs, reach: {most: 150}})
  } finally {
    gateway?.stop()
  }
}
