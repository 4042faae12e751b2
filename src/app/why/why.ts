import type {Selection} from '../look.ts'
import type {State} from '../state.ts'
import {whyAttempt} from './why-attempt.ts'
import {whyBoardRow, whyClient} from './why-client.ts'
import {whyCopy} from './why-copy.ts'
import {whyLine, whyTimelineEvent} from './why-line.ts'
import {whyLogin} from './why-login.ts'
import type {Explanation} from './why-words.ts'

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
