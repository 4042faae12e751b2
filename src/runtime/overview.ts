import type {CopiesRead} from '../sources/token/places.ts'
import type {GatewayContext} from './context.ts'
import {type LiveSnapshot, takeLiveSnapshot, withClients} from './live-snapshot.ts'
import {currentTime} from './options.ts'
import {probeAddress, type Snapshot, takeSnapshot} from './snapshot.ts'
import {readTokenAndLoginStatus, type SharedReads, type TokenAndLoginStatus} from './token-and-login-status.ts'
import {gatherCopies} from './token-status.ts'

/** All that can be known of a gateway at one moment. */
export type Overview = {snapshot: Snapshot; extras: TokenAndLoginStatus; live: LiveSnapshot | null}

/** What `check` and `report` say is taken from this: each log, the port and the copies are looked at once. */
export const takeOverview = async (context: GatewayContext, spanMs: number): Promise<Overview> => {
  let read: Promise<CopiesRead> | null = null
  const gathered: SharedReads = {
    copies: () => {
      read ??= gatherCopies(context)
      return read
    },
    reach: probeAddress(context),
  }
  const [snapshot, extras, live] = await Promise.all([
    takeSnapshot(context, spanMs, gathered.reach),
    readTokenAndLoginStatus(context, currentTime(context.options), gathered),
    takeLiveSnapshot(context, gathered),
  ])
  return {snapshot, extras, live: live && withClients(live, snapshot)}
}
