import type {GatewayFix, Plan} from '../domain/plan.ts'

/** Something to do in the world; imperative. */
export type Effect =
  | {type: 'read-earlier'}
  | {type: 'read-history'; since: number}
  | {type: 'copy'; text: string}
  | {type: 'seek'; at: number}
  | {type: 'set-speed'; speed: number; playing: boolean}
  | {type: 'make-plan'; fix: GatewayFix}
  | {type: 'run-plan'; plan: Plan}
  | {type: 'suspend'}
  | {type: 'redraw'}
  | {type: 'quit'}
