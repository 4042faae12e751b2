import type {Attempt} from '../domain/attempts/attempt.ts'
import type {Profile} from '../domain/logins/profile.ts'
import type {TimelineEvent} from '../domain/timeline/timeline.ts'
import type {TokenCopy} from '../domain/token/copy.ts'
import {type BoardRow, buildRotationBoard} from '../domain/token/rotation-board.ts'
import {attemptRows} from './panels/attempts.ts'
import {boardColumns, boardRows} from './panels/board.ts'
import {clientColumns, clientRows} from './panels/clients.ts'
import {copyColumns, copyRows} from './panels/copies.ts'
import {logRows} from './panels/log.ts'
import {profileColumns, profileRows} from './panels/profiles.ts'
import {timelineColumns, timelineOf, timelineRows} from './panels/timeline.ts'
import {type ClientEntry, clientEntries} from './rows/client-entries.ts'
import type {ShownLine} from './rows/log-lines.ts'
import {type Rows, rowsFrom} from './rows/rows.ts'
import type {State} from './state.ts'

export type Selection =
  | {kind: 'client'; entry: ClientEntry}
  | {kind: 'board'; row: BoardRow}
  | {kind: 'attempt'; attempt: Attempt}
  | {kind: 'line'; line: ShownLine}
  | {kind: 'profile'; profile: Profile}
  | {kind: 'copy'; copy: TokenCopy}
  | {kind: 'mark'; timelineEvent: TimelineEvent}

/** The rows of the current panel, and what each row selects. */
export type PanelView = {rows: Rows; selectionAt: (index: number) => Selection | null}

const selector =
  <T>(list: readonly T[], make: (item: T) => Selection) =>
  (index: number): Selection | null => {
    const item = list[index]
    return item === undefined ? null : make(item)
  }

export const viewPanel = (state: State, isAscii: boolean): PanelView => {
  const {world, filter, now} = state
  switch (state.panel) {
    case 'clients': {
      if (state.boardSince !== null) {
        const found = boardRows(buildRotationBoard(world, state.boardSince, now, state.live), filter, isAscii)
        return {rows: rowsFrom(boardColumns, found.rows), selectionAt: selector(found.found, row => ({kind: 'board', row}))}
      }
      const entries = clientEntries(world.clients.byKey.values(), now, state.live).filter(
        ({tally}) => !state.hidesExpected || !tally?.last.expected,
      )
      const found = clientRows(entries, filter, now, isAscii)
      return {rows: rowsFrom(clientColumns, found.rows), selectionAt: selector(found.entries, entry => ({kind: 'client', entry}))}
    }
    case 'attempts': {
      const found = attemptRows(world.recent, filter, state.hidesExpected, now)
      return {rows: found.rows, selectionAt: selector(found.attempts, attempt => ({kind: 'attempt', attempt}))}
    }
    case 'log': {
      const found = logRows(state.log.lines, filter, state.evidence)
      return {rows: found.rows, selectionAt: selector(found.lines, line => ({kind: 'line', line}))}
    }
    case 'profiles': {
      const found = profileRows(state.profiles, filter, now, isAscii)
      return {
        rows: rowsFrom(profileColumns, found.rows),
        selectionAt: selector(found.profiles, profile => ({kind: 'profile', profile})),
      }
    }
    case 'copies': {
      const found = copyRows(state.copies, filter, isAscii)
      return {rows: rowsFrom(copyColumns, found.rows), selectionAt: selector(found.copies, copy => ({kind: 'copy', copy}))}
    }
    case 'timeline': {
      const found = timelineRows(timelineOf(state), filter)
      return {
        rows: rowsFrom(timelineColumns, found.rows),
        selectionAt: selector(found.timeline, timelineEvent => ({kind: 'mark', timelineEvent: timelineEvent})),
      }
    }
  }
}

/** Where the chosen row is now; a row that has gone leaves its place to its neighbour. */
export const chosenIndex = ({rows}: PanelView, {key, index}: {key: string | null; index: number}): number => {
  const newest = rows.endsWithNewest ? rows.count - 1 : 0
  if (key === null) return newest
  const found = rows.indexOf(key)
  return found >= 0 ? found : Math.max(0, Math.min(index, rows.count - 1))
}

/** The first row to draw, so that the chosen one keeps its height on the screen. */
export const topFor = (index: number, offset: number, height: number, count: number): number =>
  Math.max(0, Math.min(index - Math.max(0, Math.min(offset, height - 1)), count - height))
