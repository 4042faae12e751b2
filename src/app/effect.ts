import type {Transition} from '../domain/alerts/transitions.ts'
import type {RenewalKind} from '../domain/logins/renewal.ts'
import type {DeviceRequest} from '../domain/plans/devices/facts.ts'
import type {GatewayFix, Plan} from '../domain/plans/plan.ts'
import type {Secret} from '../domain/secret.ts'
import type {ShownLine, WrittenRows} from './rows/rows.ts'

/** Which login is to be renewed, and how; null: as is right for its state. */
export type RenewalRequest = {profileId: string; agent: string; kind: RenewalKind | null}

/** Something to do in the world; imperative. */
export type Effect =
  | {type: 'read-earlier'}
  | {type: 'read-history'; since: number}
  | {type: 'copy'; text: string}
  | {type: 'copy-token'}
  | {type: 'list-journals'}
  | {type: 'write-report'}
  | {type: 'read-line'; line: ShownLine}
  | {type: 'write-rows'; file: string; rows: WrittenRows}
  | {type: 'seek'; at: number}
  | {type: 'set-speed'; speed: number; playing: boolean}
  | {type: 'make-plan'; fix: GatewayFix}
  | {type: 'make-renewal'; request: RenewalRequest}
  | {type: 'make-device-plan'; request: DeviceRequest}
  | {type: 'run-plan'; plan: Plan; secret: Secret | null}
  | {type: 'alert'; transition: Transition}
  | {type: 'set-mouse'; isOn: boolean}
  /** For the next screen as well; null: not any more. */
  | {type: 'keep-filter'; name: string; text: string | null}
  | {type: 'suspend'}
  | {type: 'redraw'}
  | {type: 'quit'}

type Handler<T extends Effect['type']> = (effect: Extract<Effect, {type: T}>) => void

/** What does each effect; the compiler asks for all of them. */
export type EffectHandlers = {readonly [T in Effect['type']]: Handler<T>}

/** What belongs to the terminal, or to whoever sits at it. */
type TerminalEffect = 'quit' | 'suspend' | 'redraw' | 'set-mouse' | 'keep-filter' | 'alert' | 'copy'
export type TerminalHandlers = Pick<EffectHandlers, TerminalEffect>
export type FeedHandlers = Omit<EffectHandlers, TerminalEffect>

export const runEffect = (handlers: Partial<EffectHandlers>, effect: Effect): void =>
  (handlers[effect.type] as ((effect: Effect) => void) | undefined)?.(effect)
