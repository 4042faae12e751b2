import type {ServiceFacts} from './service.ts'

/** Something about the service that explains trouble, or will make some. */
export type ServiceFinding = {
  id: string
  harm: 'broken' | 'soon' | 'note'
  title: string
  because: string
  tryThis: string
  sure: 'certain' | 'likely'
  /** Files and commands where one can see for oneself. */
  see: readonly string[]
  /** The file that it is about. */
  about?: string
}

export type ServiceInputs = {
  facts: ServiceFacts
  /** An earlier look: a loop is seen between two. */
  before: ServiceFacts | null
  /** What the gateway that answers calls itself. */
  runningVersion: string | null
  /** It answers. */
  isUp: boolean
  /** Where it does not: since when, by what is known. */
  goneSince?: number | null
}
