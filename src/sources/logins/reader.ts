import fs from 'node:fs'
import path from 'node:path'
import {migrateLogins} from '../../domain/advice.ts'
import {minuteMs} from '../../domain/durations.ts'
import type {Failure} from '../../domain/failure.ts'
import type {StoreRows} from '../../domain/logins/credential.ts'
import type {AgentFacts, CliStatus, ProfileReading} from '../../domain/logins/reading.ts'
import {boundEnv, cleanEnv} from '../../gateway/cli.ts'
import {jsonIn} from '../../gateway/json.ts'
import {builtInProvider, needsLogin} from '../../gateway/logins/providers.ts'
import {statusOf} from '../../gateway/logins/status.ts'
import type {HostEnv} from '../../gateway/paths.ts'
import {runProcess} from '../run-process.ts'
import {envKeysOf, variablesOf, withReferences} from './env.ts'
import {type Agent, type Gathered, gather, type ProfileLocation, storeErrorsIn, unreadableAgents} from './gathered.ts'
import {storeFailure} from './store-error.ts'

/** `env`: what binds the command to the gateway whose logins these are. */
type CliTarget = {command: readonly string[]; hostEnv: HostEnv; env: Readonly<Record<string, string>>}

const timeoutMs = minuteMs

const failed = (because: string): Failure => ({
  title: 'OpenClaw could not be asked about its profiles either',
  because,
  tryThis: 'run `openclaw models status --json` and see what it says',
  from: 'gateway',
})

const exitOf = (code: number | null): 0 | 1 | 2 => (code === 0 || code === 2 ? code : 1)

/**
 * Only with --json, and nothing but this command: the text form, `status --usage` and the gateway's own
 * models.authStatus may renew a login on the way, and lose it for good if the network is down.
 */
const statusArgs = (agent: string | null): string[] => [
  'models',
  'status',
  '--json',
  '--check',
  ...(agent === null ? [] : ['--agent', agent]),
]

/** What OpenClaw says of one agent's profiles; null asks for the only agent there is. */
const askOpenclaw = async (target: CliTarget, agent: string, isOnly: boolean): Promise<CliStatus | Failure> => {
  const ran = await runProcess([...target.command, ...statusArgs(isOnly ? null : agent)], {
    env: cleanEnv(target.hostEnv.env, target.env),
    timeoutMs,
  })
  if (ran.problem !== null) return failed(ran.problem)
  const status = statusOf(jsonIn(ran.stdout))
  if (status === null) return failed(`it ended with ${ran.code ?? 'a signal'} and printed nothing that gatecrab can read`)
  if ('refused' in status) return failed(status.refused)
  return {agent, path: status.storePath, exit: exitOf(ran.code), profiles: status.profiles}
}

type Answers = {statuses: CliStatus[]; problems: Failure[]}

/** One agent after the other: each start of the CLI takes two seconds and a whole core. */
const askFor = async (location: ProfileLocation, gathered: Gathered): Promise<Answers> => {
  const {openclaw: command} = location
  const answers: Answers = {statuses: [], problems: []}
  if (command === null) return answers
  const {hostEnv, configFile} = location
  const env = boundEnv({stateDir: location.isStateDirGiven ? location.stateDir : null, configFile, profile: null}, hostEnv, null)
  const isOnly = gathered.agents.filter(({isConfigured}) => isConfigured).length === 1
  for (const id of unreadableAgents(gathered)) {
    const answer = await askOpenclaw({command, hostEnv, env}, id, isOnly)
    if ('profiles' in answer) answers.statuses.push(answer)
    else answers.problems.push(answer)
  }
  return answers
}

const sharedOf = ({shared, agents, config, keeper}: Gathered): ProfileReading['shared'] => {
  if (!shared.hasMoved) {
    const rows = agents.find(({configured}) => configured.id === keeper)?.store.rows
    return rows ? {owner: keeper, rows: rows} : null
  }
  const roster = agents.filter(({isConfigured}) => isConfigured).map(({configured}) => configured.id)
  const owner = roster.includes(keeper) ? keeper : (config.systemAgent ?? roster[0] ?? keeper)
  return shared.rows && {owner, rows: shared.rows}
}

const isAnythingHere = ({stateDir}: ProfileLocation, {hasConfig}: Gathered): boolean => hasConfig || fs.existsSync(stateDir)

const factsOf = (
  location: ProfileLocation,
  gathered: Gathered,
  shared: StoreRows | undefined,
  cliStatuses: readonly CliStatus[],
): AgentFacts[] => {
  const isHere = isAnythingHere(location, gathered)
  const unreadable = unreadableAgents(gathered)
  const hasCliStatus = (id: string): boolean => cliStatuses.some(({agent}) => agent === id)
  return gathered.agents
    .map(({configured, isConfigured, store}) => ({
      id: configured.id,
      isConfigured,
      isRead: hasCliStatus(configured.id) || (isHere && !unreadable.includes(configured.id)),
      models: configured.models,
      own: store.rows === shared || hasCliStatus(configured.id) ? null : store.rows,
    }))
    .filter(({isConfigured, own}) => isConfigured || own !== null)
}

