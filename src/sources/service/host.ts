import fs from 'node:fs/promises'
import os from 'node:os'
import {minuteMs} from '../../domain/durations.ts'
import {
  type Clocks,
  type Disk,
  diskState,
  explainStall,
  type HostEvent,
  hostEventsBetween,
} from '../../domain/timeline/timeline.ts'
import {readPowerLog, type Sleep, sleepsIn} from '../../gateway/service/power-log.ts'
import {every} from '../every.ts'
import {plainEnv, queryProgram} from '../run-process.ts'

export type HostOptions = {
  onEvent: (event: HostEvent) => void
  onDisk?: (disk: Disk) => void
  /** The folder of the log; the disk under it is looked at once a minute. */
  folder?: string | null
  platform?: NodeJS.Platform
  clocks?: () => Clocks
  everyMs?: number
  diskEveryMs?: number
}

const readClocks = (): Clocks => ({wall: Date.now(), steady: performance.now(), booted: os.uptime() * 1000})

/** `pmset -g log` reaches back for days and is long: asked only to explain a gap. */
export const recentSleeps = async (): Promise<Sleep[]> => {
  const {stdout} = await queryProgram(['pmset', '-g', 'log'], {env: plainEnv(process.env), timeoutMs: 10_000, maxBytes: 64 << 20})
  return sleepsIn(readPowerLog(stdout))
}

export const diskUnder = async (folder: string): Promise<Disk | null> => {
  const found = await fs.statfs(folder).catch(() => null)
  // What has no blocks is no disk.
  if (found === null || found.blocks === 0) return null
  const freeBytes = found.bavail * found.bsize
  return {path: folder, state: diskState(freeBytes), freeBytes, totalBytes: found.blocks * found.bsize}
}

/** Tells when the machine slept, stood still, or had its clock set, and when the disk of the log fills up. */
export const watchHost = (options: HostOptions): {close: () => void} => {
  const {
    onEvent,
    onDisk,
    folder = null,
    platform = process.platform,
    clocks = readClocks,
    everyMs = 1000,
    diskEveryMs = minuteMs,
  } = options
  let before = clocks()
  let state: Disk['state'] | null = null
  let isClosed = false

  const tell = async (event: HostEvent): Promise<void> => {
    const sleeps = platform === 'darwin' && event.kind === 'stalled' ? await recentSleeps() : []
    if (!isClosed) onEvent(explainStall(event, sleeps))
  }
  const tick = (): void => {
    const now = clocks()
    for (const event of hostEventsBetween(before, now, everyMs)) void tell(event)
    before = now
  }
  const lookAtDisk = async (): Promise<void> => {
    const disk = folder === null ? null : await diskUnder(folder)
    if (isClosed || disk === null || disk.state === state) return
    state = disk.state
    onDisk?.(disk)
  }

  const stops = [every(everyMs, tick), every(diskEveryMs, lookAtDisk)]
  void lookAtDisk()
  return {
    close: () => {
      isClosed = true
      for (const stop of stops) stop()
    },
  }
}
