import type {ConnectionEnd} from '../../domain/live/observed.ts'

/** The gateway's announcement of its shutdown. */
export type ShutdownNotice = {why: string | null; restarts: boolean}

export const farewellOf = ({why, restartExpectedMs}: {why: string | null; restartExpectedMs: number | null}): ShutdownNotice => ({
  why,
  restarts: restartExpectedMs !== null || /restart/i.test(why ?? ''),
})

/** How a connection ended that had been let in. 1012 says `service restart` for a plain stop as well; the farewell tells. */
export const endOf = (code: number, text: string, shutdownFrame: ShutdownNotice | null): ConnectionEnd => {
  if (code === 4001 && text === 'gateway auth changed') return 'token-changed'
  if (code === 1012 || (shutdownFrame && (code === 1001 || code === 1005 || code === 1006)))
    return (shutdownFrame?.restarts ?? true) ? 'restarting' : 'stopped'
  return code === 1006 ? 'cut' : 'closed'
}
