import fs from 'node:fs'
import os from 'node:os'
import path from 'node:path'
import {launcher} from '../e2e/built.ts'
import {cleanEnvironment} from '../e2e/environment.ts'
import {openTerminal} from '../e2e/terminal.ts'

/** How late the event loop came round, in ms, since it was asked last; and what lies on the heap. */
export type LoopDelay = {p50: number; p99: number; max: number; heapMb: number; externalMb: number}

const resolutionMs = 50

/** Runs inside the program, and answers SIGUSR2 by a file. */
const probeText = `
import {monitorEventLoopDelay} from 'node:perf_hooks'
import fs from 'node:fs'
const delay = monitorEventLoopDelay({resolution: ${resolutionMs}})
delay.enable()
process.on('SIGUSR2', () => {
  const ms = ns => Math.max(0, ns / 1e6 - ${resolutionMs})
  const {heapUsed, external} = process.memoryUsage()
  const found = {p50: ms(delay.percentile(50)), p99: ms(delay.percentile(99)), max: ms(delay.max), heapMb: heapUsed / 2 ** 20, externalMb: external / 2 ** 20}
  fs.writeFileSync(process.env.GATECRAB_PROBE + '.new', JSON.stringify(found))
  fs.renameSync(process.env.GATECRAB_PROBE + '.new', process.env.GATECRAB_PROBE)
  delay.reset()
})`

const probeModule = `data:text/javascript,${encodeURIComponent(probeText)}`

const size = {cols: 120, rows: 40}

export type WatchedScreen = Awaited<ReturnType<typeof openWatchedScreen>>

const untilThere = (file: string, ms: number): Promise<string> =>
  new Promise((resolve, reject) => {
    const began = performance.now()
    const timer = setInterval(() => {
      if (!fs.existsSync(file)) {
        if (performance.now() - began < ms) return
        reject(new Error(`the program did not answer the probe within ${ms} ms`))
      } else resolve(fs.readFileSync(file, 'utf8'))
      clearInterval(timer)
    }, 5)
  })

/** The built program in a terminal, by itself or with a probe in its process. */
export const openWatchedScreen = async (args: readonly string[], env: Record<string, string>, {hasProbe = true} = {}) => {
  const folder = fs.mkdtempSync(path.join(os.tmpdir(), 'gatecrab-soak-'))
  const probe = path.join(folder, 'probe.json')
  const screen = openTerminal({
    command: [process.execPath, ...(hasProbe ? ['--import', probeModule] : []), launcher, ...args],
    env: {...cleanEnvironment(folder), GATECRAB_PROBE: probe, ...env},
    cwd: folder,
    maxRaw: 100_000,
    ...size,
  })
  await screen.waitFor('REASON', 60_000)

  const loopDelay = async (): Promise<LoopDelay> => {
    fs.rmSync(probe, {force: true})
    screen.kill('SIGUSR2')
    return JSON.parse(await untilThere(probe, 60_000))
  }

  /** From a key to the frame that shows what it did: to the attempts and back to the clients, so often. */
  const keyToFrame = async (times: number): Promise<number[]> => {
    const found: number[] = []
    const turn = async (key: string, query: string) => {
      const began = performance.now()
      screen.press(key)
      await screen.waitFor(query)
      found.push(performance.now() - began)
    }
    for (let i = 0; i < times; i += 1) {
      await turn('2', 'OUTCOME')
      await turn('1', '12 MIN')
    }
    return found
  }

  return {
    ...screen,
    loopDelay,
    keyToFrame,
    leave: async () => {
      screen.press('q')
      const {exitCode} = await screen.exited
      screen.close()
      fs.rmSync(folder, {recursive: true, force: true})
      return exitCode
    },
  }
}
