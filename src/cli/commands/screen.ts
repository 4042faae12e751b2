import type {Begin} from '../../app/feed.ts'
import type {Opening} from '../../app/state.ts'
import type {ExitCode} from '../command.ts'
import type {FleetArgs} from '../fleet/flags.ts'
import type {Args} from '../options.ts'

// Ink and React are loaded only where there is a screen: without them a command starts in half the time.

/** Runs the screen until it is left. */
export const runScreen = async (args: Args, opening: Opening, begin: Begin): Promise<ExitCode> =>
  (await import('../screen/run-screen.ts')).startScreen(args, opening, begin)

/** Runs the screen on several gateways until it is left. */
export const runFleetScreen = async (args: Args, fleet: FleetArgs): Promise<ExitCode> =>
  (await import('../fleet/run-screen.ts')).playFleet(args, fleet)
