import type {Store} from '../../app/store.ts'
import type {LogLine} from '../../domain/attempts/event.ts'
import {unexpectedFailure} from '../../domain/failure.ts'
import {deviceFiles, readDeviceStore} from '../../sources/devices/reader.ts'
import {every} from '../../sources/every.ts'
import {stampOf} from '../../sources/files.ts'

const everyMs = 2000

/** The gateway writes its store a moment after the line. */
const settleMs = 300

/** A refusal for pairing, or a device that was paired. */
const isAboutDevices = ({event}: LogLine): boolean =>
  event !== null && (event.kind === 'device-paired' || ('requestId' in event && event.requestId !== null))

export type DevicesFeed = {onLines: (lines: readonly LogLine[]) => void; read: () => void; end: () => void}

/** Reads the store of the gateway when its files have changed. Nobody is asked, and nothing is written. */
export const devicesFeed = (stateDir: string, release: string | null, store: Store, now: () => number): DevicesFeed => {
  let stamped = ''
  let shown = ''
  let isEnded = false
  let isReading = false
  let timer: NodeJS.Timeout | undefined
  const read = async (): Promise<void> => {
    const stamps = deviceFiles(stateDir).map(stampOf).join(' ')
    if (isReading || isEnded || stamps === stamped) return
    isReading = true
    const {store: found, problem} = await readDeviceStore(stateDir, release)
    isReading = false
    if (isEnded) return
    stamped = problem === null ? stamps : ''
    // The database of the gateway changes all the time, and mostly not in these rows.
    const text = JSON.stringify([found, problem])
    if (text === shown) return
    shown = text
    store.dispatchSoon({type: 'devices-read', read: {store: found, problem, at: now()}})
  }
  const start = (): void => {
    read().catch(error => store.dispatch({type: 'failed', problem: unexpectedFailure('The devices cannot be read', error)}))
  }
  start()
  const stopPolling = every(everyMs, start)
  return {
    read: start,
    onLines: lines => {
      if (!lines.some(isAboutDevices)) return
      clearTimeout(timer)
      timer = setTimeout(start, settleMs)
    },
    end: () => {
      isEnded = true
      stopPolling()
      clearTimeout(timer)
    },
  }
}
