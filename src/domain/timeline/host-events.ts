/** Something that happened to the machine, which explains what its clients saw. */
export type HostEvent =
  | {kind: 'slept'; at: number; until: number; because: string | null}
  | {kind: 'stalled'; at: number; until: number; because: string | null}
  | {kind: 'clock-set'; at: number; byMs: number}

/** Three clocks at one moment: on the wall, steady, and since the machine was started, its sleep included. */
export type Clocks = {wall: number; steady: number; booted: number}

const minGapMs = 5000
const minJumpMs = 2000

/**
 * What lies between two readings that should be `everyMs` apart. The steady clock stands still while Linux sleeps, and runs on while
 * macOS does: there a sleep looks like any other stall, and only the log of the power management tells.
 */
export const hostEventsBetween = (before: Clocks, now: Clocks, everyMs: number): HostEvent[] => {
  const steady = now.steady - before.steady
  const booted = now.booted - before.booted
  const passed = Math.max(steady, booted)
  const gap = passed - everyMs
  const jump = now.wall - before.wall - passed
  const kind = booted - steady > minGapMs ? ('slept' as const) : ('stalled' as const)
  const until = now.wall
  return [
    ...(gap > minGapMs ? [{kind, at: until - passed, until, because: null}] : []),
    ...(Math.abs(jump) > minJumpMs ? [{kind: 'clock-set' as const, at: now.wall, byMs: Math.round(jump)}] : []),
  ]
}

/** A stall that the power management calls a sleep is one. */
export const explainStall = (
  event: HostEvent,
  sleeps: readonly {at: number; until: number | null; because: string}[],
): HostEvent => {
  if (event.kind === 'clock-set') return event
  const found = sleeps.find(({at, until}) => at <= event.until && (until ?? Number.POSITIVE_INFINITY) >= event.at)
  return found ? {...event, kind: 'slept', because: found.because} : event
}

export type DiskState = 'ok' | 'low' | 'full'

export type Disk = {path: string; state: DiskState; freeBytes: number; totalBytes: number}

const lowBytes = 500e6
const fullBytes = 1e6

/** A log needs megabytes, whatever part of the disk that is. */
export const diskState = (freeBytes: number): DiskState => (freeBytes < fullBytes ? 'full' : freeBytes < lowBytes ? 'low' : 'ok')
