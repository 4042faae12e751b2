import type {ClientState} from '../../domain/attempts/client.ts'
import type {Role} from '../rows/rows.ts'

export const roles: Record<ClientState, Role> = {
  storm: 'bad',
  stuck: 'bad',
  unknown: 'warn',
  back: 'good',
  in: 'good',
  out: 'dim',
}
export const signs: Record<ClientState, readonly [string, string]> = {
  storm: ['▲', '!'],
  stuck: ['●', '*'],
  unknown: ['?', '?'],
  back: ['✓', '+'],
  in: ['✓', '+'],
  out: ['·', '-'],
}

/** The last digits of a large number are of no use to anybody. */
export const shortCount = (all: number): string => (all < 10_000 ? String(all) : `${Math.floor(all / 1000)}k`)
