import {attempts} from './attempts.ts'
import {clients} from './clients.ts'
import {copies} from './copies.ts'
import {devices} from './devices.ts'
import {log} from './log.ts'
import type {Panel} from './panel.ts'
import {profiles} from './profiles.ts'
import {timeline} from './timeline.ts'

/** The order is the order of the digits. */
export const panels = {clients, attempts, log, profiles, copies, timeline, devices} as const satisfies Record<string, Panel>

export type PanelId = keyof typeof panels
export const panelIds = Object.keys(panels) as PanelId[]
