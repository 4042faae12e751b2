/** A press of the left button, or a turn of the wheel; columns and rows from 0. */
export type MouseEvent = {kind: 'click'; column: number; row: number} | {kind: 'wheel'; by: 1 | -1}

const report = /\u001b\[<(\d+);(\d+);(\d+)([Mm])/g

const wheels: Readonly<Record<string, 1 | -1>> = {64: -1, 65: 1}

/** What of these bytes is a report of the mouse, and means something here. */
const eventsIn = (bytes: string): MouseEvent[] =>
  Array.from(bytes.matchAll(report)).flatMap(([, button = '', column, row, end]): MouseEvent[] => {
    const by = wheels[button]
    if (by !== undefined) return [{kind: 'wheel', by}]
    return button === '0' && end === 'M' ? [{kind: 'click', column: Number(column) - 1, row: Number(row) - 1}] : []
  })

/** Presses and the wheel (1000), reported in a form that has no limit of columns (1006). */
const startReports = '\u001b[?1000h\u001b[?1006h'
const stopReports = '\u001b[?1006l\u001b[?1000l'

/** While it is on, the terminal's own selection of text needs Shift, so it is off unless it is asked for. */
export type MouseMode = {
  set: (isOn: boolean) => void
  setAside: () => void
  takeBack: () => void
}

/** Ink reads the keys and leaves these reports out; what it reads is handed to whoever listens as well. */
export const createMouseMode = (stdin: NodeJS.ReadStream, onEvent: (event: MouseEvent) => void): MouseMode => {
  let isOn = false
  const listen = (bytes: string | Buffer): void => {
    for (const event of eventsIn(bytes.toString())) onEvent(event)
  }
  const start = (): void => {
    stdin.on('data', listen)
    process.stdout.write(startReports)
  }
  const stop = (): void => {
    stdin.off('data', listen)
    process.stdout.write(stopReports)
  }
  return {
    set: next => {
      if (next === isOn) return
      isOn = next
      if (isOn) start()
      else stop()
    },
    setAside: () => {
      if (isOn) stop()
    },
    takeBack: () => {
      if (isOn) start()
    },
  }
}
