import type {AgentFare} from '../logins/credential-board.ts'
import type {ServiceFinding} from '../service/service-finding.ts'
import {type TokenCopy, tokenKey} from '../token/token-copy.ts'
import {type CopyProblemId, withoutProblems} from '../token/token-copy-problems.ts'
import type {TokenTrouble} from '../token/token-copy-troubles.ts'
import type {Diagnosis} from './diagnosis.ts'

export type CopiesKnown = {copies: readonly TokenCopy[]; troubles: readonly TokenTrouble[]}

export const areCopiesBroken = ({troubles, copies}: CopiesKnown): boolean =>
  troubles.some(({matters}) => matters) || copies.some(({problems}) => problems?.some(({matters}) => matters))

/** The files of a service are looked at twice: for their own sake, and for the token in them. */
const toldOfFile: Readonly<Record<string, readonly CopyProblemId[]>> = {
  'file-others-can-read': ['open-to-all', 'open-plist', 'open-mode'],
  'file-other-owner': ['wrong-owner'],
  'file-unreadable': ['unreadable'],
}
const toldOfStart: readonly CopyProblemId[] = ['pin', 'pin-process', 'shown-by-ps']

/** The copies without what the service's own findings tell of the same file or command. */
export const copiesApart = (known: CopiesKnown | null, findings: readonly ServiceFinding[]): CopiesKnown | null => {
  if (known === null) return null
  const isPinTold = findings.some(({id}) => id === 'token-in-the-start-command')
  const copies = known.copies.map(copy => {
    const told = findings.filter(({about}) => about === copy.path).flatMap(({id}) => toldOfFile[id] ?? [])
    const all = isPinTold ? [...told, ...toldOfStart] : told
    return all.length === 0 ? copy : withoutProblems(copy, all)
  })
  return {...known, copies}
}

/** That the token of this host is refused is told by name, of the copy or of the command that sends it. */
export const isOwnTokenTold = (known: CopiesKnown | null): boolean =>
  known !== null &&
  (known.troubles.some(({id}) => id === 'unknown-token' || id === 'command-line-differs') ||
    known.copies.some(({problems = []}) => problems.some(({id}) => id === 'stale')))

const once = (now: number): Pick<Diagnosis, 'since' | 'count' | 'sure' | 'evidence'> => ({
  since: now,
  count: 1,
  sure: 'certain',
  evidence: [],
})

const inConfig = ({place, key}: TokenCopy): boolean => (place === 'config' || place === 'include') && key === tokenKey

/** A variable of the container or the service is heard before the config: whoever changes the config changes nothing. */
const overridden = ({copies}: CopiesKnown, now: number): Diagnosis[] => {
  const wins = copies.find(copy => copy.wins)
  const config = copies.find(copy => inConfig(copy) && copy.mark !== null)
  if (!wins || !config || inConfig(wins) || wins.mark === null || wins.mark === config.mark) return []
  return [
    {
      ...once(now),
      id: 'token-overridden',
      layer: 'gateway',
      harm: 'soon',
      title: 'The token of the config is not the one in force: another place overrides it',
      because: `${wins.key} in ${wins.path} (${wins.place}) wins over ${config.key} in ${config.path}. Clients that were given the token of the config are turned away.`,
      tryThis: `Remove ${wins.key} there, or give it the token of the config; then start the gateway or its container anew.`,
      see: [wins.path, config.path].filter(Boolean),
    },
  ]
}

const harmfulIn = ({problems = []}: TokenCopy) => problems.filter(({matters}) => matters)

/** How many copies it is about, and whether they are merely old; else what is wrong with the token as a whole. */
const copiesTitle = ({copies, troubles}: CopiesKnown): string => {
  const bad = copies.map(harmfulIn).filter(problems => problems.length > 0)
  if (bad.length === 0) return troubles.find(({matters}) => matters)?.title ?? 'The token needs attention'
  const isOld = bad.flat().every(({id}) => id === 'stale')
  if (bad.length === 1) return `A stored copy of the token ${isOld ? 'is out of date' : 'needs attention'}`
  return `${bad.length} stored copies of the token ${isOld ? 'are out of date' : 'need attention'}`
}

export const ofCopies = (known: CopiesKnown | null, now: number): Diagnosis[] => {
  if (known === null) return []
  const special = overridden(known, now)
  if (!areCopiesBroken(known) || special.length > 0) return special
  const because = [...known.troubles.map(({title}) => title), ...known.copies.flatMap(({problem}) => problem ?? [])]
  return [
    {
      ...once(now),
      id: 'token-copies',
      layer: 'gateway',
      harm: 'soon',
      title: copiesTitle(known),
      because: because.slice(0, 3).join('; '),
      tryThis: 'gatecrab copies names each of them with its cure.',
    },
  ]
}

const maxAgents = 3

const loginTitle = (isGone: boolean, count: number): string => {
  const end = isGone ? 'gone or missing' : 'ending soon'
  return count > 1 ? `${count} logins at model providers are ${end}` : `a login at a model provider is ${end}`
}

/** Agents that work with the same logins share one problem. */
export const ofProfiles = (agents: readonly AgentFare[], now: number): Diagnosis[] => {
  const ill = agents.filter(({exit}) => exit !== 0)
  const groups = Map.groupBy(ill, ({agent, exit, because}) => (because === null ? agent : `${exit} ${because}`))
  return Array.from(groups.values(), (group): Diagnosis => {
    const {exit, because = null, reasons = []} = group[0] ?? {exit: 1}
    const isGone = exit === 1
    const names = group.map(({agent}) => agent)
    const more = names.length - maxAgents
    const who = `${names.slice(0, maxAgents).join(', ')}${more > 0 ? ` and ${more} more` : ''}`
    return {
      ...once(now),
      id: isGone ? 'login-gone' : 'login-ends',
      about: who,
      layer: 'provider',
      harm: isGone ? 'broken' : 'soon',
      title: `${who}: ${loginTitle(isGone, reasons.length)}`,
      because: because ?? '',
      tryThis:
        '4 Profiles, or gatecrab profiles, says which and how it is renewed; `openclaw models auth add` stores a first one.',
    }
  })
}

export const ofService = (findings: readonly ServiceFinding[], now: number): Diagnosis[] =>
  findings.map(finding => ({
    ...once(now),
    ...finding,
    layer: 'lifecycle',
  }))
