import type {Selection} from '../panel-view.ts'
import type {State} from '../state.ts'
import {whyAttempt} from './attempt.ts'
import {whyBoardRow, whyClient} from './client.ts'
import {whyCopy} from './copy.ts'
import {whyLine, whyTimelineEvent} from './line.ts'
import {whyLogin} from './login.ts'
import type {Explanation} from './words.ts'

/** What to say of the chosen row. */
export const explain = (state: State, chosen: Selection | null): Explanation => {
  switch (chosen?.kind) {
    case 'client':
      return whyClient(state, chosen.entry)
    case 'board':
      return whyBoardRow(state, chosen.row)
    case 'attempt':
      return whyAttempt(state, chosen.attempt)
    case 'line':
      return whyLine(state, chosen.line)
    case 'profile':
      return whyLogin(state, chosen.profile)
    case 'copy':
      return whyCopy(state, chosen.copy)
    case 'mark':
      return whyTimelineEvent(state, chosen.timelineEvent)
    default:
      return {why: '', seen: '', tryThis: '', facts: []}
  }
}
