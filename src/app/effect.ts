/** Something to do in the world; imperative. */
export type Effect =
  | {type: 'read-earlier'}
  | {type: 'read-history'; since: number}
  | {type: 'copy'; text: string}
  | {type: 'seek'; at: number}
  | {type: 'set-speed'; speed: number; playing: boolean}
  | {type: 'suspend'}
  | {type: 'redraw'}
  | {type: 'quit'}
