/** A line as `docker logs --timestamps` prints it. */
export type StampedLine = {stamp: string; text: string}

const stamped = /^(\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(?:\.\d+)?(?:Z|[+-]\d\d:\d\d)) (.*)$/s

/** Null where the engine's command speaks of itself, as when it fails. */
export const readStamped = (line: string): StampedLine | null => {
  const [, stamp, text] = stamped.exec(line) ?? []
  return stamp === undefined || text === undefined ? null : {stamp, text}
}

/** An engine asked for the lines since a moment begins with the first that is not older, and gives all behind it. */
const minBehind = 64
const maxRemembered = 1024
const maxKeyLength = 160

/**
 * Where the reading of a container's log was cut off, so that it goes on without a line lost or doubled. Two streams of one container
 * are stamped apart, so neighbours may stand in the wrong order: it goes back by some lines, and leaves out those that it has seen.
 */
export const createBookmark = () => {
  let recent: {stamp: string; key: string}[] = []
  let repeated: Map<string, number> | null = null

  const keyOf = ({stamp, text}: StampedLine): string => `${stamp} ${text.length} ${text.slice(0, maxKeyLength)}`

  return {
    /** From where to read again; null: from the beginning. */
    resume(): string | null {
      const behind = recent.slice(-minBehind).map(({stamp}) => stamp)
      repeated = new Map()
      for (const {key} of recent) repeated.set(key, (repeated.get(key) ?? 0) + 1)
      return behind.toSorted((a, b) => Date.parse(a) - Date.parse(b) || (a < b ? -1 : 1))[0] ?? null
    },
    /** Another container: its log is another. */
    clear(): void {
      recent = []
      repeated = null
    },
    /** False: it came before. */
    isNew(line: StampedLine): boolean {
      const key = keyOf(line)
      const times = repeated?.get(key) ?? 0
      if (times > 0) {
        repeated?.set(key, times - 1)
        return false
      }
      recent.push({stamp: line.stamp, key})
      if (recent.length > 2 * maxRemembered) recent = recent.slice(-maxRemembered)
      return true
    },
  }
}
