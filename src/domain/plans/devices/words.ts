import {type DeviceIdentity, deviceName, shortId} from '../../devices/device.ts'
import type {DeviceRow, RequestRow} from '../../devices/report.ts'
import type {StepChange} from '../plan.ts'

/** What a change of a device is called, does, and leaves for a person. */
export type DeviceTexts = {
  title: string
  because: string
  risk: string
  doing: string
  change: StepChange
  interrupts: readonly string[]
  cannotUndo: readonly string[]
  notes: readonly string[]
  manualSteps: readonly string[]
}

const listed = (words: readonly string[], none = 'nothing'): string => (words.length === 0 ? none : words.join(', '))

const who = (device: DeviceIdentity): string => `${deviceName(device)} (device ${shortId(device.deviceId)})`

const from = ({address}: DeviceIdentity): string => (address === null ? "from the gateway's own host" : `from ${address}`)

const kinds: Readonly<Record<RequestRow['kind'], string>> = {
  'new-device': 'this gateway has never approved it',
  'more-scopes': 'it is paired, and asks for more scopes',
  'other-role': 'it is paired, and asks for a role that it has no token for',
  again: 'it is paired, and asks for nothing new',
}

const selfNamed = 'Its name and platform are its own words. If you did not expect it, compare the id on the device itself.'
const adminNote = 'operator.admin lets it change the config, read secrets and approve other devices.'

const rightsText = ({roles, scopes}: Pick<RequestRow, 'roles' | 'scopes'>): string => `${listed(roles)} with ${listed(scopes)}`

const request = (row: RequestRow): Pick<DeviceTexts, 'because'> => ({
  because: `It asks for ${rightsText(row)}, ${from(row)}: ${kinds[row.kind]}.`,
})

export const approveTexts = (row: RequestRow, others: number): DeviceTexts => ({
  ...request(row),
  title: `Approve ${who(row)}`,
  risk: 'lets one device in, with the scopes shown here',
  doing: `Let OpenClaw approve request ${shortId(row.requestId)}, and no other.`,
  change: {
    what: `device ${shortId(row.deviceId)}`,
    from: row.approved === null ? 'not paired' : rightsText(row.approved),
    to: rightsText(row),
  },
  interrupts: [],
  cannotUndo:
    row.approved === null
      ? []
      : ['OpenClaw has no command that takes single rights back: `gatecrab devices remove` takes the whole device out.'],
  notes: [
    selfNamed,
    ...(row.newScopes.includes('operator.admin') ? [adminNote] : []),
    ...(others > 0 ? [`Other requests wait as well (${others}): this plan answers this one alone.`] : []),
  ],
  manualSteps: [],
})

export const rejectTexts = (row: RequestRow): DeviceTexts => ({
  ...request(row),
  title: `Reject the request of ${who(row)}`,
  risk: 'the device stays out; what it had before stays',
  doing: `Let OpenClaw reject request ${shortId(row.requestId)}, and no other.`,
  change: {what: `request ${shortId(row.requestId)}`, from: 'waiting', to: 'rejected'},
  interrupts: [],
  cannotUndo: ['A rejected request does not come back. The next attempt of the device makes a new one, which can be approved.'],
  notes: ['A device that keeps trying asks again: to end that, stop it, or change the token that it has (`gatecrab rotate`).'],
  manualSteps: [],
})

const openConnections = ({state}: DeviceRow): string[] =>
  state === 'connected'
    ? ['it is connected now, and its connection is cut off']
    : ['its open connections are cut off, if it has any']

const asksAgain = 'It has to ask again and be approved again: `gatecrab devices` shows its request then.'

export const revokeTexts = (device: DeviceRow, role: string): DeviceTexts => ({
  title: `Revoke the token of ${who(device)} as ${role}`,
  because: `As ${role} it may do ${listed(device.scopes)}.`,
  risk: 'one device loses one role',
  doing: 'Let OpenClaw revoke the token.',
  change: {what: `token as ${role}`, from: 'valid', to: 'revoked'},
  interrupts: openConnections(device),
  cannotUndo: [`A revoked token does not come back. ${asksAgain}`],
  notes: [
    "It may still hold the gateway's token: with that it can ask again, and on the gateway's own host it is paired without being asked for.",
  ],
  manualSteps: [],
})

export const removeTexts = (device: DeviceRow): DeviceTexts => ({
  title: `Remove ${who(device)}`,
  because: `It is paired for ${rightsText(device)}.`,
  risk: 'one device loses all its roles',
  doing: 'Let OpenClaw remove the device.',
  change: {what: `device ${shortId(device.deviceId)}`, from: rightsText(device), to: 'not paired'},
  interrupts: openConnections(device),
  cannotUndo: [`A removed device does not come back. ${asksAgain}`],
  notes: [
    "It may still hold the gateway's token: with that it can ask again, and on the gateway's own host it is paired without being asked for.",
  ],
  manualSteps: [],
})

export const rotateTexts = (device: DeviceRow, role: string): DeviceTexts => ({
  title: `Replace the token of ${who(device)} as ${role}`,
  because: 'Whoever holds its old one is refused from then on.',
  risk: 'one device is refused until it has its new token',
  doing: 'Let OpenClaw make another token for it.',
  change: {what: `token as ${role}`, from: 'the one it holds', to: 'another one, which only the gateway knows'},
  interrupts: openConnections(device),
  cannotUndo: ['The old token does not come back.'],
  notes: ["The new token is not shown and not sent: the device gets it when it next signs in with the gateway's token."],
  manualSteps: [`Let ${deviceName(device)} sign in once with the gateway's token, where it has only its own.`],
})
