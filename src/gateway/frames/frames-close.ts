import type {EndOfConnection} from '../../domain/live/live-gateway.ts'

/** What the gateway said of its going before it went. */
export type Farewell = {why: string | null; restarts: boolean}

export const farewellOf = ({why, restartExpectedMs}: {why: string | null; restartExpectedMs: number | null}): Farewell => ({
  why,
  restarts: restartExpectedMs !== null || /restart/i.test(why ?? ''),
})

/** How a connection ended that had been let in. 1012 says `service restart` for a plain stop as well; the farewell tells. */
export const endOf = (code: number, text: string, farewell: Farewell | null): EndOfConnection => {
  if (code === 4001 && text === 'gateway auth changed') return 'token-changed'
  if (code === 1012 || (farewell && (code === 1001 || code === 1005 || code === 1006)))
    return (farewell?.restarts ?? true) ? 'restarting' : 'stopped'
  return code === 1006 ? 'cut' : 'closed'
}
