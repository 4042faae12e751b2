import {type DeviceAction, type DeviceChange, rightsOf} from '../../devices/change.ts'
import type {DeviceReport, DeviceRow, RequestRow} from '../../devices/report.ts'
import {type DeviceFix, type Plan, type Step, step} from '../plan.ts'
import {type Refusal, refuse, refuseForNow, refuseWhileBusy, refuseWhileCutOff, withoutCommand} from '../preconditions.ts'
import {commandStep} from '../token-steps.ts'
import {chooseDevice, chooseRequest, chooseRole} from './choice.ts'
import type {DeviceCli, DeviceFacts} from './facts.ts'
import {approveTexts, type DeviceTexts, rejectTexts, removeTexts, revokeTexts, rotateTexts} from './words.ts'

const isRefused = <T>(made: T | Refusal): made is Refusal => typeof made === 'object' && made !== null && 'refused' in made

export const deviceFix = (action: DeviceAction): DeviceFix => `${action}-device`

const commandMs = 60_000
/** A client that tries again by itself does so within seconds; nobody waits for one that does not. */
const returnMs = 30_000

const byHand = ({action, id}: DeviceFacts['request']): string =>
  action === 'approve' || action === 'reject'
    ? `\`openclaw devices ${action} ${id}\``
    : action === 'remove'
      ? `\`openclaw devices remove ${id}\``
      : `\`openclaw devices ${action} --device ${id} --role ROLE\``

/** What stands in the way of any change, whichever device it is about. */
const whyNot = (facts: DeviceFacts): Refusal | null => {
  const {cli, release, request, wouldPairItself, problem} = facts
  const busy = refuseWhileBusy(facts.busy) ?? refuseWhileCutOff(facts.cutOff)
  if (busy) return busy
  if (cli === null) return withoutCommand
  if (cli.argv(request.action, request.id, request.role) === null)
    return refuse(
      `OpenClaw ${release ?? 'of this release'} has no command that does this`,
      `\`openclaw devices ${request.action}\` came with ${cli.since(request.action)}`,
      'update OpenClaw',
    )
  if (wouldPairItself)
    return refuse(
      `The command of OpenClaw ${release ?? 'of an unknown release'} would pair itself first`,
      'it signs in as a device of its own and asks for rights that this account does not have; a plan pairs nobody but the device that it names',
      `approve it in the Control UI, or by hand: ${byHand(request)}; from 2026.7.35 on the command signs in without a device`,
    )
  return problem === null ? null : {refused: problem, unknown: true}
}

type Chosen = {change: DeviceChange; texts: DeviceTexts; undo: string | null}

const ofRequest = (action: 'approve' | 'reject', row: RequestRow, {devices, requests}: DeviceReport): Chosen => {
  const paired = devices.find(({deviceId}) => deviceId === row.deviceId)
  const others = requests.filter(({state, requestId}) => state === 'waiting' && requestId !== row.requestId).length
  const {requestId, roles, scopes, deviceId} = row
  return {
    change: {
      action,
      deviceId,
      request: {requestId, roles, scopes},
      role: null,
      before: paired ? rightsOf(paired) : null,
    },
    texts: action === 'approve' ? approveTexts(row, others) : rejectTexts(row),
    undo: action === 'approve' && paired === undefined ? '`gatecrab undo` removes the device again' : null,
  }
}

const ofDevice = (action: 'revoke' | 'remove' | 'rotate', device: DeviceRow, typedRole: string | null): Chosen | Refusal => {
  const change: DeviceChange = {action, deviceId: device.deviceId, request: null, role: null, before: rightsOf(device)}
  if (action === 'remove') return {change, texts: removeTexts(device), undo: null}
  const role = chooseRole(device, typedRole)
  if (typeof role !== 'string') return role
  const texts = action === 'revoke' ? revokeTexts(device, role) : rotateTexts(device, role)
  return {change: {...change, role}, texts, undo: null}
}

