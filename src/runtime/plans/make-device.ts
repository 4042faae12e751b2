import type {DeviceChange} from '../../domain/devices/change.ts'
import {describeDevices} from '../../domain/devices/report.ts'
import {devicesInLog} from '../../domain/devices/sightings.ts'
import {dayMs} from '../../domain/durations.ts'
import {notAsked} from '../../domain/live/listener.ts'
import type {DeviceFacts, DeviceRequest} from '../../domain/plans/devices/facts.ts'
import {deviceFix, devicePlan, undoApproval} from '../../domain/plans/devices/plan.ts'
import {endEntry, plannedEntry} from '../../domain/plans/journal.ts'
import type {Plan} from '../../domain/plans/plan.ts'
import type {Refusal} from '../../domain/plans/preconditions.ts'
import {commandOf} from '../../gateway/cli.ts'
import {deviceCli} from '../../gateway/devices/commands.ts'
import {type JournalRecord, listJournals} from '../../sources/plans/journals.ts'
import {backupFolder, planId, type StatePlaces} from '../../sources/plans/journals-folder.ts'
import type {GatewayContext} from '../context.ts'
import {readGatewayDevices, wouldPairItself} from '../gateway-devices.ts'
import {takeSnapshot} from '../snapshot.ts'
import {createPlanContext, type PlanContext} from './context.ts'
import {withListener} from './make-renewal.ts'
import {busyWith, cutOffPlan, isOf} from './previous.ts'
import {targetWithoutToken} from './target.ts'

const deviceFacts = async (planContext: PlanContext, request: DeviceRequest): Promise<DeviceFacts> => {
  const {context, openclaw, release, places} = planContext
  const [{store, problem}, {world, now}, pairs] = await Promise.all([
    readGatewayDevices(context, release, () => planContext),
    takeSnapshot(context, dayMs, Promise.resolve(notAsked)),
    wouldPairItself(planContext),
  ])
  const target = targetWithoutToken(planContext)
  const id = planId(deviceFix(request.action), Date.now())
  return {
    id,
    request,
    target,
    release,
    report: store && describeDevices(store, {now, connected: new Set(), ...devicesInLog(world)}),
    problem,
    cli: openclaw === null ? null : deviceCli(openclaw, release),
    command: openclaw === null ? null : commandOf(openclaw, release),
    wouldPairItself: pairs,
    busy: busyWith(places, target.key),
    cutOff: cutOffPlan(places, target.key)?.id ?? null,
    backups: backupFolder(places, id),
  }
}

/** The plan for one device or one request, or why there is none. */
export const makeDevicePlan = async (request: DeviceRequest, context: GatewayContext): Promise<Plan | Refusal> => {
  const planContext = await createPlanContext(context)
  return withListener(devicePlan(await deviceFacts(planContext, request)), planContext, {mustAnswer: true})
}

const changeIn = ({entries}: JournalRecord): DeviceChange | null => {
  const act = plannedEntry(entries)?.plan.steps.find(step => step.act.do === 'change-device')?.act
  return act?.do === 'change-device' ? act.change : null
}

/** The plan with this id; otherwise the last one on this gateway that changed a device and was not undone. */
export const devicePlanToUndo = (places: StatePlaces, key: string, id: string | null): JournalRecord | null => {
  const all = listJournals(places).filter(record => isOf(key, record))
  const undone = new Set(
    all.flatMap(({entries}) => (endEntry(entries)?.outcome === 'done' ? (plannedEntry(entries)?.plan.undoes ?? []) : [])),
  )
  const isUndoable = (record: JournalRecord): boolean =>
    changeIn(record) !== null && endEntry(record.entries)?.changed === true && plannedEntry(record.entries)?.plan.undoes === null
  return all.filter(record => (id === null ? !undone.has(record.id) : record.id.startsWith(id))).find(isUndoable) ?? null
}

const stays: Readonly<Record<DeviceChange['action'], string>> = {
  approve: 'OpenClaw has no command that takes single rights back from a device that was paired before',
  reject: 'a rejected request does not come back: the next attempt of the device makes a new one',
  revoke: 'a revoked token does not come back: the device asks again, and is approved again',
  remove: 'a removed device does not come back: it asks again, and is approved again',
  rotate: 'the old token does not come back',
}

/** The plan that takes the change of a device back, or why nothing does. */
export const makeDeviceUndo = async (record: JournalRecord, planContext: PlanContext): Promise<Plan | Refusal> => {
  const change = changeIn(record)
  if (change === null || change.action !== 'approve' || change.before !== null)
    return {
      refused: {
        title: `${record.id} cannot be undone`,
        because: stays[change?.action ?? 'reject'],
        tryThis:
          '`gatecrab devices` shows how it stands; `gatecrab undo ID` undoes an earlier plan, which `gatecrab journals` names',
        from: 'you',
      },
      unknown: false,
    }
  const facts = await deviceFacts(planContext, {action: 'remove', id: change.deviceId, role: null})
  return withListener(undoApproval(facts, {id: record.id, change}), planContext, {mustAnswer: true})
}
