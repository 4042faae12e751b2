import fs from 'node:fs'
import path from 'node:path'
import {migrateLogins} from '../../domain/advice.ts'
import type {StoreRows} from '../../domain/logins/credential.ts'
import type {AgentFacts, ProfileReading, Told} from '../../domain/logins/credential-reading.ts'
import type {Problem} from '../../domain/problem.ts'
import {boundEnv} from '../../gateway/bound-command.ts'
import {builtInProvider, needsLogin} from '../../gateway/logins/profile-providers.ts'
import {askOpenclaw} from './profile-cli.ts'
import {envKeysOf, variablesOf, withReferences} from './profile-env.ts'
import {problemOf} from './profile-fault.ts'
import {type Agent, faultsIn, faultyIn, type Gathered, gather, type ProfileLook} from './profile-gathered.ts'

type Answers = {told: Told[]; problems: Problem[]}

/** One agent after the other: each start of the CLI takes two seconds and a whole core. */
const askFor = async (look: ProfileLook, gathered: Gathered): Promise<Answers> => {
  const {openclaw: command} = look
  const answers: Answers = {told: [], problems: []}
  if (command === null) return answers
  const {around, configFile} = look
  const env = boundEnv({stateDir: look.isStateDirGiven ? look.stateDir : null, configFile, profile: null}, around, null)
  const isOnly = gathered.agents.filter(({isConfigured}) => isConfigured).length === 1
  for (const id of faultyIn(gathered)) {
    const answer = await askOpenclaw({command, around, env}, id, isOnly)
    if ('profiles' in answer) answers.told.push(answer)
    else answers.problems.push(answer)
  }
  return answers
}

const sharedOf = ({shared, agents, config, keeper}: Gathered): ProfileReading['shared'] => {
  if (!shared.hasMoved) {
    const kept = agents.find(({configured}) => configured.id === keeper)?.store.rows
    return kept ? {owner: keeper, rows: kept} : null
  }
  const roster = agents.filter(({isConfigured}) => isConfigured).map(({configured}) => configured.id)
  const owner = roster.includes(keeper) ? keeper : (config.systemAgent ?? roster[0] ?? keeper)
  return shared.rows && {owner, rows: shared.rows}
}

const isAnythingHere = ({stateDir}: ProfileLook, {hasConfig}: Gathered): boolean => hasConfig || fs.existsSync(stateDir)

const factsOf = (look: ProfileLook, gathered: Gathered, shared: StoreRows | undefined, told: readonly Told[]): AgentFacts[] => {
  const isHere = isAnythingHere(look, gathered)
  const faulty = faultyIn(gathered)
  const isTold = (id: string): boolean => told.some(({agent}) => agent === id)
  return gathered.agents
    .map(({configured, isConfigured, store}) => ({
      id: configured.id,
      isConfigured,
      isRead: isTold(configured.id) || (isHere && !faulty.includes(configured.id)),
      models: configured.models,
      own: store.rows === shared || isTold(configured.id) ? null : store.rows,
    }))
    .filter(({isConfigured, own}) => isConfigured || own !== null)
}

/** A file beside a store that has rows is dead weight. */
const leftoversOf = (agents: readonly Agent[], shared: StoreRows | undefined): ProfileReading['leftovers'] =>
  agents.flatMap(({configured, store}) => {
    const isServed = store.rows !== null || (configured.id === 'main' && shared !== undefined)
    return store.leftover === null || isServed ? [] : [{agent: configured.id, rows: store.leftover}]
  })

const unmigrated = ({agent, rows}: ProfileReading['leftovers'][number]): Problem => ({
  title: `The profiles of agent ${agent} have not been migrated`,
  because: `${rows.place.path ?? 'its file'} is of an older layout, and the store that this release reads is empty`,
  tryThis: migrateLogins,
  from: 'gateway',
})

const nothingHere = ({stateDir}: ProfileLook): Problem => ({
  title: `There is no OpenClaw state in ${stateDir}`,
  tryThis: 'name the folder with --state-dir',
  from: 'you',
})

const unreadConfig = ({configFile}: ProfileLook, because: string): Problem => ({
  title: `Cannot read all of ${configFile}`,
  because: `${because}; agents and models that it names may be missing here`,
  from: 'gateway',
})

/** Without it nobody would understand which login is asked for. */
const noModel = ({release}: ProfileLook, builtIn: string | null): Problem => ({
  title: 'The config names no model',
  because:
    builtIn === null
      ? 'OpenClaw then uses a model of its own choice, and whose that is is not known here: every login counts'
      : `OpenClaw ${release} then uses a built-in model of ${builtIn}`,
  tryThis: 'name one with `openclaw models set PROVIDER/MODEL`',
  from: 'gateway',
})

const problemsOf = (look: ProfileLook, gathered: Gathered, leftovers: ProfileReading['leftovers']): Problem[] => [
  ...faultsIn(gathered).map(problemOf),
  ...leftovers.map(unmigrated),
  ...(gathered.configProblem === null ? [] : [unreadConfig(look, gathered.configProblem)]),
  ...(isAnythingHere(look, gathered) ? [] : [nothingHere(look)]),
]

/** Codex signs in by itself for the models of OpenAI. */
const otherLogins = ({around}: ProfileLook): string[] =>
  fs.existsSync(path.join(around.home, '.codex', 'auth.json')) ? ['openai'] : []

const otherwiseOf = (agents: readonly AgentFacts[], others: readonly string[]): string[] => {
  const used = new Set(agents.flatMap(({models}) => models.map(({provider}) => provider)))
  return Array.from(used).filter(provider => others.includes(provider) || !needsLogin(provider))
}

const putTogether = (look: ProfileLook, gathered: Gathered, {told, problems}: Answers): Omit<ProfileReading, 'at' | 'tookMs'> => {
  const {config} = gathered
  const variables = variablesOf(look.stateDir, config, look.around)
  const follow = <T extends StoreRows | null>(rows: T): T => withReferences(rows, config, variables)
  const shared = sharedOf(gathered)
  const found = factsOf(look, gathered, shared?.rows, told)
  const namesNone = gathered.hasConfig && gathered.configProblem === null && found.every(({models}) => models.length === 0)
  // Providers of one's own in the config may be taken instead of the built-in one.
  const builtIn = namesNone && config.keyed.length === 0 ? builtInProvider(look.release) : null
  const agents = builtIn === null ? found : found.map(one => ({...one, models: [{provider: builtIn, model: null}]}))
  const leftovers = leftoversOf(gathered.agents, shared?.rows)
  const env = envKeysOf(variables, look.configFile)
  return {
    release: look.release,
    agents: agents.map(one => ({...one, own: follow(one.own)})),
    shared: shared && {...shared, rows: follow(shared.rows)},
    leftovers,
    env,
    told,
    auth: config.auth,
    knowsModels: agents.some(({models}) => models.length > 0),
    otherwise: otherwiseOf(agents, [...env.map(({provider}) => provider), ...config.keyed, ...otherLogins(look)]),
    problems: [...problemsOf(look, gathered, leftovers), ...problems, ...(namesNone ? [noModel(look, builtIn)] : [])],
    isWhole: isAnythingHere(look, gathered) && faultyIn(gathered).length === told.length,
  }
}

/** Every store, every agent, once. Nothing is written, nothing is renewed, nothing is asked over the network. */
export const readProfiles = async (look: ProfileLook, now: number): Promise<ProfileReading> => {
  const started = performance.now()
  const gathered = await gather(look)
  const found = putTogether(look, gathered, await askFor(look, gathered))
  return {at: now, tookMs: performance.now() - started, ...found}
}