const choose = ({request: {action, id, role}}: DeviceFacts, report: DeviceReport): Chosen | Refusal => {
  if (action === 'approve' || action === 'reject') {
    const row = chooseRequest(report, id)
    return isRefused(row) ? row : ofRequest(action, row, report)
  }
  const device = chooseDevice(report, id)
  return isRefused(device) ? device : ofDevice(action, device, role)
}

const looks: Readonly<Record<DeviceAction, string>> = {
  approve: 'Read the request again: it must still ask for what is shown here',
  reject: 'Read the request again: it must still ask for what is shown here',
  revoke: 'Read the device again: it must still be as it is shown here',
  remove: 'Read the device again: it must still be as it is shown here',
  rotate: 'Read the device again: it must still be as it is shown here',
}

const proofs: Readonly<Record<DeviceAction, string>> = {
  approve: 'Read the devices again: it is paired with what is shown here, and nothing else',
  reject: 'Read the devices again: the request is gone, and nothing else has changed',
  revoke: 'Read the devices again: the token is revoked',
  remove: 'Read the devices again: the device is gone',
  rotate: 'Read the devices again: its token is another one',
}

const watchSteps = ({action, deviceId}: DeviceChange): Step[] =>
  action === 'approve'
    ? [
        step(
          'return',
          'wait',
          'Wait for its next connection, but not for ever',
          {do: 'watch-device', deviceId, budgetMs: returnMs},
          {budgetMs: returnMs, otherwise: 'go-on'},
        ),
      ]
    : []

const stepsOf = ({change, texts, undo}: Chosen, facts: DeviceFacts, {list, argv: argvFor}: DeviceCli): Step[] => {
  const {action, deviceId, request, role} = change
  const argv = argvFor(action, request?.requestId ?? deviceId, role) ?? []
  return [
    step('look', 'check', looks[action], {do: 'look-device', change, list}),
    ...commandStep(facts.command, facts.target.configFile),
    step(
      'change',
      'run',
      texts.doing,
      {do: 'change-device', change, argv, list},
      {argv, change: texts.change, budgetMs: commandMs, undo},
    ),
    step('prove', 'prove', proofs[action], {do: 'prove-device', change, list}),
    ...watchSteps(change),
  ]
}

/** The plan for one device or one request, or why there is none. */
export const devicePlan = (facts: DeviceFacts): Plan | Refusal => {
  const refusal = whyNot(facts)
  if (refusal) return refusal
  const {cli, report, request, target, backups, id} = facts
  if (cli === null || report === null)
    return refuseForNow('The devices cannot be read', 'no source tells of them', 'see `openclaw devices list`')
  const chosen = choose(facts, report)
  if (isRefused(chosen)) return chosen
  const {title, because, risk, interrupts, cannotUndo, notes, manualSteps} = chosen.texts
  return {
    id,
    fix: deviceFix(request.action),
    title,
    because,
    risk,
    gateway: target,
    interrupts,
    cannotUndo,
    confirm: request.action,
    notes,
    steps: stepsOf(chosen, facts, cli),
    cards: manualSteps,
    continues: null,
    undoes: null,
    backups,
  }
}

/** The device that a plan approved is taken out again, as long as it stands as it was approved. */
export const undoApproval = (facts: DeviceFacts, previous: {id: string; change: DeviceChange}): Plan | Refusal => {
  const {deviceId, request} = previous.change
  const device = facts.report?.devices.find(one => one.deviceId === deviceId)
  const isAsApproved = request?.scopes.every(scope => device?.scopes.includes(scope)) === true
  if (facts.report !== null && !isAsApproved)
    return refuse(
      `Nothing of ${previous.id} can be put back`,
      device === undefined ? 'the device that it approved is not paired any more' : 'somebody has changed the device since',
      '`gatecrab devices` shows how it stands',
    )
  const made = devicePlan(facts)
  return isRefused(made)
    ? made
    : {...made, fix: 'undo', title: `Undo ${previous.id}: ${made.title.replace(/^R/, 'r')}`, confirm: 'undo', undoes: previous.id}
}
