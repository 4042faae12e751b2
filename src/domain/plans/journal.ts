import type {Plan} from './plan.ts'

/** Identifies a process; a later one with the same pid differs. */
export type ProcessIdentity = {pid: number; startedAt: string}

export type Outcome = 'done' | 'undone' | 'failed'

export type Written = {
  /** A keyed hash of the file after the step, and of the token in it. */
  seal: string | null
  mark: string | null
  from: string | null
  to: string | null
}

type EntryContent =
  /** `sequence`: one more than any journal there was before; ids go by the clock, which may go back. */
  | {kind: 'planned'; plan: Plan; runner: ProcessIdentity; sequence?: number}
  | {kind: 'step-started'; step: string}
  | {kind: 'step-said'; step: string; text: string; child: ProcessIdentity | null; mark: string | null}
  | {kind: 'step-ended'; step: string; ok: boolean; ms: number; because: string | null; wrote: Written | null}
  | {kind: 'proved'; step: string; what: string; ok: boolean}
  | {kind: 'undone'; step: string; ok: boolean; what: string}
  | {
      kind: 'ended'
      outcome: Outcome
      /** Whether anything outside gatecrab's own folder is now other than it was. */
      changed: boolean
      because: string | null
      left: readonly string[]
      /** The plan that brought this one to its end. */
      by: string | null
      /** It could not be found out, rather than went wrong. */
      unknown: boolean
    }

/** One line of a journal: written and synced before the next thing is done. */
export type Entry = EntryContent & {at: string}

export type NewEntry = EntryContent

const kinds: ReadonlySet<string> = new Set([
  'planned',
  'step-started',
  'step-said',
  'step-ended',
  'proved',
  'undone',
  'ended',
] satisfies EntryContent['kind'][])

const isEntry = (value: unknown): value is Entry =>
  typeof value === 'object' && value !== null && 'kind' in value && kinds.has(String(value.kind)) && 'at' in value

/** The entries of a journal; a line that was torn when its writer died is left out. */
export const readEntries = (text: string): readonly Entry[] =>
  text.split('\n').flatMap(line => {
    if (!line.startsWith('{')) return []
    try {
      const value: unknown = JSON.parse(line)
      return isEntry(value) ? [value] : []
    } catch {
      return []
    }
  })

export type EntryOf<K extends Entry['kind']> = Extract<Entry, {kind: K}>

export const entriesOf = <K extends Entry['kind']>(entries: readonly Entry[], kind: K): readonly EntryOf<K>[] =>
  entries.filter((entry): entry is EntryOf<K> => entry.kind === kind)

export const plannedEntry = (entries: readonly Entry[]): EntryOf<'planned'> | null => entriesOf(entries, 'planned')[0] ?? null
/** The place of a plan among all; journals of before there was a sequence come first. */
export const sequenceIn = (entries: readonly Entry[]): number => plannedEntry(entries)?.sequence ?? 0

export const endEntry = (entries: readonly Entry[]): EntryOf<'ended'> | null => entriesOf(entries, 'ended').at(-1) ?? null
