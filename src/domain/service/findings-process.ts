import {publishesPort} from '../live/listener.ts'
import {called, isIts, look, restartWith, type ServiceFinding, type ServiceInputs} from './finding.ts'
import {inTransition, isLoopingAtOnce} from './findings-launchd.ts'
import {mainSupervisor, type PortHolder, type ServiceFacts, type Supervisor} from './service.ts'

const isActive = ({isLoaded, isRunning, hasFailed, runs}: Supervisor): boolean =>
  isRunning || (isLoaded && (hasFailed || (runs ?? 0) > 0))

const twoSupervisors = ({supervisors, port}: ServiceFacts): ServiceFinding[] => {
  const active = supervisors.filter(one => isActive(one) && (one.program.port ?? port) === port)
  if (active.length < 2) return []
  return [
    {
      id: 'two-supervisors',
      harm: 'broken',
      title: `${active.length} services want to run the gateway`,
      because: `${active.map(called).join(' and ')} are both active. Only one of them can have the port; the other starts, fails and starts again.`,
      tryThis: 'Keep one. Stop and remove the other with the tool that installed it.',
      sure: 'certain',
      see: active.map(look),
    },
  ]
}

const respawns = 2

/** It was started several times between two looks, or its manager waits to start it again after a failure. */
const isLooping = (now: Supervisor, before: Supervisor | undefined): boolean => {
  const started = (now.runs ?? 0) - (before?.runs ?? now.runs ?? 0)
  // systemd counts only what it started by itself, and again after each order: one is a crash, not yet a loop.
  if (now.kind === 'systemd' && (now.runs ?? 0) < respawns) return false
  const isWaiting = /spawn scheduled|auto-restart|start-limit/.test(now.state ?? '')
  return started >= respawns || (now.hasFailed && (isWaiting || started > 0))
}

const respawnLoop = ({facts, before}: ServiceInputs): ServiceFinding[] =>
  facts.supervisors
    .filter(
      one =>
        isLooping(
          one,
          before?.supervisors.find(({name, domain}) => name === one.name && domain === one.domain),
        ) || isLoopingAtOnce(one, facts),
    )
    .map(one => {
      const other = facts.holders.find(holder => !isIts(one, holder))
      const why = other ? ` ${other.process ?? 'Another process'}, pid ${other.pid ?? 'unknown'}, has port ${facts.port}.` : ''
      return {
        id: 'respawn-loop',
        harm: 'broken',
        title: 'The gateway is started again and again',
        because: `${called(one)} was started ${one.runs ?? 'several'} times, and ended with ${one.lastExit ?? 'an error'}.${why}`,
        tryThis: other
          ? `End the process that has the port, or give up the service: kill ${other.pid ?? 'PID'}`
          : one.endedBy
            ? 'A restart does not help: what macOS says about its last end has to be mended first.'
            : 'Read why it ends: the last lines of its log.',
        sure: 'certain',
        see: [look(one)],
      }
    })

const foreignGateway = ({facts}: ServiceInputs): ServiceFinding[] => {
  const active = facts.supervisors.filter(isActive)
  const [foreignHolder] = facts.holders.filter(
    holder => holder.pid !== null && !facts.supervisors.some(one => isIts(one, holder)),
  )
  if (active.length === 0 || foreignHolder === undefined) return []
  return [
    {
      id: 'beside-the-service',
      harm: 'soon',
      title: 'The gateway that answers is not the one of the service',
      because: `Port ${facts.port} is held by ${foreignHolder.process ?? 'a process'}, pid ${foreignHolder.pid}, which ${active.map(called).join(' or ')} did not start. A restart of the service will not reach it.`,
      tryThis: 'End it, and start the service.',
      sure: facts.supervisors.some(({pid}) => pid === null) ? 'likely' : 'certain',
      see: active.map(look),
    },
  ]
}

const notStarted = (inputs: ServiceInputs): ServiceFinding[] => {
  const {facts, isUp} = inputs
  const main = mainSupervisor(facts)
  if (main === null || main.isRunning || isUp || facts.holders.length > 0 || inTransition(main, inputs)) return []
  const isOff = main.isEnabled === false
  const word = main.isLoaded ? `is not running (${main.state ?? 'no state'})` : 'is installed and not loaded'
  return [
    {
      id: isOff ? 'service-disabled' : main.isLoaded ? 'service-stopped' : 'service-not-loaded',
      harm: 'broken',
      title: 'Nothing runs the gateway',
      because: `${called(main)} ${word}${isOff ? ', and it is switched off' : ''}.${main.lastExit ? ` It last ended with ${main.lastExit}.` : ''}`,
      tryThis: restartWith(main),
      sure: 'certain',
      see: [look(main)],
    },
  ]
}

/** A child of launchd may be a job of any label: installing one beside it would make a second gateway. */
const mayBeLaunchds = ({parents}: PortHolder, {kernel = null}: ServiceFacts): boolean => kernel !== null && parents[0] === 1

const unsupervised = ({facts}: ServiceInputs): ServiceFinding[] => {
  const [holder] = facts.holders
  if (facts.supervisors.length > 0 || holder === undefined || facts.unasked.length > 0 || mayBeLaunchds(holder, facts)) return []
  // What publishes a container's port was started by no hand: a service installed beside it is a second gateway.
  if (publishesPort(holder.process)) return []
  return [
    {
      id: 'no-supervisor',
      harm: 'note',
      title: 'No service runs the gateway',
      because: `It was started by hand, pid ${holder.pid ?? 'unknown'}: nothing starts it again when it ends or the machine restarts.`,
      tryThis: 'openclaw gateway install',
      sure: 'likely',
      see: [],
    },
  ]
}

export const processFindings = (inputs: ServiceInputs): ServiceFinding[] => [
  ...twoSupervisors(inputs.facts),
  ...respawnLoop(inputs),
  ...foreignGateway(inputs),
  ...notStarted(inputs),
  ...unsupervised(inputs),
]
