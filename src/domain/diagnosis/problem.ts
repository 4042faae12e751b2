import type {LineRef} from '../attempts/event.ts'
import type {LiveNow} from '../live/live-state.ts'
import type {LogSource} from '../log-source.ts'
import type {LogNames, Profile} from '../logins/profile.ts'
import type {Layer} from '../reasons/reason.ts'
import type {World} from '../world/world.ts'

/** How bad it is: broken now, broken soon, or worth knowing. */
export type Harm = 'broken' | 'soon' | 'note'

/** Something that is wrong now, with what shows it and what to do first. */
export type Problem = {
  id: string
  layer: Layer
  harm: Harm
  title: string
  because: string
  tryThis: string
  since: number
  count: number
  sure: 'certain' | 'likely' | 'guess'
  evidence: readonly LineRef[]
  /** Files and commands where one can see for oneself, where it is not the log that shows it. */
  see?: readonly string[]
  /** What it is called once the gateway is gone, which refuses nobody any more. */
  titleWhenGone?: string
  /** Which of several it is about, where the id alone does not tell: an agent, a log. */
  about?: string
}

export type LogInputs = {
  world: World
  now: number
  sources: readonly LogSource[]
  live?: LiveNow | null
  /** The logins that a provider's failure may be about. */
  logins?: {profiles: readonly Profile[]; logNames: LogNames} | null
}

export const harms: readonly Harm[] = ['broken', 'soon', 'note']

/** What is wrong with the gateway itself harms everybody. */
const isOfAll = ({layer}: Problem): number => (layer === 'lifecycle' ? 0 : 1)

export const sortProblems = (found: readonly Problem[]): Problem[] =>
  found.toSorted((a, b) => harms.indexOf(a.harm) - harms.indexOf(b.harm) || isOfAll(a) - isOfAll(b) || b.count - a.count)
