import type {RawLine} from './line-splitter.ts'

/** What a follower tells about its file, apart from the lines. */
export type FollowState =
  | {readonly kind: 'missing'; readonly file: string}
  | {readonly kind: 'reading'; readonly file: string; readonly inode: bigint; readonly line: number; readonly offset: number}
  | {readonly kind: 'rotated'; readonly file: string; readonly between: readonly string[]}
  /** `copies`: where the lines that were not read yet had been copied to; empty where no such copy was found. */
  | {readonly kind: 'truncated'; readonly file: string; readonly copies: readonly string[]}
  | {readonly kind: 'unreadable'; readonly file: string; readonly code: string}
  | {readonly kind: 'recovered'; readonly file: string}
  /** Another account may have written it: nothing of it is read. */
  | {readonly kind: 'left-out'; readonly file: string; readonly because: string}
  | {readonly kind: 'clipped'; readonly file: string; readonly line: number; readonly bytes: number}

export type StartFrom = 'start' | 'end' | {readonly lastBytes: number}

export type FollowListener = {
  /** What is to be done first whenever lines have been read and are to be handed over. */
  readonly beforeLines?: (() => Promise<void>) | undefined
  readonly onLines: (lines: RawLine[]) => void
  readonly onState: (state: FollowState) => void
}

export type Follower = {
  /** Looks now, and resolves when all that is there has been handed over. */
  caughtUp(): Promise<void>
  /** Hands over all there is, the unfinished last line too, and closes. */
  finish(): Promise<void>
  /** At once: nothing is handed over any more. */
  close(): void
}

/** Nobody hears anything after `signal`. */
export const whileActive = (signal: AbortSignal, {beforeLines, onLines, onState}: FollowListener): FollowListener => ({
  beforeLines,
  onLines: lines => signal.aborted || onLines(lines),
  onState: state => signal.aborted || onState(state),
})

export const errorCodeOf = (error: unknown): string => {
  const code = error instanceof Error && 'code' in error ? error.code : null
  return typeof code === 'string' ? code : String(error)
}

/** What the system refused (ENOENT, EACCES, EIO), as against what is wrong with us. */
export const isSystemError = (error: unknown): boolean => /^E[A-Z0-9]+$/.test(errorCodeOf(error))

export const isMissing = (error: unknown): boolean => errorCodeOf(error) === 'ENOENT'

/** Tells of a trouble when it begins, changes or ends, not on every look. */
export function createErrorReporter(file: string, tell: (state: FollowState) => void) {
  let current: string | null = null
  return {
    failed(error: unknown): void {
      const code = errorCodeOf(error)
      if (code !== current) tell({kind: 'unreadable', file, code})
      current = code
    },
    passed(): void {
      if (current !== null) tell({kind: 'recovered', file})
      current = null
    },
  }
}
