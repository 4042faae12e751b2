import {setTimeout as pause} from 'node:timers/promises'
import {type DeviceChange, proveChange, seenSince, whyChanged} from '../../domain/devices/change.ts'
import {type DeviceStore, shortId} from '../../domain/devices/device.ts'
import {isSince} from '../../domain/release.ts'
import {commandError} from '../../gateway/cli-output.ts'
import {readDeviceList} from '../../gateway/devices/store.ts'
import {readDeviceStore} from '../devices/reader.ts'
import {complaint, failed, fine, runSigningIn, type StepContext, type StepHandler, unsure} from './step-context.ts'

const commandMs = 60_000
const listMs = 30_000
const lookMs = 500

type Found = {store: DeviceStore} | {because: string}

/** The gateway's own store where it can be read, which asks nobody; its list otherwise. */
const devicesNow = async (context: StepContext, list: readonly string[]): Promise<Found> => {
  const {stateDir, release} = context.plan.gateway
  const {store, problem} = await readDeviceStore(stateDir, release)
  if (store !== null) return {store}
  const ran = await runSigningIn(context, list, {timeoutMs: listMs, isQuiet: true})
  const listed = readDeviceList(ran.stdout)
  return listed === null ? {because: problem?.because ?? complaint(ran)} : {store: listed}
}

export const lookDevice: StepHandler<'look-device'> = async (context, {change, list}) => {
  const now = await devicesNow(context, list)
  if ('because' in now) return unsure(`the devices cannot be read: ${now.because}`)
  const because = whyChanged(change, now.store, Date.now())
  return because === null ? fine : failed(because)
}

const hasChanged = (before: DeviceStore, now: DeviceStore, {deviceId}: DeviceChange): boolean => {
  const rights = ({paired}: DeviceStore) => JSON.stringify(paired.find(one => one.deviceId === deviceId)?.tokens ?? null)
  const requests = ({pending}: DeviceStore) => JSON.stringify(pending.map(({requestId}) => requestId))
  return rights(before) !== rights(now) || requests(before) !== requests(now)
}

/** What the command prints may hold a token of the device, in releases that hand it out: none of it is said. */
export const changeDevice: StepHandler<'change-device'> = async (context, {change, argv, list}) => {
  const before = await devicesNow(context, list)
  if ('because' in before) return unsure(`the devices cannot be read: ${before.because}`)
  const changed = whyChanged(change, before.store, Date.now())
  if (changed !== null) return failed(changed)
  const ran = await runSigningIn(context, argv, {timeoutMs: commandMs, isQuiet: true})
  const after = await devicesNow(context, list)
  if (ran.code === 0 || 'because' in after || hasChanged(before.store, after.store, change)) context.changed = true
  if (ran.code === 0) return fine
  return failed(commandError(ran.stdout) ?? complaint({...ran, stdout: ''}))
}

export const proveDevice: StepHandler<'prove-device'> = async (context, {change, list}) => {
  const now = await devicesNow(context, list)
  if ('because' in now) return unsure(`the devices cannot be read: ${now.because}`)
  const proofs = proveChange(change, now.store)
  for (const {what, ok} of proofs) context.prove(what, ok)
  const wrong = proofs.filter(({ok}) => !ok).map(({what}) => what)
  return wrong.length === 0 ? fine : failed(`not proved: ${wrong.join('; ')}`)
}

/** The first release of which it was seen that its store says when a device connects. */
const firstWithLastSeen = '2026.6.11'

/** That nobody comes back is no failure: a client may have been switched off since it asked. */
export const watchDevice: StepHandler<'watch-device'> = async (context, {deviceId, budgetMs}) => {
  const {stateDir, release} = context.plan.gateway
  const began = Date.now()
  const until = performance.now() + budgetMs
  while (!context.stop.aborted && performance.now() < until) {
    const {store} = await readDeviceStore(stateDir, release)
    if (store === null) break
    const approvedAt = store.paired.find(device => device.deviceId === deviceId)?.approvedAt ?? began
    if (seenSince(store, deviceId, Math.min(approvedAt, began)) !== null) {
      context.prove(`device ${shortId(deviceId)} has connected since, and was let in`, true)
      return fine
    }
    await pause(lookMs)
  }
  context.say(
    isSince(release, firstWithLastSeen)
      ? 'it has not connected yet: start the client again if it does not try by itself; `gatecrab devices` shows when it was last seen'
      : 'whether it has connected is not known: the store of this release does not tell; the log does',
  )
  return fine
}
