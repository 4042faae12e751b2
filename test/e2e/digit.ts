import {type PanelId, panelIds} from '../../src/app/panels/panels.ts'

/** The key that goes to a panel. */
export const digit = (panel: PanelId): string => String(panelIds.indexOf(panel) + 1)