/** A file beside a store that has rows is dead weight. */
const leftoversOf = (agents: readonly Agent[], shared: StoreRows | undefined): ProfileReading['leftovers'] =>
  agents.flatMap(({configured, store}) => {
    const isServed = store.rows !== null || (configured.id === 'main' && shared !== undefined)
    return store.leftover === null || isServed ? [] : [{agent: configured.id, rows: store.leftover}]
  })

const unmigrated = ({agent, rows}: ProfileReading['leftovers'][number]): Failure => ({
  title: `The profiles of agent ${agent} have not been migrated`,
  because: `${rows.place.path ?? 'its file'} is of an older layout, and the store that this release reads is empty`,
  tryThis: migrateLogins,
  from: 'gateway',
})

const nothingHere = ({stateDir}: ProfileLocation): Failure => ({
  title: `There is no OpenClaw state in ${stateDir}`,
  tryThis: 'name the folder with --state-dir',
  from: 'you',
})

const unreadConfig = ({configFile}: ProfileLocation, because: string): Failure => ({
  title: `Cannot read all of ${configFile}`,
  because: `${because}; agents and models that it names may be missing here`,
  from: 'gateway',
})

/** Without it nobody would understand which login is asked for. */
const noModel = ({release}: ProfileLocation, builtIn: string | null): Failure => ({
  title: 'The config names no model',
  because:
    builtIn === null
      ? 'OpenClaw then uses a model of its own choice, and whose that is is not known here: every login counts'
      : `OpenClaw ${release} then uses a built-in model of ${builtIn}`,
  tryThis: 'name one with `openclaw models set PROVIDER/MODEL`',
  from: 'gateway',
})

const problemsOf = (location: ProfileLocation, gathered: Gathered, leftovers: ProfileReading['leftovers']): Failure[] => [
  ...storeErrorsIn(gathered).map(storeFailure),
  ...leftovers.map(unmigrated),
  ...(gathered.configProblem === null ? [] : [unreadConfig(location, gathered.configProblem)]),
  ...(isAnythingHere(location, gathered) ? [] : [nothingHere(location)]),
]

/** Codex signs in by itself for the models of OpenAI. */
const otherLogins = ({hostEnv}: ProfileLocation): string[] =>
  fs.existsSync(path.join(hostEnv.home, '.codex', 'auth.json')) ? ['openai'] : []

const providersWithoutLogin = (agents: readonly AgentFacts[], others: readonly string[]): string[] => {
  const used = new Set(agents.flatMap(({models}) => models.map(({provider}) => provider)))
  return Array.from(used).filter(provider => others.includes(provider) || !needsLogin(provider))
}

const assemble = (
  location: ProfileLocation,
  gathered: Gathered,
  {statuses, problems}: Answers,
): Omit<ProfileReading, 'at' | 'tookMs'> => {
  const {config} = gathered
  const variables = variablesOf(location.stateDir, config, location.hostEnv)
  const follow = <T extends StoreRows | null>(rows: T): T => withReferences(rows, config, variables)
  const shared = sharedOf(gathered)
  const found = factsOf(location, gathered, shared?.rows, statuses)
  const namesNone = gathered.hasConfig && gathered.configProblem === null && found.every(({models}) => models.length === 0)
  // Providers of one's own in the config may be taken instead of the built-in one.
  const builtIn = namesNone && config.keyed.length === 0 ? builtInProvider(location.release) : null
  const agents = builtIn === null ? found : found.map(one => ({...one, models: [{provider: builtIn, model: null}]}))
  const leftovers = leftoversOf(gathered.agents, shared?.rows)
  const env = envKeysOf(variables, location.configFile)
  return {
    release: location.release,
    agents: agents.map(one => ({...one, own: follow(one.own)})),
    shared: shared && {...shared, rows: follow(shared.rows)},
    leftovers,
    env,
    cliStatuses: statuses,
    auth: config.auth,
    knowsModels: agents.some(({models}) => models.length > 0),
    providersWithoutLogin: providersWithoutLogin(agents, [
      ...env.map(({provider}) => provider),
      ...config.keyed,
      ...otherLogins(location),
    ]),
    problems: [...problemsOf(location, gathered, leftovers), ...problems, ...(namesNone ? [noModel(location, builtIn)] : [])],
    isWhole: isAnythingHere(location, gathered) && unreadableAgents(gathered).length === statuses.length,
  }
}

/** Every store, every agent, once. Nothing is written, nothing is renewed, nothing is asked over the network. */
export const readProfiles = async (location: ProfileLocation, now: number): Promise<ProfileReading> => {
  const started = performance.now()
  const gathered = await gather(location)
  const found = assemble(location, gathered, await askFor(location, gathered))
  return {at: now, tookMs: performance.now() - started, ...found}
}
