import {forgetOldest} from '../attempts/forget.ts'
import {type Found, reasonOf, type Seen} from './reason.ts'

type Verdict = {seen: Required<Seen>; found: Found}

/** What the reason table said before, by the most telling of the words it was asked about. */
export type Verdicts = Map<string, Verdict[]>

const mostWords = 1024
const mostPerWord = 8

const isSame = (a: Required<Seen>, b: Required<Seen>): boolean =>
  a.code === b.code &&
  a.handshake === b.handshake &&
  a.cause === b.cause &&
  a.authReason === b.authReason &&
  a.text === b.text &&
  a.detail === b.detail

/** A log says the same few things over and over, and asking the table takes a hundred times as long as remembering. */
export const judge = (verdicts: Verdicts, seen: Required<Seen>): Found => {
  const word = seen.text ?? seen.authReason ?? seen.cause ?? ''
  const alike = verdicts.get(word) ?? []
  for (const verdict of alike) if (isSame(verdict.seen, seen)) return verdict.found
  const found = reasonOf(seen)
  verdicts.set(word, [{seen, found}, ...alike.slice(0, mostPerWord - 1)])
  forgetOldest(verdicts, mostWords)
  return found
}
