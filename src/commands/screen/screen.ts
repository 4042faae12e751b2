import type {Effect} from '../../app/effect.ts'
import type {Opening} from '../../app/state.ts'
import type {Store} from '../../app/store.ts'
import type {ExitCode} from '../command.ts'
import type {Given} from '../flags.ts'
import type {FleetGiven} from '../fleet/fleet-flags.ts'
import type {Lend} from './lent-terminal.ts'

/** What feeds a screen, and does what the screen cannot do itself. */
export type Feed = {effects: (effect: Effect) => void; now?: () => number; end: () => void}

export type Begin = (store: Store, lend: Lend) => Feed

// Ink and React are loaded only where there is a screen: without them a command starts in half the time.

/** Runs the screen until it is left. */
export const runScreen = async (given: Given, opening: Opening, begin: Begin): Promise<ExitCode> =>
  (await import('./screen-play.ts')).playScreen(given, opening, begin)

/** Runs the screen on several gateways until it is left. */
export const runFleetScreen = async (given: Given, fleet: FleetGiven): Promise<ExitCode> =>
  (await import('../fleet/fleet-play.ts')).playFleet(given, fleet)
