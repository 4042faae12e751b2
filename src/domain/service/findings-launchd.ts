import {minuteMs} from '../durations.ts'
import {shellWord} from '../shell.ts'
import {
  called,
  isIts,
  isPrivate,
  look,
  mayRefusePrivate,
  reinstallWith,
  type ServiceFinding,
  type ServiceInputs,
} from './finding.ts'
import {mainSupervisor, type ServiceFacts, type Supervisor} from './service.ts'

const manyRuns = 10
const often = 10 * minuteMs

/** launchd counts the starts of a job; more than one in ten minutes since the machine is up, and the last one failed. */
export const isLoopingAtOnce = (one: Supervisor, {at, bootedAt = null, holders}: ServiceFacts): boolean => {
  const {kind, hasFailed, runs} = one
  if (kind !== 'launchd' || !hasFailed || bootedAt === null || runs === null || runs < manyRuns) return false
  if ((at - bootedAt) / runs > often) return false
  const since = holders.find(holder => isIts(one, holder))?.since ?? null
  return since === null || at - since < often
}

const sameJob = (facts: ServiceFacts | null, {name, domain}: Supervisor): Supervisor | undefined =>
  facts?.supervisors.find(one => one.name === name && one.domain === domain)

/** A gateway drains its runs before it ends, which takes minutes; one that stays so from look to look for longer is none on its way. */
const drainsMs = 5 * minuteMs

export const inTransition = (one: Supervisor, {facts: {at}, before, goneSince = null}: ServiceInputs): boolean => {
  if (one.phase !== undefined && one.phaseEndsAt != null) return at <= one.phaseEndsAt
  const isOld = sameJob(before, one)?.phase === one.phase && at - (before?.at ?? at) > drainsMs
  return one.phase !== undefined && !isOld && (goneSince === null || at - goneSince <= drainsMs)
}

const phases = {
  starting: {title: 'The service is being started', tryThis: 'Nothing: it is on its way.'},
  stopping: {title: 'The service is being ended', tryThis: 'Nothing: it ends what it was doing first, which may take minutes.'},
} as const

const transition = (inputs: ServiceInputs): ServiceFinding[] => {
  const main = mainSupervisor(inputs.facts)
  if (!main?.phase || inputs.isUp || inputs.facts.holders.length > 0 || !inTransition(main, inputs)) return []
  return [
    {
      id: `service-${main.phase}`,
      harm: 'note',
      ...phases[main.phase],
      because: `${main.kind} says of ${called(main)}: ${main.state}.`,
      sure: 'certain',
      see: [look(main)],
    },
  ]
}

const privatePlists = ({facts: {supervisors, files, kernel = null}}: ServiceInputs): ServiceFinding[] =>
  supervisors.flatMap(({kind, file, domain, isRunning}): ServiceFinding[] => {
    const mode = files.find(({path}) => path === file)?.mode
    if (kind !== 'launchd' || file === null || mode === undefined) return []
    if (!isPrivate(Number.parseInt(mode, 8)) || !mayRefusePrivate(kernel)) return []
    const sudo = domain === 'system' ? 'sudo ' : ''
    const readable = `${sudo}chmod 644 ${shellWord(file)}`
    return [
      {
        id: 'service-refused-by-system',
        harm: isRunning ? 'soon' : 'broken',
        title: isRunning ? 'launchd will refuse the service at its next start' : 'launchd refuses the plist of the service',
        because: `${file} has mode ${mode}, and macOS 26 refuses a plist that others may not read: "Bootstrap failed: 5: Input/output error". A restart would leave the gateway stopped.`,
        tryThis: isRunning ? readable : `${readable} && ${sudo}launchctl bootstrap ${domain} ${shellWord(file)}`,
        sure: 'certain',
        see: [`ls -l ${shellWord(file)}`],
      },
    ]
  })

const words = {
  system: {
    id: 'service-refused-by-system',
    title: 'macOS refuses to run the program of the service',
    tryThis: (runtime: string, again: string) =>
      `A restart does not help. Install ${runtime} and OpenClaw again (a broken code signature, a library that is gone, a permission), then: ${again}`,
  },
  memory: {
    id: 'service-out-of-memory',
    title: 'macOS ended the gateway for want of memory',
    tryThis: () =>
      'Look at the newest JetsamEvent in /Library/Logs/DiagnosticReports: it lists what took the memory. End that, or give the machine more.',
  },
} as const

const endedBySystem = ({facts, isUp}: ServiceInputs): ServiceFinding[] =>
  facts.supervisors.flatMap((one): ServiceFinding[] => {
    const {kind, endedBy, isRunning, lastExit, program} = one
    const isOver = isUp || (isRunning && !isLoopingAtOnce(one, facts))
    if (kind !== 'launchd' || endedBy === undefined || (isOver && endedBy === 'system')) return []
    const {id, title, tryThis} = words[endedBy]
    return [
      {
        ...{id, title, harm: isOver ? 'note' : 'broken'},
        because: `launchd says of ${called(one)} that it last ended with ${lastExit}.`,
        tryThis: tryThis(program.runtime ?? 'the program', reinstallWith(one)),
        sure: 'certain',
        see: [look(one)],
      },
    ]
  })

export const launchdFindings = (inputs: ServiceInputs): ServiceFinding[] => [
  ...endedBySystem(inputs),
  ...privatePlists(inputs),
  ...transition(inputs),
]
