import type {Command, CommandGroup, NamedCommand} from './command.ts'

type Load = () => Promise<Command>

/** Only the one that is asked for is loaded: all of them together take longer to load than most take to run. */
const groups: Readonly<Record<string, Readonly<Record<string, Load>>>> = {
  'what is so': {
    watch: async () => (await import('./commands/watch.ts')).watch,
    check: async () => (await import('./commands/check.ts')).check,
    connections: async () => (await import('./commands/connections.ts')).connections,
    explain: async () => (await import('./commands/explain.ts')).explain,
    profiles: async () => (await import('./commands/profiles.ts')).profiles,
    devices: async () => (await import('./commands/devices.ts')).devices,
    copies: async () => (await import('./commands/copies.ts')).copies,
    report: async () => (await import('./commands/report.ts')).report,
  },
  'fixes: each shows its plan first, proves its result, or puts all back': {
    verify: async () => (await import('./commands/plans.ts')).verify,
    rotate: async () => (await import('./commands/plans.ts')).rotate,
    'put-back': async () => (await import('./commands/plans.ts')).putBack,
    propagate: async () => (await import('./commands/plans.ts')).propagate,
    restart: async () => (await import('./commands/plans.ts')).restart,
    renew: async () => (await import('./commands/renew.ts')).renew,
    undo: async () => (await import('./commands/plans.ts')).undo,
    'clean-up': async () => (await import('./commands/plans.ts')).cleanUp,
    journals: async () => (await import('./commands/journals.ts')).journals,
  },
  'what keeps running': {
    metrics: async () => (await import('./commands/metrics.ts')).metricsCommand,
    service: async () => (await import('./commands/service.ts')).service,
  },
  'the past, and practice': {
    replay: async () => (await import('./commands/replay.ts')).replay,
    demo: async () => (await import('./commands/demo.ts')).demo,
  },
  'gatecrab itself': {
    config: async () => (await import('./commands/config.ts')).config,
    completion: async () => (await import('./commands/completion.ts')).completion(loadGroups, () => topicNames),
    man: async () => (await import('./commands/man.ts')).man(loadGroups),
  },
}

const commands: Readonly<Record<string, Load>> = Object.assign({}, ...Object.values(groups))

/** Not in the list of commands: what gatecrab starts itself. */
const hidden: Readonly<Record<string, Load>> = {
  'run-plan': async () => (await import('./commands/run-plan.ts')).runPlanCommand,
}

/** What is only to be read, at `gatecrab help NAME`. */
const topics: Readonly<Record<string, Load>> = {
  'on-change': async () => (await import('./on-change/help.ts')).onChangeTopic,
  keys: async () => (await import('./help/topics.ts')).topicCommand('keys'),
  filters: async () => (await import('./help/topics.ts')).topicCommand('filters'),
  gateways: async () => (await import('./help/topics.ts')).topicCommand('gateways'),
  containers: async () => (await import('./help/topics.ts')).topicCommand('containers'),
  limits: async () => (await import('./help/topics.ts')).topicCommand('limits'),
}

export const commandNames: readonly string[] = Object.keys(commands)

export const topicNames: readonly string[] = Object.keys(topics)

export const loadGroups = (): Promise<CommandGroup[]> =>
  Promise.all(
    Object.entries(groups).map(async ([title, rows]) => ({
      title,
      commands: await Promise.all(Object.entries(rows).map(async ([name, load]) => ({...(await load()), name}))),
    })),
  )

export const loadTopics = (): Promise<NamedCommand[]> =>
  Promise.all(Object.entries(topics).map(async ([name, load]) => ({...(await load()), name})))

export const loadCommand = async (name: string): Promise<Command | null> => {
  const load = [commands, topics, hidden].find(table => Object.hasOwn(table, name))?.[name]
  return load ? load() : null
}
