import type {DeviceAction} from '../../domain/devices/change.ts'
import type {DeviceCli} from '../../domain/plans/devices/facts.ts'
import {isSince} from '../../domain/release.ts'

type Row = {since: string; words: (id: string, role: string) => readonly string[]}

/** OpenClaw's commands for devices, and the first release that has each, by the documentation of the releases. */
const rows: Readonly<Record<DeviceAction, Row>> = {
  approve: {since: '2026.1.29', words: id => ['approve', id]},
  reject: {since: '2026.1.29', words: id => ['reject', id]},
  revoke: {since: '2026.1.29', words: (id, role) => ['revoke', '--device', id, '--role', role]},
  rotate: {since: '2026.1.29', words: (id, role) => ['rotate', '--device', id, '--role', role]},
  remove: {since: '2026.2.26', words: id => ['remove', id]},
}

export const deviceCli = (openclaw: readonly string[], release: string | null): DeviceCli => ({
  list: [...openclaw, 'devices', 'list', '--json'],
  since: action => rows[action].since,
  argv: (action, id, role) => {
    const {since, words} = rows[action]
    return isSince(release, since) ? [...openclaw, 'devices', ...words(id, role ?? ''), '--json'] : null
  },
})
